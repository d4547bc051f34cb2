import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { createBatchActivities } from '../activities/batch-activities.js';
import { createStatusLog } from '../activities/status-log.js';
import { createClaimer, LANES_WAITING_MAX } from '../activities/claimer.js';
import { createLaneEpochs } from '../activities/lane-epochs.js';
import { createLaneActivities } from '../activities/place-next-calls.js';
import { createAccountReader } from '../activities/read-account.js';
import { startSettler } from '../activities/settler.js';
import { startSweeper } from '../activities/sweeper.js';
import type { Logger } from '../platform/logger.js';
import type { SecretBox } from '../platform/secret-box.js';
import type { Settings } from '../platform/settings.js';
import { listen } from '../store/listen.js';
import { openDatabase, type Database } from '../store/database.js';
import { shareWorkerConnections } from '../store/pools.js';
import { createProviderDirectory } from '../telephony/provider-directory.js';
import type { Sender } from '../telephony/send-request.js';
import { STICKY_TIMEOUT, TASK_QUEUE } from '../workflows/contract.js';
import { throwCleanFailures } from './clean-failures.js';

export type WorkerDeps = {
  /** For what runs ask; what dials and the loops have connections of their own. */
  db: Database;
  connection: NativeConnection;
  namespace: string;
  logger: Logger;
  /** This installation's own address; null where it is not known. */
  publicUrl: string | null;
  settings: Settings;
  secretBox: SecretBox;
  /** The one way to a provider. */
  sender: Sender;
  workflowBundlePath: string;
  /** Wraps the activities; tests bind the clock here. */
  wrapActivities?: (activities: object) => object;
};

export type RunningWorker = {
  /** Ends when the worker has stopped; rejects when it failed, or found that the installation has another key. */
  ended: Promise<void>;
  /** Lets requests under way finish, then stops. */
  stop(): Promise<void>;
};

/** Starts everything a worker process does: workflow and activity tasks, the claimer, the settler and the sweeper. */
export async function startWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const { db, connection, namespace, logger, publicUrl, settings } = deps;
  const process = `${hostname()}/${randomUUID()}`;
  let wrongKey: Error | null = null;
  const onWrongKey = (err: Error): void => {
    wrongKey = err;
    void stop().catch(() => {}); // `ended` tells
  };
  const shares = shareWorkerConnections(settings.databaseConnectionsMax);
  const open = (connectionsMax: number): Database =>
    openDatabase({
      url: db.url,
      connectionsMax,
      onError: (err) => logger.warn({ err }, 'a database connection was lost'),
    });
  // What dials waits for nothing else that asks the database: three hundred runs may look at their batches at once.
  const dialling = open(shares.dialling);
  const readAccount = createAccountReader({ db: dialling, logger, secrets: deps.secretBox, onWrongKey });
  const providers = createProviderDirectory(readAccount, deps.sender);
  const wakeups = listen(db.url, 'dialwright_lanes', (err) =>
    logger.warn({ err }, 'lost the notification connection; reconnecting'),
  );
  const claimer = createClaimer({ db: dialling, logger, process, wakeups, settings });
  const laneEpochs = createLaneEpochs();
  const activities = {
    ...createBatchActivities({ db, laneEpochs, settings, noteStatus: createStatusLog(logger) }),
    ...createLaneActivities({ db: dialling, logger, claimer, laneEpochs, providers, publicUrl, settings }),
  };

  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: { codePath: deps.workflowBundlePath },
    activities: deps.wrapActivities?.(activities) ?? activities,
    interceptors: { activity: [throwCleanFailures] },
    stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT,
    // Lanes wait in these too: the short activities must never queue behind them.
    maxConcurrentActivityTaskExecutions: LANES_WAITING_MAX + 1_000,
    maxCachedWorkflows: 500,
    // No more than a worker that starts cold can replay one after the other within the task time-out.
    maxConcurrentWorkflowTaskExecutions: 8,
    shutdownGraceTime: settings.requestTimeoutMs + 2_000,
  });
  const background = open(shares.background);
  const temporal = new Client({ connection, namespace });
  const loopDeps = { db: background, logger, providers, settings, temporal };
  const loops = [startSettler(loopDeps), startSweeper(loopDeps)];
  const running = worker.run();
  const ended = running.finally(async () => {
    await claimer.stop();
    await Promise.all([...loops.map((loop) => loop.stop()), wakeups.stop()]);
    await Promise.all([dialling.close(), background.close()]);
    if (wrongKey) throw wrongKey;
  });
  return { ended, stop };

  async function stop(): Promise<void> {
    // Waiting lanes first: those with a request under way finish within the grace time.
    await claimer.stop();
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await ended;
  }
}
