import { MockActivityEnvironment } from '@temporalio/testing';
import { createClaimer } from '../../activities/claimer.js';
import { createLaneEpochs } from '../../activities/lane-epochs.js';
import { createLaneActivities } from '../../activities/place-next-calls.js';
import { createAccountReader } from '../../activities/read-account.js';
import { createLogger } from '../../platform/logger.js';
import { createSecretBox, type SecretBox } from '../../platform/secret-box.js';
import { listen } from '../../store/listen.js';
import { checkEncryptionKey } from '../../store/settings/canary.js';
import { updateProviderAccount } from '../../store/settings/update-provider-account.js';
import { startSimulator, type Simulator } from '../../carrier/server.js';
import { createProviderDirectory } from '../../telephony/provider-directory.js';
import { testSender } from '../support/sender.js';
import type { LaneAnswer } from '../../workflows/contract.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testSecrets } from '../support/secrets.js';
import { seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';
import { sealCredentials } from '../../store/settings/sealed-credentials.js';
import { CREDENTIALS, SIMULATOR_FORM } from '../support/credentials.js';

const otherSecrets = createSecretBox({ key: Buffer.alloc(32, 'other').toString('base64'), previousKey: undefined });

let test: TestDatabase;
let carrier: Simulator;
let workspace: Workspace;
let batchId: string;
let wrongKeys = 0;
beforeAll(async () => {
  test = await createTestDatabase();
  carrier = await startSimulator({ setupMs: 60_000 });
  await checkEncryptionKey(test.db, testSecrets);
});
beforeEach(async () => {
  carrier.reset();
  carrier.configure({ apiKey: 'carrier-key' });
  wrongKeys = 0;
  workspace = await seedWorkspace(test.db, { baseUrl: carrier.url });
  batchId = await seedBatch(test.db, workspace);
});
afterAll(() => Promise.all([test.drop(), carrier.stop()]));

/** Lanes of a worker with this key, without a workflow; its batch has a slot for one call after the other. */
async function withLanes(secrets: SecretBox, work: (runLane: () => Promise<LaneAnswer>) => Promise<void>) {
  const { db } = test;
  const logger = createLogger('silent', 'test');
  const wakeups = listen(db.url, 'dialwright_lanes', () => {});
  const settings = { dialBudgetMs: 5_000, requestTimeoutMs: 5_000, claimIntervalMs: 50, laneWaitMaxMs: 10_000 };
  const claimer = createClaimer({ db, logger, process: 'test', wakeups, settings });
  const onWrongKey = (): void => void wrongKeys++;
  const providers = createProviderDirectory(createAccountReader({ db, logger, secrets, onWrongKey }), testSender);
  const lanes = createLaneActivities({
    ...{ db, logger, claimer, providers, settings },
    laneEpochs: createLaneEpochs(),
    publicUrl: null,
  });
  let lane = 0;
  try {
    await work(() => {
      const workflowExecution = { workflowId: batchId, runId: 'run' };
      const environment = new MockActivityEnvironment({ activityId: String(++lane), workflowExecution });
      const input = { batchId, workspaceId: workspace.workspaceId, generation: 1, laneEpoch: 1 };
      return environment.run(lanes.placeNextCalls, input) as Promise<LaneAnswer>;
    });
  } finally {
    await claimer.stop();
    await wakeups.stop();
  }
}
const attempts = () => test.db.prisma.attempt.findMany({ where: { batchId } });
const statusOfBatch = async () => (await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).status;

it('claims nobody again for an account whose credentials cannot be opened: its batch is paused at the first', async () => {
  const credentials = sealCredentials(otherSecrets, workspace.providerAccountId, CREDENTIALS);
  await test.db.prisma.providerAccount.update({ where: { id: workspace.providerAccountId }, data: { credentials } });
  await withLanes(testSecrets, async (runLane) => {
    expect(await runLane()).toMatchObject({ is: 'placed', calls: [{ result: 'RELEASED' }] });
    expect(await runLane()).toEqual({ is: 'idle', reason: 'PAUSED' });
  });
  expect((await attempts()).map(({ state }) => state)).toEqual(['RELEASED']);
  expect([await statusOfBatch(), wrongKeys]).toEqual(['PAUSED', 0]);
});

it('pauses no batch when it is the worker that has the wrong key: the worker is told to stop', async () => {
  await withLanes(otherSecrets, async (runLane) => {
    expect(await runLane()).toMatchObject({ is: 'placed', calls: [{ result: 'RELEASED' }] });
  });
  expect([await statusOfBatch(), wrongKeys]).toEqual(['RUNNING', 1]);
});

it('dials with the key that an account has, not with one that was kept, once it may be of another account', async () => {
  await withLanes(testSecrets, async (runLane) => {
    expect(await runLane()).toMatchObject({ is: 'placed' });
    await seedMoreAndChangeKey();
    expect(await runLane()).toMatchObject({ is: 'placed', calls: [{ result: 'IN_PROGRESS' }] });
  });
  expect(await statusOfBatch()).toBe('RUNNING');
});

/** Another batch, of one recipient who was not called, and another key, at the carrier and by force here. */
async function seedMoreAndChangeKey(): Promise<void> {
  batchId = await seedBatch(test.db, workspace, { phones: ['+12025558888'] });
  carrier.configure({ apiKey: 'new-key' });
  const changed = await updateProviderAccount(
    test.db,
    testSecrets,
    { workspaceId: workspace.workspaceId, id: workspace.providerAccountId, actor: 'test' },
    { form: SIMULATOR_FORM, patch: { credentials: { apiKey: 'new-key' }, forceKeyChange: true }, listed: null },
  );
  expect(changed.is).toBe('changed');
}
