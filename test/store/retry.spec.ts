import { randomUUID } from 'node:crypto';
import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { publicId } from '../../domain/ids.js';
import type { Outcome } from '../../domain/calls/outcomes.js';
import { doubtCall, refuseCall } from '../../store/calls/answer-call.js';
import { changeBatch } from '../../store/batches/change-batch.js';
import { recordFacts, type FactToRecord } from '../../store/attempts/record-facts.js';
import { takeUnsettled } from '../../store/attempts/settle-attempts.js';
import { doChunkWork } from '../../store/batches/sweep-rows.js';
import { bindClock } from '../support/bind-clock.js';
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
let clock: { set(nowMs: number): Promise<void> };
let nowMs = Date.UTC(2026, 5, 1, 9);
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await bindClock(test.db, { stands: true });
});
beforeEach(async () => {
  await passTime(3_600_000);
  workspace = await seedWorkspace(test.db, { callLengthMaxMs: 60_000 });
  batchId = await seed();
});
afterAll(() => test.drop());

async function passTime(ms: number): Promise<void> {
  nowMs += ms;
  await clock.set(nowMs);
}

async function seed(): Promise<string> {
  return seedBatch(test.db, workspace, {
    recipients: 1,
    opening: { opensInMs: -60_000, closesInMs: 7 * 86_400_000 },
    startAt: new Date(nowMs - 1_000),
  });
}

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
const tell = (attemptId: string, outcome: Outcome, overrides: Partial<FactToRecord> = {}) =>
  recordFacts(test.db.pool, workspace.providerAccountId, [
    {
      eventKey: randomUUID(),
      kind: 'ENDED',
      callId: `call of ${attemptId}`,
      reference: publicId('attempt', attemptId),
      occurredAt: new Date(nowMs),
      outcome,
      endReason: 'as told',
      durationMs: 12_000,
      successful: null,
      details: {},
      ...overrides,
    },
  ]);
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
      await passTime(600_000);
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
      nowMs / 1000 + 1_800,
    ]);
    await tell((await claimOne(test.db, workspace, batchId)).id, 'BUSY');
    expect((await recipient()).state).toBe('NO_ANSWER');
  });

  it('leaves 10 seconds for a correction, whatever the delay', async () => {
    await setPolicy({ maxAttempts: 2, outcomes: { BUSY: { attempts: 2, delayMs: 0 } } });
    await tell((await claimOne(test.db, workspace, batchId)).id, 'BUSY');
    await passTime(9_999);
    expect(await nextAnswer()).toMatchObject({ reason: 'NOT_DUE' });
    await passTime(1);
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
    await passTime(10_000);
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
      batchId = await seed();
      const call = await claimOne(test.db, workspace, batchId);
      for (const outcome of order) await tell(call.id, outcome);
      told.push((await readAttempt(test.db, call.id)).outcome);
    }
    expect(told).toEqual(['ANSWERED', 'ANSWERED']);
  });

  it('takes nobody back in a batch that was cancelled while the call was live', async () => {
    await setPolicy({ maxAttempts: 3, outcomes: { BUSY: { attempts: 3, delayMs: 0 } } });
    const call = await claimOne(test.db, workspace, batchId);
    await cancel();
    await tell(call.id, 'BUSY');
    expect((await recipient()).state).toBe('NO_ANSWER');
  });

  it('leaves nobody waiting in a cancelled batch when an end that would be retried is told at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      batchId = await seed();
      await setPolicy({ maxAttempts: 3, outcomes: { BUSY: { attempts: 3, delayMs: 0 } } });
      const call = await claimOne(test.db, workspace, batchId);
      await Promise.all([tell(call.id, 'BUSY'), cancel()]);
      for (let more = true; more;) more = await doChunkWork(test.db.pool, batchId);
      expect((await recipient()).state).not.toBe('WAITING');
    }
  });
});

async function cancel(patch: { hangUp?: boolean } = {}): Promise<void> {
  const { workspaceId } = workspace;
  await changeBatch(test.db.pool, {
    workspaceId,
    batchId,
    action: 'cancel',
    from: ALLOWED_WHEN.cancel,
    actor: 'test',
    commandId: null,
    patch,
  });
}

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
    batchId = await seed();
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

