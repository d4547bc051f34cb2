import type { CallFact } from '../../../domain/calls/call-fact.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { matchStrays } from '../../../store/attempts/settle-attempts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  claimOne,
  readAttempt,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';
import { fact } from '../support/facts.js';

const KEPT_MAX = 8;
const AT_MS = Date.UTC(2026, 5, 1, 9);

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

const tell = (facts: CallFact[]) => recordFacts(test.db.pool, workspace.providerAccountId, facts);
const claimed = async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
  await test.db.pool.query('UPDATE attempts SET phone_key = id::text'); // so that one number may be called in every batch
  await test.db.pool.query('UPDATE phone_numbers SET backoff_ms = 0');
  return { batchId, id: (await claimOne(test.db, workspace, batchId)).id };
};
const at = (seconds: number) => new Date(AT_MS + seconds * 1_000);

type End = Partial<CallFact>;
const BUSY: End = { outcome: 'BUSY', endReason: 'busy', durationMs: null, occurredAt: at(10) };
const NO_ANSWER: End = { outcome: 'NO_ANSWER', endReason: 'no answer', durationMs: null, occurredAt: at(5) };
const ANSWERED: End = { outcome: 'ANSWERED', endReason: 'hung up', durationMs: 9_000, occurredAt: at(20) };
const ANSWERED_LATER: End = { ...ANSWERED, occurredAt: at(30), durationMs: 19_000 };
const ANSWERED_UNMEASURED: End = { ...ANSWERED, durationMs: null };
const NO_ROOM: End = {
  outcome: 'PROVIDER_ERROR',
  endReason: 'full',
  durationMs: null,
  occurredAt: at(1),
  deferral: 'capacity',
};

const NO_PAYMENT: End = { ...NO_ROOM, endReason: 'no payment', occurredAt: at(2), deferral: 'payment' };
const NO_PERMISSION: End = { ...NO_ROOM, endReason: 'forbidden', occurredAt: at(3), deferral: 'permission' };

describe('ends that put a call off', () => {
  it.each<[string, End[], End]>([
    ['one that pauses the batch wins over one that does not', [NO_ROOM, NO_PAYMENT], NO_PAYMENT],
    ['of two others the earlier wins', [NO_PERMISSION, NO_PAYMENT], NO_PAYMENT],
    ['a call that was made wins, and the batch pauses', [NO_PAYMENT, BUSY], BUSY],
    ['an answered call wins, and the batch pauses', [NO_PERMISSION, ANSWERED, NO_ROOM], ANSWERED],
  ])('are the same in every order: %s', async (_rule, ends, winner) => {
    const seen: object[] = [];
    for (const order of permutations(ends)) {
      const { id, batchId } = await claimed();
      const facts = new Map(ends.map((end) => [end, fact(id, { callId: `call of ${id}`, ...end })]));
      for (const end of [...order, ...order]) await tell([facts.get(end)!]);
      const { outcome, endReason, deferral, spendsAttempt } = await readAttempt(test.db, id);
      expect({ outcome, endReason }).toEqual({ outcome: winner.outcome, endReason: winner.endReason });
      const batch = await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } });
      const [recipient] = await test.db.prisma.recipientState.findMany({ where: { batchId } });
      seen.push({
        deferral,
        spendsAttempt,
        status: batch.status,
        state: recipient?.state,
        error: recipient?.lastError,
      });
    }
    expect(seen).toEqual(seen.map(() => seen[0]));
    expect(seen[0]).toMatchObject({ status: 'PAUSED' });
  });

  it('pause the batch once: not again when they, or others of the same call, are told after a resume', async () => {
    const { id, batchId } = await claimed();
    await tell([fact(id, NO_PAYMENT)]);
    await test.db.pool.query(`UPDATE batches SET status = 'RUNNING' WHERE id = $1`, [batchId]);
    await tell([fact(id, NO_PAYMENT), fact(id, NO_ROOM), fact(id, { ...NO_PAYMENT, occurredAt: at(9) })]);
    expect((await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).status).toBe('RUNNING');
  });
});

