import { Client, type Connection } from '@temporalio/client';
import { Runtime, type NativeConnection } from '@temporalio/worker';
import { startApi, type RunningApi } from '../../api/start-api.js';
import { createLogger } from '../../platform/logger.js';
import { readSettings, type Settings } from '../../platform/settings.js';
import { readProviderAccount } from '../../store/settings/read-provider-account.js';
import { startSimulator, type Simulator } from '../../carrier/server.js';
import type { SettingsPatch } from '../../carrier/settings.js';
import { createProviderDirectory } from '../../telephony/provider-directory.js';
import { startWorker, type RunningWorker } from '../../worker/start-worker.js';
import { createTemporalLogger } from '../../worker/temporal-logger.js';
import { workflowBundlePath } from '../../worker/workflow-bundle.js';
import { publicId } from '../../domain/ids.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { testSecrets } from './secrets.js';
import { testEgress, testSender } from './sender.js';
import { seedWorkspace, type Workspace } from './seed.js';

/** All parts in one process: real PostgreSQL, real Temporal server, the carrier and the API over HTTP. */
export type TestPlatform = {
  test: TestDatabase;
  workspace: Workspace;
  carrier: Simulator;
  api: RunningApi;
  worker: RunningWorker;
  client: Client;
  settings: Settings;
  startWorker(): Promise<RunningWorker>;
  stop(): Promise<void>;
};

type PlatformOptions = {
  connection: Connection;
  nativeConnection: NativeConnection;
  carrier?: SettingsPatch;
  concurrencyLimit?: number;
  settings?: Partial<Settings>;
  /** Gets the lines that API and worker log, which nobody sees else. */
  logs?: string[];
  wrapActivities?: (test: TestDatabase) => Promise<(activities: object) => object>;
};

/** Calls that last milliseconds, so that a test takes no longer than it must. */
const QUICK_CALLS: SettingsPatch = {
  setupMs: 1,
  ringMs: { min: 1, max: 3 },
  noAnswerRingMs: 10,
  callLength: { is: 'exponential', meanMs: 30 },
  analysisDelayMs: 1,
};
const QUICK_SETTINGS: Partial<Settings> = {
  settleIntervalMs: 100,
  settleNextLookMs: 200,
  confirmDelayMs: 200,
  sweepIntervalMs: 250,
};

/** The SDK has one runtime in a process, which all test files of a worker use. */
const ofWorker = globalThis as { temporalLog?: string[] };
/** What Temporal's SDK has logged in this test file: warnings, and errors, which are shown too. */
export const temporalLog = (ofWorker.temporalLog ??= installRuntime());
temporalLog.length = 0;

/** Before anything else makes the runtime, which a test environment does too. */
function installRuntime(): string[] {
  const lines: string[] = [];
  const sink = {
    write(line: string): void {
      lines.push(line);
      if (line.startsWith('{"level":50')) process.stderr.write(line);
    },
  };
  Runtime.install({ logger: createTemporalLogger(createLogger('warn', 'test', sink)), shutdownSignals: [] });
  return lines;
}

export async function startPlatform(options: PlatformOptions): Promise<TestPlatform> {
  const settings = { ...readSettings({}), ...QUICK_SETTINGS, ...options.settings };
  const test = await createTestDatabase();
  const { db } = test;
  const carrier = await startSimulator({ ...QUICK_CALLS, webhookSecret: 'carrier-secret', ...options.carrier });
  const workspace = await seedWorkspace(db, { concurrencyLimit: options.concurrencyLimit ?? 10, baseUrl: carrier.url });
  const { logs } = options;
  const logger = logs
    ? createLogger('debug', 'test', { write: (line) => logs.push(line) })
    : createLogger('silent', 'test');
  const client = new Client({ connection: options.connection });
  const api = await startApi({
    db,
    temporal: { client, namespace: 'default' },
    logger,
    config: {
      databaseUrl: test.url,
      apiHost: '127.0.0.1',
      apiPort: 0,
      publicUrl: null,
      secretBox: testSecrets,
      egress: testEgress,
      mailer: null,
      sharedRateLimits: false,
      trustProxy: false,
      corsOrigins: [],
      oidc: null,
      temporalUiUrl: null,
      logLevel: 'silent',
      isProduction: false,
      allowClockOverride: true,
      settings,
    },
    providers: createProviderDirectory((id) => readProviderAccount(db.pool, testSecrets, id), testSender),
    sender: testSender,
    dashboardDir: null,
  });
  carrier.configure({
    webhookUrl: `${api.url}/v1/webhooks/${publicId('providerAccount', workspace.providerAccountId)}`,
  });
  const wrapActivities = await options.wrapActivities?.(test);
  const start = async (): Promise<RunningWorker> =>
    startWorker({
      db,
      connection: options.nativeConnection,
      namespace: 'default',
      logger,
      publicUrl: null,
      settings,
      secretBox: testSecrets,
      sender: testSender,
      workflowBundlePath: await workflowBundlePath(),
      ...(wrapActivities && { wrapActivities }),
    });
  const worker = await start();
  return {
    test,
    workspace,
    carrier,
    api,
    worker,
    client,
    settings,
    startWorker: start,
    async stop() {
      await worker.stop();
      await api.stop();
      await carrier.stop();
      await test.drop();
    },
  };
}
