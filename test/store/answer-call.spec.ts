import { randomUUID } from 'node:crypto';
import { publicId } from '../../domain/ids.js';
import { OUTCOME_RULES, OUTCOMES } from '../../domain/calls/outcomes.js';
import { deferCall, doubtCall, refuseCall, releaseCall } from '../../store/calls/answer-call.js';
import type { ClaimedCall } from '../../store/calls/claim-calls.js';
import { recordFacts, type FactToRecord } from '../../store/attempts/record-facts.js';
import { matchStrays, noteAbsent, takeUnsettled } from '../../store/attempts/settle-attempts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  acceptCall,
  claim,
  claimOne,
  lane,
  readAttempt,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
  batchId = await seedBatch(test.db, workspace, { recipients: 1 });
});
afterAll(() => test.drop());

const fact = (attemptId: string | null, overrides: Partial<FactToRecord> = {}): FactToRecord => ({
  eventKey: randomUUID(),
  kind: 'ENDED',
  callId: 'call-1',
  reference: attemptId && publicId('attempt', attemptId),
  occurredAt: new Date(),
  outcome: 'ANSWERED',
  endReason: 'user_hangup',
  durationMs: 12_000,
  successful: null,
  details: {},
  ...overrides,
});
const started = (attemptId: string | null): FactToRecord =>
  fact(attemptId, { kind: 'STARTED', outcome: null, endReason: null, durationMs: null });
const tell = (facts: FactToRecord[]) => recordFacts(test.db.pool, workspace.providerAccountId, facts);
const later = (column: string, attemptId: string) =>
  test.db.pool.query(`UPDATE attempts SET ${column} = dialwright_now() - interval '1 ms' WHERE id = $1`, [attemptId]);
const states = () => recipientStates(test.db, batchId);
const release = ({ claimKey, dialToken }: { claimKey: string; dialToken: string }) =>
  releaseCall(test.db.pool, { workspaceId: workspace.workspaceId, claimKey, dialToken, why: 'budget' });
const twoLiveCalls = (attemptId: string) =>
  test.db.prisma.auditEvent.count({ where: { attemptId, action: 'two live calls' } });

describe('the answer to a call request', () => {
  it('accepted: the attempt is in progress and keeps its slot; saying it again changes nothing', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(await acceptCall(test.db.pool, call.id, 'call-1')).toBe('IN_PROGRESS');
    const before = await readAttempt(test.db, call.id);
    expect(before).toMatchObject({ state: 'IN_PROGRESS', providerCallId: 'call-1', slotHeld: true });
    expect(await acceptCall(test.db.pool, call.id, 'call-1')).toBe('IN_PROGRESS');
    expect(await readAttempt(test.db, call.id)).toEqual(before);
  });

  it('refused: the attempt ends with its outcome and frees its slot, for the holder of the dial token only', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    const refusal = {
      attemptId: call.id,
      dialToken: call.dialToken,
      outcome: 'INVALID_NUMBER' as const,
      endReason: 'invalid_destination',
    };
    expect(await refuseCall(test.db.pool, { ...refusal, dialToken: randomUUID() })).toBe(false);
    expect(await states()).toEqual(['IN_PROGRESS']);
    expect(await refuseCall(test.db.pool, refusal)).toBe(true);
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'ENDED',
      outcome: 'INVALID_NUMBER',
      slotHeld: false,
    });
    expect(await states()).toEqual(['FAILED']);
  });

  it('no capacity: nothing is spent and the recipient waits before it is called again', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(
      await deferCall(test.db.pool, {
        attemptId: call.id,
        dialToken: call.dialToken,
        deferral: 'capacity',
        endReason: '429',
        retryAfterMs: 60_000,
      }),
    ).toBe(true);
    const [row] = await test.db.prisma.recipientState.findMany({ where: { batchId } });
    expect(row).toMatchObject({ state: 'WAITING', attemptsSpent: 0, attemptCount: 1, waitReason: 'PROVIDER_REFUSED' });
    const [answer] = await claim(test.db, workspace, [lane(batchId)]);
    expect(answer).toMatchObject({ verdict: 'WAIT', reason: 'NUMBER_BACKOFF' });
  });

  it.each([
    ['', async () => {}],
    [
      ', also when it is in doubt because its deadline has passed',
      (call: ClaimedCall) => doubtCall(test.db.pool, call.id, call.dialToken, 'no answer before the dial deadline'),
    ],
  ])('not sent: the slot is free, the recipient waits, and nothing is spent%s', async (_when, happen) => {
    const call = await claimOne(test.db, workspace, batchId);
    await happen(call);
    expect(await release({ ...call, dialToken: randomUUID() })).toBe(false);
    expect(await release(call)).toBe(true);
    expect(await release(call)).toBe(false);
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'RELEASED',
      slotHeld: false,
      spendsAttempt: false,
    });
    expect(await states()).toEqual(['WAITING']);
  });

  it('not sent, in a batch that was cancelled meanwhile: the recipient is cancelled, not put back', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await test.db.pool.query(`UPDATE batches SET status = 'CANCELLED' WHERE id = $1`, [batchId]);
    await release(call);
    expect(await states()).toEqual(['CANCELLED']);
  });

  it('unknown: the attempt is uncertain, holds its slot, and its recipient is not called again', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(await doubtCall(test.db.pool, call.id, call.dialToken, 'timeout')).toBe(true);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: true });
    const [answer] = await claim(test.db, workspace, [lane(batchId)]);
    expect(answer).toMatchObject({ verdict: 'WAIT', reason: 'CALLS_IN_PROGRESS' });
  });
});