describe('ends that contradict each other', () => {
  it.each<[string, End[], End]>([
    ['answered wins over all others', [BUSY, NO_ANSWER, ANSWERED], ANSWERED],
    ['of two others the earlier wins', [BUSY, NO_ANSWER], NO_ANSWER],
    ['of two answered ones the earlier wins', [ANSWERED, ANSWERED_LATER, BUSY], ANSWERED],
    ['of two that differ in nothing else the one that tells more wins', [ANSWERED_UNMEASURED, ANSWERED], ANSWERED],
    ['a call that was made wins over one that was put off', [NO_ROOM, BUSY, NO_ANSWER], NO_ANSWER],
  ])('are the same in every order: %s', async (_rule, ends, winner) => {
    for (const order of permutations(ends)) {
      const { id, batchId } = await claimed();
      const facts = new Map(ends.map((end) => [end, fact(id, { callId: `call of ${id}`, ...end })]));
      for (const end of [...order, ...order]) await tell([facts.get(end)!]);
      const { outcome, endReason, durationMs, endedAt, slotHeld, spendsAttempt } = await readAttempt(test.db, id);
      expect({ outcome, endReason, durationMs, occurredAt: endedAt }).toEqual(winner);
      expect([slotHeld, spendsAttempt]).toEqual([false, true]);
      expect(await recipientStates(test.db, batchId)).toEqual([winner === ANSWERED ? 'COMPLETED' : 'NO_ANSWER']);
    }
  });

  it('move an automatic retry only when they change the outcome', async () => {
    const { id, batchId } = await claimed();
    await test.db.pool.query(
      `UPDATE batches SET max_attempts = 3, retry_policy = '{"outcomes": {"BUSY": {"attempts": 3, "delayMs": 600000}}}' WHERE id = $1`,
      [batchId],
    );
    const due = async () => (await test.db.prisma.recipientState.findMany({ where: { batchId } }))[0]!.dueAt;
    await tell([fact(id, BUSY)]);
    const first = await due();
    await tell([fact(id, { ...BUSY, occurredAt: at(9) })]);
    expect(await due()).toEqual(first);
    expect((await readAttempt(test.db, id)).endedAt).toEqual(at(9));
  });
});

describe('analyses that contradict each other', () => {
  const analysis = (id: string, successful: boolean | null, occurredAt: Date) =>
    fact(id, { kind: 'ANALYZED', outcome: null, endReason: null, durationMs: null, successful, occurredAt });

  it('the later one counts, whatever the order, and one without a verdict never', async () => {
    for (const order of permutations([0, 1, 2])) {
      const { id } = await claimed();
      const facts = [analysis(id, false, at(1)), analysis(id, true, at(2)), analysis(id, null, at(3))];
      for (const index of order) await tell([facts[index]!]);
      expect((await readAttempt(test.db, id)).successful).toBe(true);
    }
  });

  it.each([true, false])('of the same time the last one counts, also when they come together: %s', async (last) => {
    const { id } = await claimed();
    const facts = [analysis(id, !last, at(1)), analysis(id, last, at(1))];
    await tell(facts);
    expect((await readAttempt(test.db, id)).successful).toBe(last);
    await tell(facts);
    expect((await readAttempt(test.db, id)).successful).toBe(last);
  });
});

describe('what one call may be told', () => {
  const stored = (where: object) => test.db.prisma.callEvent.count({ where });

  it.each(['STARTED', 'ENDED', 'ANALYZED'] as const)('is bounded: different facts of the kind %s', async (kind) => {
    const { id } = await claimed();
    const facts = Array.from({ length: 20 }, (_, second) => fact(id, { ...BUSY, kind, occurredAt: at(second) }));
    await tell(facts.slice(0, 15));
    for (const told of facts.slice(15)) await tell([told]);
    expect(await stored({ attemptId: id, kind })).toBe(KEPT_MAX);
    expect(await tell(facts)).toBe(0);
  });

  it('is bounded however many calls the provider makes of it, and while nobody knows whose they are', async () => {
    const { id } = await claimed();
    for (let call = 0; call < 12; call++) await tell([fact(id, { ...BUSY, callId: `call ${call}` })]);
    expect(await stored({ attemptId: id })).toBe(KEPT_MAX);
    await claimed(); // whose call that could be
    for (let second = 0; second < 12; second++)
      await tell([fact(null, { ...BUSY, callId: 'stray', occurredAt: at(second) })]);
    expect(await stored({ attemptId: null, providerCallId: 'stray' })).toBe(KEPT_MAX);
  });

  it('always includes that it was answered', async () => {
    const { id, batchId } = await claimed();
    for (let second = 0; second < 12; second++) await tell([fact(id, { ...BUSY, occurredAt: at(second) })]);
    await tell([fact(id, ANSWERED)]);
    expect((await readAttempt(test.db, id)).outcome).toBe('ANSWERED');
    expect(await recipientStates(test.db, batchId)).toEqual(['COMPLETED']);
  });

  it('counts a fact that is told again once', async () => {
    const { id } = await claimed();
    const once = fact(id, BUSY);
    expect(await tell([...Array<CallFact>(20).fill(once), fact(id, NO_ANSWER)])).toBe(2);
    expect(await matchStrays(test.db.pool)).toBe(0);
  });
});

function permutations<T>(items: T[]): T[][] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
