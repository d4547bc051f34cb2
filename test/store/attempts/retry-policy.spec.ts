import type { Outcome } from '../../../domain/calls/outcomes.js';
import type { CallFact } from '../../../domain/calls/call-fact.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { doChunkWork } from '../../../store/batches/sweep-rows.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { acceptCall, claim, claimOne, lane, readAttempt, seedWorkspace, type Workspace } from '../../support/seed.js';
import { cancelBatch } from '../support/cancel-batch.js';
import { fact } from '../support/facts.js';
import { seedOpenBatch, standStill, type StandingClock } from '../support/standing-clock.js';

let test: TestDatabase;
let clock: StandingClock;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await standStill(test.db);
});
beforeEach(async () => {
  await clock.pass(3_600_000);
  workspace = await seedWorkspace(test.db, { callLengthMaxMs: 60_000 });
  batchId = await seedOpenBatch(test.db, workspace, clock);
});
afterAll(() => test.drop());

type Policy = {
  maxAttempts: number;
  outcomes: Record<string, { attempts: number; delayMs: number }>;
  notAfter?: string;
};

const setPolicy = ({ maxAttempts, ...policy }: Policy) =>
  test.db.pool.query('UPDATE batches SET max_attempts = $2, retry_policy = $3 WHERE id = $1', [
    batchId,
    maxAttempts,
    JSON.stringify(policy),
  ]);
const recipient = async () => (await test.db.prisma.recipientState.findMany({ where: { batchId } }))[0]!;
const tell = (attemptId: string, outcome: Outcome, overrides: Partial<CallFact> = {}) => {
  const occurredAt = new Date(clock.nowMs());
  const told = { callId: `call of ${attemptId}`, occurredAt, outcome, endReason: 'as told', ...overrides };
  return recordFacts(test.db.pool, workspace.providerAccountId, [fact(attemptId, told)]);
};
const nextAnswer = async () => (await claim(test.db, workspace, [lane(batchId)]))[0];

describe('the retry policy', () => {
  it('puts a recipient back after the delay of its outcome, until its attempts are spent', async () => {
    await setPolicy({ maxAttempts: 3, outcomes: { BUSY: { attempts: 3, delayMs: 600_000 } } });
    for (const attempt of [1, 2]) {
      const call = await claimOne(test.db, workspace, batchId);
      await tell(call.id, 'BUSY');
      expect(await recipient()).toMatchObject({
        state: 'WAITING',
        waitReason: 'RETRY',
        lastOutcome: 'BUSY',
        attemptsSpent: attempt,
      });
      expect(await nextAnswer()).toMatchObject({ verdict: 'END', reason: 'NOT_DUE' });
      await clock.pass(600_000);
    }
    const last = await claimOne(test.db, workspace, batchId);
    await tell(last.id, 'BUSY');
    expect(await recipient()).toMatchObject({
      state: 'NO_ANSWER',
      waitReason: null,
      attemptsSpent: 3,
      attemptCount: 3,
    });
  });

  it.each<[string, Policy, Outcome]>([
    ['the outcome is not in it', { maxAttempts: 3, outcomes: { BUSY: { attempts: 3, delayMs: 0 } } }, 'NO_ANSWER'],
    [
      'the number is invalid',
      { maxAttempts: 3, outcomes: { INVALID_NUMBER: { attempts: 3, delayMs: 0 } } },
      'INVALID_NUMBER',
    ],
    ['the outcome has fewer attempts', { maxAttempts: 3, outcomes: { BUSY: { attempts: 1, delayMs: 0 } } }, 'BUSY'],
    ['the batch has fewer attempts', { maxAttempts: 1, outcomes: { BUSY: { attempts: 3, delayMs: 0 } } }, 'BUSY'],
    [
      'it would come after the policy ends',
      { maxAttempts: 3, outcomes: { BUSY: { attempts: 3, delayMs: 60_000 } }, notAfter: '2026-01-01T00:00:00Z' },
      'BUSY',
    ],
  ])('does not call again when %s', async (_when, policy, outcome) => {
    await setPolicy(policy);
    const call = await claimOne(test.db, workspace, batchId);
    await tell(call.id, outcome);
    expect((await recipient()).state).not.toBe('WAITING');
  });

  it("does not call again after the recipient's own not after", async () => {
    await setPolicy({ maxAttempts: 2, outcomes: { BUSY: { attempts: 2, delayMs: 3_600_000 } } });
    await test.db.pool.query('UPDATE recipient_states SET not_after = to_timestamp($2) WHERE batch_id = $1', [
      batchId,
      clock.nowMs() / 1000 + 1_800,
    ]);
    await tell((await claimOne(test.db, workspace, batchId)).id, 'BUSY');
    expect((await recipient()).state).toBe('NO_ANSWER');
  });

  it('leaves 10 seconds for a correction, whatever the delay', async () => {
    await setPolicy({ maxAttempts: 2, outcomes: { BUSY: { attempts: 2, delayMs: 0 } } });
    await tell((await claimOne(test.db, workspace, batchId)).id, 'BUSY');
    await clock.pass(9_999);
    expect(await nextAnswer()).toMatchObject({ reason: 'NOT_DUE' });
    await clock.pass(1);
    expect((await nextAnswer())?.verdict).toBe('CLAIMED');
  });

  it('is withdrawn by a fact that says that the call was answered after all', async () => {
    await setPolicy({ maxAttempts: 2, outcomes: { NO_ANSWER: { attempts: 2, delayMs: 60_000 } } });
    const call = await claimOne(test.db, workspace, batchId);
    await tell(call.id, 'NO_ANSWER');
    await tell(call.id, 'ANSWERED');
    expect(await recipient()).toMatchObject({ state: 'COMPLETED', lastOutcome: 'ANSWERED', attemptsSpent: 1 });
    expect(await readAttempt(test.db, call.id)).toMatchObject({ outcome: 'ANSWERED' });
  });

  it('leaves a retry that is being dialled alone when a late fact corrects the attempt before', async () => {
    await setPolicy({ maxAttempts: 2, outcomes: { NO_ANSWER: { attempts: 2, delayMs: 0 } } });
    const first = await claimOne(test.db, workspace, batchId);
    await tell(first.id, 'NO_ANSWER');
    await clock.pass(10_000);
    const second = await claimOne(test.db, workspace, batchId);
    await tell(first.id, 'ANSWERED');
    expect(await recipient()).toMatchObject({ state: 'IN_PROGRESS', lastAttemptId: second.id });
    expect(await readAttempt(test.db, first.id)).toMatchObject({ outcome: 'ANSWERED' });
  });

  it('takes the same end whatever the order in which two ends are told', async () => {
    const told = [];
    for (const order of [
      ['BUSY', 'ANSWERED'],
      ['ANSWERED', 'BUSY'],
    ] as const) {
      batchId = await seedOpenBatch(test.db, workspace, clock);
      const call = await claimOne(test.db, workspace, batchId);
      for (const outcome of order) await tell(call.id, outcome);
      told.push((await readAttempt(test.db, call.id)).outcome);
    }
    expect(told).toEqual(['ANSWERED', 'ANSWERED']);
  });

  it('takes nobody back in a batch that was cancelled while the call was live', async () => {
    await setPolicy({ maxAttempts: 3, outcomes: { BUSY: { attempts: 3, delayMs: 0 } } });
    const call = await claimOne(test.db, workspace, batchId);
    await cancelBatch(test.db, workspace, batchId);
    await tell(call.id, 'BUSY');
    expect((await recipient()).state).toBe('NO_ANSWER');
  });

  it('leaves nobody waiting in a cancelled batch when an end that would be retried is told at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      batchId = await seedOpenBatch(test.db, workspace, clock);
      await setPolicy({ maxAttempts: 3, outcomes: { BUSY: { attempts: 3, delayMs: 0 } } });
      const call = await claimOne(test.db, workspace, batchId);
      await Promise.all([tell(call.id, 'BUSY'), cancelBatch(test.db, workspace, batchId)]);
      for (let more = true; more;) more = await doChunkWork(test.db.pool, batchId);
      expect((await recipient()).state).not.toBe('WAITING');
    }
  });
});

