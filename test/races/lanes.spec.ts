import { CompleteAsyncError } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createBatchActivities } from '../../activities/batch-activities.js';
import { createClaimer } from '../../activities/claimer.js';
import { createLaneEpochs } from '../../activities/lane-epochs.js';
import { createLaneActivities } from '../../activities/place-next-calls.js';
import { createLogger } from '../../platform/logger.js';
import { raiseLaneEpoch } from '../../store/batches/look-at-batch.js';
import { listen } from '../../store/listen.js';
import { createProvider } from '../../telephony/create-provider.js';
import { testSender } from '../support/sender.js';
import { startSimulator, type Simulator } from '../../carrier/server.js';
import type { LaneAnswer, LaneInput } from '../../workflows/contract.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { recipientStates, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';

let test: TestDatabase;
let carrier: Simulator;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  carrier = await startSimulator({ setupMs: 60_000 });
});
beforeEach(async () => {
  carrier.reset();
  carrier.configure({ faults: { slowAnswer: 0, dropAfterAccept: 0 } });
  workspace = await seedWorkspace(test.db, { baseUrl: carrier.url, concurrencyLimit: 100 });
});
afterAll(() => Promise.all([test.drop(), carrier.stop()]));

type RunLane = (lane: LaneInput, activityId: string, cancelled?: Promise<void>) => Promise<LaneAnswer>;

/** A worker's lanes without a workflow, and what its run does when it continues as new. */
async function withLanes(
  work: (runLane: RunLane, leaveLanesBehind: (batchId: string) => Promise<number>) => Promise<void>,
): Promise<void> {
  const { db } = test;
  const logger = createLogger('silent', 'test');
  const wakeups = listen(db.url, 'dialwright_lanes', () => {});
  const settings = { dialBudgetMs: 1_000, requestTimeoutMs: 5_000, claimIntervalMs: 50, laneWaitMaxMs: 10_000 };
  const claimer = createClaimer({ db, logger, process: 'test', wakeups, settings });
  const credentials = { apiKey: carrier.settings().apiKey };
  const account = { kind: 'simulator', baseUrl: carrier.url, credentials, settleDelayMs: 0 };
  const provider = createProvider(account, testSender);
  const providers = { of: async () => provider };
  const laneEpochs = createLaneEpochs();
  const lanes = createLaneActivities({ db, logger, claimer, laneEpochs, providers, publicUrl: null, settings });
  const { leaveLanesBehind: leave } = createBatchActivities({ db, laneEpochs, settings, noteStatus: () => {} });
  const leaveLanesBehind = (batchId: string): Promise<number> =>
    new MockActivityEnvironment().run(leave, laneOf(batchId)) as Promise<number>;
  try {
    await work((lane, activityId, cancelled) => {
      const environment = new MockActivityEnvironment({
        activityId,
        workflowExecution: { workflowId: lane.batchId, runId: 'run' },
      });
      void cancelled?.then(() => environment.cancel());
      return environment.run(lanes.placeNextCalls, lane) as Promise<LaneAnswer>;
    }, leaveLanesBehind);
  } finally {
    await claimer.stop();
    await wakeups.stop();
  }
}

const laneOf = (batchId: string): LaneInput => ({
  batchId,
  workspaceId: workspace.workspaceId,
  generation: 1,
  laneEpoch: 1,
});
const dialed = () => carrier.ledger().map(({ to }) => to);

it('goes on while the next call can start at once, ten calls at most, each to somebody else', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 25 });
  await withLanes(async (runLane) => {
    const answer = await runLane(laneOf(batchId), '1');
    expect(answer).toMatchObject({ is: 'placed', couldStart: expect.any(Number) });
    const calls = answer.is === 'placed' ? answer.calls : [];
    expect(new Set(calls.map(({ attempt }) => attempt)).size).toBe(10);
    expect(calls.every(({ result }) => result === 'IN_PROGRESS')).toBe(true);
    expect(new Set(dialed()).size).toBe(10);
    expect(dialed()).toHaveLength(10);
  });
});

it('returns after one call when no other can start', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 5, concurrencyLimit: 1 });
  await withLanes(async (runLane) => {
    expect(await runLane(laneOf(batchId), '1')).toMatchObject({
      is: 'placed',
      calls: [{ result: 'IN_PROGRESS' }],
      couldStart: 0,
    });
    expect(dialed()).toHaveLength(1);
  });
});