describe('hanging up', () => {
  const due = async () => (await takeUnsettled(test.db.pool, 10, 1_000)).filter((attempt) => attempt.hangUpCallId);

  it('gives the settler the live calls of a batch that is cancelled with hangUp, and those that are accepted later', async () => {
    await test.db.pool.query(`SELECT insert_recipients($1, NULL, '[{"phone": "+12025559999"}]')`, [batchId]);
    const live = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, live.id, 'call-1');
    const dialing = await claimOne(test.db, workspace, batchId);
    await cancel({ hangUp: true });
    for (let more = true; more;) more = await doChunkWork(test.db.pool, batchId);
    expect(await due()).toMatchObject([{ attemptId: live.id, hangUpCallId: 'call-1' }]);
    await acceptCall(test.db.pool, dialing.id, 'call-2');
    expect(await due()).toMatchObject([{ attemptId: dialing.id, hangUpCallId: 'call-2' }]);
  });

  it('is asked again until the call has ended', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    await test.db.pool.query('SELECT request_hang_up($1, $2, $3)', [workspace.workspaceId, call.id, 'test']);
    expect(await due()).toHaveLength(1);
    expect(await due()).toHaveLength(0);
    await passTime(1_100);
    expect(await due()).toHaveLength(1);
    await tell(call.id, 'CANCELLED', { callId: 'call-1' });
    await passTime(1_100);
    expect(await due()).toHaveLength(0);
    expect((await recipient()).state).toBe('CANCELLED');
  });
});

describe("an operator's verdict", () => {
  const give = async (attemptId: string, verdict: string, outcome: string | null = null) => {
    const { rows } = await test.db.pool.query('SELECT * FROM give_verdict($1, $2, $3, $4, $5, NULL)', [
      workspace.workspaceId,
      attemptId,
      verdict,
      outcome,
      'test',
    ]);
    return rows[0];
  };
  const uncertain = async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
    return call;
  };

  it.each([
    ['CALLED', 'ANSWERED', 'COMPLETED'],
    ['CALLED', 'BUSY', 'NO_ANSWER'],
    ['GIVE_UP', null, 'UNCERTAIN'],
  ])('%s as %s settles the recipient as %s and keeps the slot until the hard end', async (verdict, outcome, state) => {
    const call = await uncertain();
    expect(await give(call.id, verdict, outcome)).toMatchObject({ result: 'GIVEN', state: 'ENDED' });
    expect((await recipient()).state).toBe(state);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ byVerdict: true, slotHeld: true });
    await passTime(10 * 60_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'ENDED', slotHeld: false, settleAt: null });
  });

  it('NOT_CALLED calls the recipient again, but not while the slot of the first call is held', async () => {
    const call = await uncertain();
    expect(await give(call.id, 'NOT_CALLED')).toMatchObject({ result: 'GIVEN', state: 'NOT_PLACED' });
    expect(await recipient()).toMatchObject({ state: 'WAITING', attemptsSpent: 0 });
    expect((await nextAnswer())?.verdict).toBe('END');
    await passTime(10 * 60_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    expect((await nextAnswer())?.verdict).toBe('CLAIMED');
  });

  it('is refused for an attempt that is not uncertain, and for that of another workspace', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(await give(call.id, 'GIVE_UP')).toMatchObject({ result: 'NOT_UNCERTAIN', state: 'DIALING' });
    workspace = { ...workspace, workspaceId: (await seedWorkspace(test.db)).workspaceId };
    expect(await give(call.id, 'GIVE_UP')).toMatchObject({ result: 'NOT_FOUND' });
  });

  it.each(['NOT_CALLED', 'GIVE_UP', 'CALLED'])('%s is corrected by later evidence', async (verdict) => {
    const call = await uncertain();
    await give(call.id, verdict, verdict === 'CALLED' ? 'BUSY' : null);
    await tell(call.id, 'ANSWERED');
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'ENDED',
      outcome: 'ANSWERED',
      byVerdict: false,
      slotHeld: false,
    });
    expect(await recipient()).toMatchObject({ state: 'COMPLETED', attemptsSpent: 1 });
  });
});

describe('a live call of which nothing is heard', () => {
  it('is looked up as often as its account says, until its hard end', async () => {
    await test.db.pool.query('UPDATE provider_accounts SET poll_interval_ms = 30000 WHERE id = $1', [
      workspace.providerAccountId,
    ]);
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    expect(await takeUnsettled(test.db.pool, 10, 1_000)).toEqual([]);
    for (const _ of [1, 2]) {
      await passTime(30_100);
      expect(await takeUnsettled(test.db.pool, 10, 1_000)).toMatchObject([
        { attemptId: call.id, state: 'IN_PROGRESS', hangUpCallId: null },
      ]);
    }
    await passTime(10 * 60_000);
    expect(await takeUnsettled(test.db.pool, 10, 1_000)).toEqual([]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: false });
    expect(await recipientStates(test.db, batchId)).toEqual(['UNCERTAIN']);
  });

  it('is given a whole call length when it shows up after its hard end', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
    await passTime(10 * 60_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    await tell(call.id, 'ANSWERED', { kind: 'STARTED', outcome: null });
    await passTime(1_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'IN_PROGRESS', slotHeld: true });
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
  await tell(second.id, 'BUSY', { callId: 'call-1' });
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
  await tell(call.id, 'ANSWERED');
  expect((await recipient()).state).toBe('COMPLETED');
});