describe('what the provider cannot take, told by an event', () => {
  it('no capacity: nothing is spent, the number backs off, and the recipient waits', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    await tell(call.id, 'PROVIDER_ERROR', { callId: 'call-1', deferral: 'capacity' });
    expect(await recipient()).toMatchObject({ state: 'WAITING', waitReason: 'PROVIDER_REFUSED', attemptsSpent: 0 });
    expect(await nextAnswer()).toMatchObject({ reason: 'NUMBER_BACKOFF' });
    await tell(call.id, 'PROVIDER_ERROR', { callId: 'call-1', deferral: 'capacity' });
    await acceptCall(test.db.pool, call.id, 'call-1');
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'ENDED',
      slotHeld: false,
      deferral: 'capacity',
    });
  });

  it.each(['payment', 'permission'] as const)(
    '%s: the batch pauses with what to do, and nobody is lost',
    async (deferral) => {
      const call = await claimOne(test.db, workspace, batchId);
      await tell(call.id, 'PROVIDER_ERROR', { deferral });
      const batch = await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } });
      expect(batch).toMatchObject({ status: 'PAUSED', statusReason: expect.stringContaining('then resume') });
      expect(await recipient()).toMatchObject({ state: 'WAITING', attemptsSpent: 0 });
    },
  );
});

describe('the success criterion', () => {
  const successOf = async (criterion: object | null, durationMs: number, analysis: boolean | null) => {
    batchId = await seedOpenBatch(test.db, workspace, clock);
    await test.db.pool.query('UPDATE batches SET success_criterion = $2 WHERE id = $1', [
      batchId,
      criterion && JSON.stringify(criterion),
    ]);
    const call = await claimOne(test.db, workspace, batchId);
    await tell(call.id, 'ANSWERED', { durationMs });
    if (analysis !== null) await tell(call.id, 'ANSWERED', { kind: 'ANALYZED', outcome: null, successful: analysis });
    return (await readAttempt(test.db, call.id)).successful;
  };

  it("is the provider's analysis, when it comes", async () => {
    expect(await successOf(null, 1_000, true)).toBe(true);
    expect(await successOf(null, 90_000, false)).toBe(false);
    expect(await successOf(null, 90_000, null)).toBeNull();
  });

  it('or a minimum duration, whatever the analysis says', async () => {
    expect(await successOf({ minimumDurationMs: 30_000 }, 30_000, false)).toBe(true);
    expect(await successOf({ minimumDurationMs: 30_000 }, 29_999, true)).toBe(false);
  });
});