it('places nobody when it is repeated, whatever it had placed', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 25 });
  await withLanes(async (runLane) => {
    const first = await runLane(laneOf(batchId), '1');
    const { attempt } = first.is === 'placed' ? first.calls[0]! : { attempt: 'none' };
    expect(await runLane(laneOf(batchId), '1')).toMatchObject({ is: 'repeated', attempt, state: 'IN_PROGRESS' });
    expect(dialed()).toHaveLength(10);
  });
});

it('returns when the fate of a call is unknown, so that the run hears of it', async () => {
  carrier.configure({ faults: { dropAfterAccept: 1 } });
  const batchId = await seedBatch(test.db, workspace, { recipients: 5 });
  await withLanes(async (runLane) => {
    expect(await runLane(laneOf(batchId), '1')).toMatchObject({ is: 'placed', calls: [{ result: 'UNCERTAIN' }] });
    expect(dialed()).toHaveLength(1);
  });
});

it.each([
  [
    'the batch is paused',
    (batchId: string) => test.db.pool.query(`UPDATE batches SET status = 'PAUSED' WHERE id = $1`, [batchId]),
  ],
  ['it is cancelled', async () => {}],
])('stops after the call under way when %s', async (why, forbid) => {
  carrier.configure({ faults: { slowAnswer: 1, slowAnswerMs: 300 } });
  const batchId = await seedBatch(test.db, workspace, { recipients: 5 });
  await withLanes(async (runLane) => {
    let cancel = (): void => {};
    const cancelled = new Promise<void>((resolve) => (cancel = resolve));
    const running = runLane(laneOf(batchId), '1', cancelled);
    await eventually(async () => expect(dialed()).toHaveLength(1));
    await forbid(batchId);
    if (why === 'it is cancelled') cancel();
    expect(await running).toMatchObject({ is: 'placed', calls: [{ result: 'IN_PROGRESS' }] });
    expect(dialed()).toHaveLength(1);
    expect((await recipientStates(test.db, batchId)).filter((state) => state === 'WAITING')).toHaveLength(4);
  });
});

it('goes on until a lane of the new run is there, and then ends without a report, when its run continues as new', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 5, concurrencyLimit: 1 });
  await withLanes(async (runLane, leaveLanesBehind) => {
    await runLane(laneOf(batchId), '1');
    const ended: string[] = [];
    const waiting = runLane(laneOf(batchId), '2').catch((err: unknown) => (ended.push('old'), err));
    const laneEpoch = await leaveLanesBehind(batchId);
    await setConcurrency(batchId, 2);
    await eventually(() => expect(dialed()).toHaveLength(2));
    expect(await waiting).toBeInstanceOf(CompleteAsyncError);

    const waitsAgain = runLane(laneOf(batchId), '3').catch((err: unknown) => (ended.push('old'), err));
    const young = runLane({ ...laneOf(batchId), laneEpoch }, '4').finally(() => ended.push('young'));
    expect(await waitsAgain).toBeInstanceOf(CompleteAsyncError);
    expect(ended).toEqual(['old', 'old']);
    await setConcurrency(batchId, 3);
    expect(await young).toMatchObject({ is: 'placed', calls: [{ result: 'IN_PROGRESS' }] });
    expect(dialed()).toHaveLength(3);
  });
});

it('writes down the call under way, and ends without a report, when its run continues as new meanwhile', async () => {
  carrier.configure({ faults: { slowAnswer: 1, slowAnswerMs: 300 } });
  const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
  await withLanes(async (runLane, leaveLanesBehind) => {
    const dialing = runLane(laneOf(batchId), '1').catch((err: unknown) => err);
    await eventually(async () => expect(dialed()).toHaveLength(1));
    await leaveLanesBehind(batchId);
    expect(await dialing).toBeInstanceOf(CompleteAsyncError);
    const attempts = await test.db.prisma.attempt.findMany({ where: { batchId } });
    expect(attempts.map(({ state }) => state)).toEqual(['IN_PROGRESS']);
  });
});

it('hears from its claim that its run continued as new, when another process was told to leave it behind', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 5 });
  await raiseLaneEpoch(test.db.pool, batchId);
  await withLanes(async (runLane) => {
    expect(await runLane(laneOf(batchId), '1').catch((err: unknown) => err)).toBeInstanceOf(CompleteAsyncError);
    expect(dialed()).toHaveLength(5);
    await raiseLaneEpoch(test.db.pool, batchId);
    expect(await runLane(laneOf(batchId), '2').catch((err: unknown) => err)).toBeInstanceOf(CompleteAsyncError);
  });
});

const setConcurrency = (batchId: string, limit: number) =>
  test.db.pool.query('UPDATE batches SET concurrency_limit = $2 WHERE id = $1', [batchId, limit]);
