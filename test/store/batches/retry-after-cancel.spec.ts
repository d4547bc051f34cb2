import { ALLOWED_WHEN } from '../../../domain/batches/status.js';
import type { Outcome } from '../../../domain/calls/outcomes.js';
import { noteAbsent, takeUnsettled } from '../../../store/attempts/settle-attempts.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { doChunkWork } from '../../../store/batches/sweep-rows.js';
import { deferCall, doubtCall } from '../../../store/calls/answer-call.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, claimOne, lane, seedWorkspace, type Workspace } from '../../support/seed.js';
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
  await test.db.pool.query(
    `UPDATE batches SET max_attempts = 3, retry_policy = '{"outcomes": {"BUSY": {"attempts": 3, "delayMs": 600000}}}' WHERE id = $1`,
    [batchId],
  );
});
afterAll(() => test.drop());

type Call = Awaited<ReturnType<typeof claimOne>>;

const recipient = async () => (await test.db.prisma.recipientState.findMany({ where: { batchId } }))[0]!;
const tell = (attemptId: string, outcome: Outcome, times = {}) =>
  recordFacts(test.db.pool, workspace.providerAccountId, [
    fact(attemptId, { callId: `call of ${attemptId}`, occurredAt: new Date(clock.nowMs()), outcome, ...times }),
  ]);
const cancel = async () => {
  await cancelBatch(test.db, workspace, batchId);
  await doChunkWork(test.db.pool, batchId);
};
const askForRetry = async () =>
  (
    await changeBatch(test.db.pool, {
      workspaceId: workspace.workspaceId,
      batchId,
      action: 'retry',
      from: ALLOWED_WHEN.retry,
      actor: 'test',
      commandId: null,
    })
  ).result;
const retry = async () => {
  const result = await askForRetry();
  await doChunkWork(test.db.pool, batchId);
  await lookAtBatch(test.db.pool, batchId, 0);
  return result;
};
const next = async () => (await claim(test.db, workspace, [lane(batchId, { generation: 2 })]))[0]!;
const defer = ({ id: attemptId, dialToken }: Call) =>
  deferCall(test.db.pool, { attemptId, dialToken, deferral: 'capacity', endReason: '429', retryAfterMs: null });

describe('a retry after a cancel', () => {
  it('calls at once, with all attempts, who was waiting to be called again by itself', async () => {
    await tell((await claimOne(test.db, workspace, batchId)).id, 'BUSY');
    expect(await recipient()).toMatchObject({ state: 'WAITING', waitReason: 'RETRY' });
    await cancel();
    expect(await retry()).toBe('CHANGED');
    expect(await recipient()).toMatchObject({ state: 'WAITING', attemptsSpent: 0 });
    expect((await next()).verdict).toBe('CLAIMED');
  });

  it('calls who was to be called again, and was then refused by the provider', async () => {
    await tell((await claimOne(test.db, workspace, batchId)).id, 'BUSY');
    await clock.pass(600_000);
    await defer(await claimOne(test.db, workspace, batchId));
    await cancel();
    expect(await retry()).toBe('CHANGED');
    expect((await recipient()).state).toBe('WAITING');
  });

  it('calls whose request was refused only after the cancel', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await cancel();
    await defer(call);
    expect((await recipient()).state).toBe('CANCELLED');
    expect(await retry()).toBe('CHANGED');
    expect((await recipient()).state).toBe('WAITING');
  });

  it('does not call whose call is not proven absent before that is confirmed', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
    for (const _ of [1, 2]) await noteAbsent(test.db.pool, call.id, 0, 300_000);
    await cancel();
    await retry();
    expect(await recipient()).toMatchObject({ state: 'WAITING', waitReason: 'CONFIRMING_ABSENCE' });
    expect((await next()).verdict).not.toBe('CLAIMED');
    await noteAbsent(test.db.pool, call.id, 0, 300_000);
    expect((await next()).verdict).toBe('CLAIMED');
  });

  it.each<[string, (call: Call) => Promise<unknown>]>([
    ['whose call is uncertain', ({ id, dialToken }) => doubtCall(test.db.pool, id, dialToken, 'no answer')],
    ['whose number is invalid', ({ id }) => tell(id, 'INVALID_NUMBER')],
    ['who answered', ({ id }) => tell(id, 'ANSWERED')],
    ['whose call was cancelled', ({ id }) => tell(id, 'CANCELLED')],
    [
      'who was removed',
      async ({ id }) => {
        await tell(id, 'BUSY');
        const { rows } = await test.db.pool.query(
          `SELECT result FROM remove_recipients($1, $2, '{RUNNING}', NULL, NULL, 10)`,
          [workspace.workspaceId, batchId],
        );
        expect(rows).toEqual([{ result: 'REMOVED' }]);
      },
    ],
  ])('leaves out %s', async (_who, happen) => {
    const call = await claimOne(test.db, workspace, batchId);
    await happen(call);
    await clock.pass(1_200_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    await cancel();
    const { state } = await recipient();
    expect(await retry()).toBe('NOTHING_TO_RETRY');
    expect((await recipient()).state).toBe(state);
  });

  it('obeys the last time of a recipient', async () => {
    await test.db.pool.query(`UPDATE recipient_states SET not_after = to_timestamp($2) WHERE batch_id = $1`, [
      batchId,
      clock.nowMs() / 1000 + 60,
    ]);
    await defer(await claimOne(test.db, workspace, batchId));
    await cancel();
    await clock.pass(120_000);
    await retry();
    await next();
    expect(await recipient()).toMatchObject({ state: 'FAILED', lastError: 'EXPIRED' });
  });

  it('calls nobody twice, though it comes before all rows have followed the cancel', async () => {
    await cancelBatch(test.db, workspace, batchId);
    expect(await askForRetry()).toBe('CHANGED');
    await lookAtBatch(test.db.pool, batchId, 0);
    const answer = await next();
    if (answer.verdict !== 'CLAIMED') throw new Error(`no call was claimed: ${JSON.stringify(answer)}`);
    await tell(answer.call.id, 'NO_ANSWER');
    await doChunkWork(test.db.pool, batchId);
    expect(await recipient()).toMatchObject({ state: 'NO_ANSWER', generation: 2 });
  });
});

describe('a late end of the call before', () => {
  it.each([
    ['DECLINED', 'WAITING'],
    ['ANSWERED', 'COMPLETED'],
    ['INVALID_NUMBER', 'FAILED'],
  ] as const)('that says %s leaves the recipient of a retried batch %s', async (outcome, state) => {
    const call = await claimOne(test.db, workspace, batchId);
    await tell(call.id, 'NO_ANSWER');
    await cancel();
    await retry();
    await tell(call.id, outcome, { occurredAt: new Date(clock.nowMs() - 1_000) });
    expect((await recipient()).state).toBe(state);
  });

  it('calls nobody again who was removed', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await tell(call.id, 'BUSY');
    await test.db.pool.query(`SELECT remove_recipients($1, $2, '{RUNNING}', NULL, NULL, 10)`, [
      workspace.workspaceId,
      batchId,
    ]);
    await tell(call.id, 'NO_ANSWER', { occurredAt: new Date(clock.nowMs() - 1_000) });
    expect(await recipient()).toMatchObject({ state: 'CANCELLED', lastError: 'REMOVED' });
    await tell(call.id, 'BUSY', { occurredAt: new Date(clock.nowMs() - 2_000) });
    expect(await recipient()).toMatchObject({ state: 'CANCELLED', lastError: 'REMOVED' });
  });
});