describe('what providers tell', () => {
  it.each([...OUTCOMES])('ends an attempt as %s and its recipient by the outcome table', async (outcome) => {
    const call = await claimOne(test.db, workspace, batchId);
    await tell([fact(call.id, { outcome })]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'ENDED', outcome, slotHeld: false });
    expect(await states()).toEqual([OUTCOME_RULES[outcome].recipient]);
  });

  it('ends in the same state whatever the order of answer, start, end and analysis, each told twice', async () => {
    const finals = new Set<string>();
    for (const order of permutations(['answer', 'started', 'ended', 'analyzed'])) {
      batchId = await seedBatch(test.db, workspace, { recipients: 1 });
      const call = await claimOne(test.db, workspace, batchId);
      const callId = `call-${batchId}`;
      const facts: Record<string, FactToRecord> = {
        started: { ...started(call.id), callId },
        ended: fact(call.id, { callId }),
        analyzed: fact(call.id, {
          callId,
          kind: 'ANALYZED',
          outcome: null,
          durationMs: null,
          endReason: null,
          successful: true,
        }),
      };
      for (const step of [...order, ...order]) {
        if (step === 'answer') await acceptCall(test.db.pool, call.id, callId);
        else await tell([facts[step]!]);
      }
      const { state, outcome, slotHeld, successful, durationMs, providerCallId } = await readAttempt(test.db, call.id);
      finals.add(
        JSON.stringify([state, outcome, slotHeld, successful, durationMs, providerCallId === callId, await states()]),
      );
    }
    expect([...finals]).toEqual([JSON.stringify(['ENDED', 'ANSWERED', false, true, 12_000, true, ['COMPLETED']])]);
  });

  it('stores a fact once, and counts only new ones', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    const once = started(call.id);
    expect(await tell([once, once])).toBe(1);
    expect(await tell([once])).toBe(0);
  });

  it('keeps a fact without our reference until the answer tells whose it is', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await tell([fact(null)]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'DIALING' });
    expect(await acceptCall(test.db.pool, call.id, 'call-1')).toBe('ENDED');
    expect(await states()).toEqual(['COMPLETED']);
  });

  it('matches a fact that slipped past the answer, later', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await tell([fact(null, { callId: 'call-stray' })]);
    await test.db.pool.query(
      `UPDATE attempts SET state = 'IN_PROGRESS', provider_call_id = 'call-stray' WHERE id = $1`,
      [call.id],
    );
    expect(await matchStrays(test.db.pool)).toBe(1);
    expect(await states()).toEqual(['COMPLETED']);
  });

  it('does not believe another account that names our attempt', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    const stranger = await seedWorkspace(test.db);
    await recordFacts(test.db.pool, stranger.providerAccountId, [fact(call.id)]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'DIALING' });
  });

  it('takes slot and recipient back when a call shows up that was released', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await release(call);
    await tell([started(call.id)]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'IN_PROGRESS',
      slotHeld: true,
      displaced: false,
    });
    expect(await states()).toEqual(['IN_PROGRESS']);
  });

  it('does not take back a call of which something was told', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    expect(await release(call)).toBe(false);
    expect(await states()).toEqual(['IN_PROGRESS']);
  });

  it('lets both calls stand when a newer one is live, marks the older as displaced, and records it', async () => {
    const older = await claimOne(test.db, workspace, batchId);
    await release(older);
    const newer = await claimOne(test.db, workspace, batchId);
    await tell([started(older.id)]);
    expect(await readAttempt(test.db, older.id)).toMatchObject({
      state: 'IN_PROGRESS',
      slotHeld: true,
      displaced: true,
    });
    expect(await readAttempt(test.db, newer.id)).toMatchObject({ state: 'DIALING', slotHeld: true, displaced: false });
    expect(await twoLiveCalls(older.id)).toBe(1);
    await tell([fact(older.id)]);
    expect(await states()).toEqual(['IN_PROGRESS']);
    await tell([fact(newer.id, { callId: 'call-2', outcome: 'BUSY' })]);
    expect(await states()).toEqual(['NO_ANSWER']);
  });

  it('records that two calls were live at once also when start and end of the older one are told together', async () => {
    const older = await claimOne(test.db, workspace, batchId);
    await release(older);
    const newer = await claimOne(test.db, workspace, batchId);
    const ended = fact(older.id, { occurredAt: new Date(Date.now() + 1_000) });
    await tell([started(older.id), ended]);
    expect(await readAttempt(test.db, older.id)).toMatchObject({ state: 'ENDED', slotHeld: false });
    expect(await readAttempt(test.db, newer.id)).toMatchObject({ state: 'DIALING', slotHeld: true });
    expect(await twoLiveCalls(older.id)).toBe(1);
  });

  it('takes a call that shows up after a refusal for live, and marks it when the recipient is being called again', async () => {
    const refused = await claimOne(test.db, workspace, batchId);
    await deferCall(test.db.pool, {
      attemptId: refused.id,
      dialToken: refused.dialToken,
      deferral: 'capacity',
      endReason: '429',
      retryAfterMs: null,
    });
    await test.db.pool.query('UPDATE phone_numbers SET backoff_ms = 0');
    const again = await claimOne(test.db, workspace, batchId);
    await tell([started(refused.id)]);
    expect(await readAttempt(test.db, refused.id)).toMatchObject({
      state: 'IN_PROGRESS',
      slotHeld: true,
      displaced: true,
    });
    expect(await readAttempt(test.db, again.id)).toMatchObject({ state: 'DIALING', displaced: false });
    expect(await twoLiveCalls(refused.id)).toBe(1);
  });

  it('takes a late report that the provider had no capacity for no live call', async () => {
    const released = await claimOne(test.db, workspace, batchId);
    await release(released);
    await claimOne(test.db, workspace, batchId);
    const occurredAt = new Date(Date.now() + 1_000);
    await tell([fact(released.id, { occurredAt, outcome: 'PROVIDER_ERROR', deferral: 'capacity' })]);
    expect(await readAttempt(test.db, released.id)).toMatchObject({ state: 'ENDED', deferral: 'capacity' });
    expect(await twoLiveCalls(released.id)).toBe(0);
  });

  it('ends a call whose end has no reason that we know as a provider error', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await tell([fact(call.id, { outcome: null })]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'ENDED', outcome: 'PROVIDER_ERROR' });
  });

  it('records a second call id for one attempt instead of hiding it', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    await acceptCall(test.db.pool, call.id, 'call-2');
    expect(
      await test.db.prisma.auditEvent.count({ where: { attemptId: call.id, action: 'two calls for one attempt' } }),
    ).toBe(1);
  });
});

