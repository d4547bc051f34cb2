import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openDatabase } from '../store/database.js';
import type { SettingsPatch } from '../telephony/simulator/settings.js';
import { startProcess, type RunningProcess } from './child-process.js';
import { CARRIER_API_KEY, CARRIER_WEBHOOK_SECRET, prepareDemoWorkspace, type DemoWorkspace } from './demo-workspace.js';
import { startDevDb, type DevDb } from './dev-db.mjs';
import { startDevTemporal, type DevTemporal } from './dev-temporal.mjs';
import { migrate } from './migrate.mjs';
import { freePort, isFreePort } from './processes.mjs';
import { registerSearchAttributesFromEnvironment } from './search-attributes.js';

export type StackOptions = {
  /** Folder for data and logs. */
  dir: string;
  carrier?: SettingsPatch;
  concurrencyLimit?: number;
  /** Preferred ports; a free one where the preferred one is taken or none is given. */
  apiPort?: number;
  temporalUiPort?: number;
  /** Added to the environment of worker and API. */
  environment?: Record<string, string>;
  /** PostgreSQL settings of the embedded server. */
  databaseSettings?: Record<string, string>;
  log?: (message: string) => void;
};

/** Everything that Callwright consists of, running on this machine, each part a process of its own. */
export type Stack = DemoWorkspace & {
  databaseUrl: string;
  /** Null when DATABASE_URL or TEMPORAL_ADDRESS name servers of the user's own. */
  database: DevDb | null;
  temporal: DevTemporal | null;
  temporalAddress: string;
  temporalUiUrl: string | null;
  carrierUrl: string;
  apiUrl: string;
  carrier: RunningProcess;
  api: RunningProcess;
  worker: RunningProcess;
  /** Starts another worker, or API at the same address, after one was killed. */
  startWorker(): Promise<RunningProcess>;
  startApi(): Promise<RunningProcess>;
  /** Starts an embedded server again at its old port, after it was killed. */
  restartDatabase(): Promise<void>;
  restartTemporal(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts all parts and waits until each answers. When one does not start, the others are stopped. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).reverse()) await step().catch((err: unknown) => console.error(err));
  };
  try {
    return await startParts(options, stops, stop);
  } catch (err) {
    await stop();
    throw err;
  }
}

async function startParts(
  options: StackOptions,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Stack> {
  const { dir, log = () => {} } = options;
  mkdirSync(dir, { recursive: true });
  const [servers, apiPort, carrierPort] = await Promise.all([
    startServers(options, stops),
    portNear(options.apiPort),
    freePort(),
  ]);
  const { databaseUrl, temporalAddress, temporalUiUrl } = servers;
  log('PostgreSQL and Temporal answer');

  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const carrierUrl = `http://127.0.0.1:${carrierPort}`;
  const demo = await prepareDatabase(databaseUrl, {
    dir,
    carrierUrl,
    concurrencyLimit: options.concurrencyLimit ?? 20,
  });
  const environment = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    CALLWRIGHT_API_PORT: String(apiPort),
    CALLWRIGHT_TEMPORAL_UI_URL: temporalUiUrl ?? '',
    CALLWRIGHT_LOG_LEVEL: process.env['CALLWRIGHT_LOG_LEVEL'] ?? 'info',
    ...options.environment,
  };
  const start = async (name: string, command: string[], readyText: string): Promise<RunningProcess> => {
    const started = await startProcess({
      name,
      command,
      environment,
      logFile: path.join(dir, `${name}.log`),
      readyText,
    });
    stops.push(() => started.stop());
    return started;
  };
  const webhookUrl = `${apiUrl}/v1/webhooks/${demo.providerAccountId}`;
  const config: SettingsPatch = {
    webhookUrl,
    apiKey: CARRIER_API_KEY,
    webhookSecret: CARRIER_WEBHOOK_SECRET,
    ...options.carrier,
  };
  const startApi = (): Promise<RunningProcess> => start('api', ['api/server.ts'], 'api started');
  const startWorker = (): Promise<RunningProcess> => start('worker', ['worker/main.ts'], 'worker started');
  const [carrier, api, worker] = await Promise.all([
    start(
      'carrier',
      ['telephony/simulator/main.ts', '--port', String(carrierPort), '--config', JSON.stringify(config)],
      'simulated carrier on',
    ),
    startApi(),
    startWorker(),
  ]);
  log('Carrier, API and worker run');
  return { ...demo, ...servers, apiUrl, carrierUrl, carrier, api, worker, startApi, startWorker, stop };
}

type Servers = Pick<
  Stack,
  'databaseUrl' | 'database' | 'temporal' | 'temporalAddress' | 'temporalUiUrl' | 'restartDatabase' | 'restartTemporal'
>;

async function startServers(options: StackOptions, stops: (() => Promise<void>)[]): Promise<Servers> {
  const givenDatabase = process.env['DATABASE_URL'];
  const givenTemporal = process.env['TEMPORAL_ADDRESS'];
  const dbOptions = {
    dir: path.join(options.dir, 'pg'),
    ...(options.databaseSettings && { settings: options.databaseSettings }),
  };
  const file = path.join(options.dir, 'temporal.db');
  const startDb = async (port?: number): Promise<DevDb> => {
    const db = await startDevDb({ ...dbOptions, ...(port && { port }) });
    stops.push(() => db.stop());
    return db;
  };
  const startTemporal = async (port?: number, uiPort = 0): Promise<DevTemporal> => {
    const temporal = await startDevTemporal({ file, port, uiPort });
    stops.push(() => temporal.stop());
    return temporal;
  };
  const [database, temporal] = await Promise.all([
    givenDatabase ? null : startDb(),
    givenTemporal ? null : startTemporal(undefined, await portNear(options.temporalUiPort)),
  ]);
  if (givenTemporal) await registerSearchAttributesFromEnvironment();
  const uiPort = temporal?.uiUrl ? Number(new URL(temporal.uiUrl).port) : undefined;
  return {
    database,
    temporal,
    databaseUrl: givenDatabase ?? database?.url ?? '',
    temporalAddress: givenTemporal ?? temporal?.address ?? '',
    temporalUiUrl: temporal?.uiUrl ?? process.env['CALLWRIGHT_TEMPORAL_UI_URL'] ?? null,
    restartDatabase: async () => void (await startDb(database?.port)),
    restartTemporal: async () => void (await startTemporal(temporal?.port, uiPort)),
  };
}

async function prepareDatabase(
  url: string,
  demo: { dir: string; carrierUrl: string; concurrencyLimit: number },
): Promise<DemoWorkspace> {
  await migrate(url);
  const db = openDatabase({ url, connectionsMax: 2 });
  try {
    return await prepareDemoWorkspace(db, demo);
  } finally {
    await db.close();
  }
}

/** The preferred port when it is free, else any. */
async function portNear(preferred?: number): Promise<number> {
  return preferred !== undefined && (await isFreePort(preferred)) ? preferred : freePort();
}
