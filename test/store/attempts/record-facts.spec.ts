import { OUTCOME_RULES, OUTCOMES } from '../../../domain/calls/outcomes.js';
import type { CallFact } from '../../../domain/calls/call-fact.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { matchStrays } from '../../../store/attempts/settle-attempts.js';
import { deferCall, refuseCall, releaseCall } from '../../../store/calls/answer-call.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  acceptCall,
  claimOne,
  readAttempt,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';
import { fact, started } from '../support/facts.js';

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

const tell = (facts: CallFact[]) => recordFacts(test.db.pool, workspace.providerAccountId, facts);
const states = () => recipientStates(test.db, batchId);
const release = ({ claimKey, dialToken }: { claimKey: string; dialToken: string }) =>
  releaseCall(test.db.pool, { workspaceId: workspace.workspaceId, claimKey, dialToken, why: 'budget' });
const twoLiveCalls = (attemptId: string) =>
  test.db.prisma.auditEvent.count({ where: { attemptId, action: 'two live calls' } });

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
      const facts: Record<string, CallFact> = {
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
    await test.db.pool.query('UPDATE phone_numbers SET backoff_ms = 0, call_ceiling = NULL');
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

it('keeps a call whose id the provider has given to another attempt too, and says so', async () => {
  await test.db.pool.query(`SELECT insert_recipients($1, NULL, '[{"phone": "+12025559999"}]')`, [batchId]);
  const [first, second] = [await claimOne(test.db, workspace, batchId), await claimOne(test.db, workspace, batchId)];
  await acceptCall(test.db.pool, first.id, 'call-1');
  expect(await acceptCall(test.db.pool, second.id, 'call-1')).toBe('IN_PROGRESS');
  expect(
    await test.db.prisma.auditEvent.count({ where: { attemptId: second.id, action: 'call of another attempt' } }),
  ).toBe(1);
});

it('takes an end by our reference although the provider gave its call id to another attempt', async () => {
  await test.db.pool.query(`SELECT insert_recipients($1, NULL, '[{"phone": "+12025559999"}]')`, [batchId]);
  const [first, second] = [await claimOne(test.db, workspace, batchId), await claimOne(test.db, workspace, batchId)];
  await acceptCall(test.db.pool, first.id, 'call-1');
  await tell([fact(second.id, { outcome: 'BUSY', callId: 'call-1' })]);
  expect(await readAttempt(test.db, second.id)).toMatchObject({
    state: 'ENDED',
    outcome: 'BUSY',
    providerCallId: null,
  });
});

it('lets an end that is told outrank a refusal', async () => {
  const call = await claimOne(test.db, workspace, batchId);
  await refuseCall(test.db.pool, {
    attemptId: call.id,
    dialToken: call.dialToken,
    outcome: 'INVALID_NUMBER',
    endReason: '422',
  });
  await tell([fact(call.id)]);
  expect(await states()).toEqual(['COMPLETED']);
});

function permutations<T>(items: T[]): T[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