describe('settling', () => {
  const take = async (mine: string) => {
    const taken = await takeUnsettled(test.db.pool, 100, 1_000);
    return taken.filter(({ attemptId }) => attemptId === mine).map(({ state }) => state);
  };

  it('doubts a dial whose deadline has passed, and gives it to one settler at a time', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(await take(call.id)).toEqual([]);
    await later('settle_at', call.id);
    expect(await take(call.id)).toEqual(['UNCERTAIN']);
    expect(await take(call.id)).toEqual([]);
    expect(await doubtCall(test.db.pool, call.id, call.dialToken, 'late')).toBe(false);
  });

  it('takes two absents a settle delay apart for NOT_PLACED, and one more before the recipient may be called', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'timeout');
    const absent = () => noteAbsent(test.db.pool, call.id, 5_000, 60_000);
    expect(await absent()).toBe('UNCERTAIN');
    expect(await absent()).toBe('UNCERTAIN');
    await test.db.pool.query(`UPDATE attempts SET absent_at = absent_at - interval '5 s' WHERE id = $1`, [call.id]);
    expect(await absent()).toBe('NOT_PLACED');
    expect(await readAttempt(test.db, call.id)).toMatchObject({ slotHeld: false, spendsAttempt: false });
    const [waiting] = await claim(test.db, workspace, [lane(batchId)]);
    expect(waiting).toMatchObject({ verdict: 'WAIT', reason: 'NOT_DUE' });
    await absent();
    expect((await claimOne(test.db, workspace, batchId)).id).not.toBe(call.id);
  });

  it('never calls an attempt absent that has a call id or a fact', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'timeout');
    await noteAbsent(test.db.pool, call.id, 0, 0);
    await tell([started(call.id)]);
    expect(await noteAbsent(test.db.pool, call.id, 0, 0)).toBe('IN_PROGRESS');
    expect(await states()).toEqual(['IN_PROGRESS']);
  });

  it('frees the slot of a call past its hard end and shows its recipient as uncertain, until its end is told', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    await later('hard_end_at', call.id);
    await later('settle_at', call.id);
    expect(await take(call.id)).toEqual([]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: false });
    expect(await states()).toEqual(['UNCERTAIN']);
    await tell([fact(call.id)]);
    expect(await states()).toEqual(['COMPLETED']);
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
