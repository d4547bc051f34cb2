import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createSecretBox } from '../platform/secret-box.js';
import { openDatabase } from '../store/database.js';
import { checkEncryptionKey } from '../store/settings/canary.js';
import type { Secrets } from '../store/settings/secrets.js';
import type { SettingsPatch } from '../carrier/settings.js';
import { startProcess, type RunningProcess } from './child-process.js';
import {
  CARRIER_API_KEY,
  CARRIER_NUMBERS,
  CARRIER_WEBHOOK_SECRET,
  prepareDemoWorkspace,
  type DemoWorkspace,
} from './demo/demo-workspace.js';
import { startDevDb, type DevDb } from './servers/dev-db.js';
import { keepEncryptionKey } from './encryption-key.js';
import { startDevTemporal, type DevTemporal } from './servers/dev-temporal.js';
import { migrate } from '../store/migrate.js';
import { isFreePort } from './processes.js';
import { registerSearchAttributesFromEnvironment } from '../cli/search-attributes.js';

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

/** Everything that Dialwright consists of, running on this machine, each part a process of its own. */
export type Stack = DemoWorkspace & {
  /** As the owner of the tables, and as API and worker run. */
  databaseUrl: string;
  runDatabaseUrl: string;
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
  startWorker(onSpawn?: (pid: number) => void): Promise<RunningProcess>;
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
  const start = async (
    name: string,
    command: string[],
    { environment = {}, readyText, onSpawn }: Start,
  ): Promise<RunningProcess> => {
    const process_ = {
      name,
      command,
      environment: { ...process.env, ...environment },
      logFile: path.join(dir, `${name}.log`),
      readyText,
      onSpawn,
    };
    const started = await startProcess(process_);
    stops.push(() => started.stop());
    return started;
  };
  const [servers, carrier] = await Promise.all([startServers(options, stops), startCarrier(start, options.carrier)]);
  const { runDatabaseUrl, temporalAddress, temporalUiUrl } = servers;
  const carrierUrl = urlIn(carrier.announced);
  const encryptionKey = keepEncryptionKey(dir);
  const demo = await prepareDatabase(servers, {
    dir,
    carrierUrl,
    concurrencyLimit: options.concurrencyLimit ?? 20,
    secrets: createSecretBox({ key: encryptionKey, previousKey: undefined }),
  });
  log('PostgreSQL and Temporal answer');

  const environment = {
    DATABASE_URL: runDatabaseUrl,
    DIALWRIGHT_ENCRYPTION_KEY: encryptionKey,
    TEMPORAL_ADDRESS: temporalAddress,
    DIALWRIGHT_TEMPORAL_UI_URL: temporalUiUrl ?? '',
    DIALWRIGHT_SIMULATOR: 'on',
    ...options.environment,
    ...carrierAllowed(carrierUrl, options.environment),
  };
  const startApiAt = (port: number): Promise<RunningProcess> =>
    start('api', ['api/server.ts'], {
      environment: { ...publicUrlAt(port), ...environment, DIALWRIGHT_API_PORT: String(port) },
      readyText: 'api started',
    });
  const startWorker = (onSpawn?: (pid: number) => void): Promise<RunningProcess> =>
    start('worker', ['worker/main.ts'], { environment, readyText: 'worker started', onSpawn });
  const [api, worker] = await Promise.all([
    atPortNear({ port: options.apiPort, what: 'the API', log }, startApiAt),
    startWorker(),
  ]);
  const apiUrl = urlIn(api.announced);
  await configureCarrier(carrierUrl, { webhookUrl: `${apiUrl}/v1/webhooks/${demo.providerAccountId}` });
  log('Carrier, API and worker run');
  const startApi = (): Promise<RunningProcess> => startApiAt(Number(new URL(apiUrl).port));
  return { ...demo, ...servers, apiUrl, carrierUrl, carrier, api, worker, startApi, startWorker, stop };
}

/** The carrier's own port, and of this machine nothing else but what the caller names. */
function carrierAllowed(carrierUrl: string, given: Record<string, string> = {}): Record<string, string> {
  const name = 'DIALWRIGHT_EGRESS_HOSTS';
  const hosts = [process.env[name], given[name], new URL(carrierUrl).host];
  return { [name]: hosts.filter(Boolean).join(',') };
}

/** The simulated carrier reaches the API where it listens; somebody's own setting comes first. */
function publicUrlAt(port: number): Record<string, string> {
  return port === 0 || process.env['DIALWRIGHT_PUBLIC_URL']
    ? {}
    : { DIALWRIGHT_PUBLIC_URL: `http://127.0.0.1:${port}` };
}

type Start = {
  environment?: Record<string, string>;
  readyText: string;
  onSpawn?: ((pid: number) => void) | undefined;
};
type StartProcess = (name: string, command: string[], start: Start) => Promise<RunningProcess>;

function startCarrier(start: StartProcess, settings: SettingsPatch = {}): Promise<RunningProcess> {
  const config: SettingsPatch = {
    apiKey: CARRIER_API_KEY,
    webhookSecret: CARRIER_WEBHOOK_SECRET,
    fromNumbers: CARRIER_NUMBERS,
    ...settings,
  };
  return start('carrier', ['carrier/main.ts', '--config', JSON.stringify(config)], {
    readyText: 'simulated carrier on http',
  });
}

/** Changes settings of the running carrier. */
export async function configureCarrier(carrierUrl: string, patch: SettingsPatch): Promise<void> {
  const response = await fetch(`${carrierUrl}/control/config`, { method: 'PUT', body: JSON.stringify(patch) });
  if (!response.ok) throw new Error(`The carrier refused its settings: ${await response.text()}`);
}

function urlIn(text: string): string {
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
  if (!url) throw new Error(`There is no address in: ${text}`);
  return url;
}

type Wanted = { port: number | undefined; what: string; log: (message: string) => void };

/** Starts something at the wanted port; at any when that is taken, also when somebody takes it in between, and says so. */
async function atPortNear<T>({ port, what, log }: Wanted, start: (port: number) => Promise<T>): Promise<T> {
  if (port === undefined) return start(0);
  if (await isFreePort(port)) {
    try {
      return await start(port);
    } catch (err) {
      if (await isFreePort(port)) throw err;
    }
  }
  log(`Port ${port} is taken: ${what} gets another one`);
  return start(0);
}

type Servers = Pick<
  Stack,
  | 'databaseUrl'
  | 'runDatabaseUrl'
  | 'database'
  | 'temporal'
  | 'temporalAddress'
  | 'temporalUiUrl'
  | 'restartDatabase'
  | 'restartTemporal'
>;

async function startServers(options: StackOptions, stops: (() => Promise<void>)[]): Promise<Servers> {
  const givenDatabase = process.env['DATABASE_URL'];
  const givenTemporal = process.env['TEMPORAL_ADDRESS'];
  const { log = () => {} } = options;
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
  const startTemporal = async (port: number | undefined, uiPort: number): Promise<DevTemporal> => {
    const temporal = await startDevTemporal({ file, port, uiPort });
    stops.push(() => temporal.stop());
    return temporal;
  };
  const [database, temporal] = await Promise.all([
    givenDatabase ? null : startDb(),
    givenTemporal
      ? null
      : atPortNear({ port: options.temporalUiPort, what: "Temporal's UI", log }, (uiPort) =>
          startTemporal(undefined, uiPort),
        ),
  ]);
  if (givenTemporal) await registerSearchAttributesFromEnvironment();
  const uiPort = temporal?.uiUrl ? Number(new URL(temporal.uiUrl).port) : 0;
  return {
    database,
    temporal,
    databaseUrl: givenDatabase ?? database?.url ?? '',
    runDatabaseUrl: process.env['DIALWRIGHT_RUN_DATABASE_URL'] ?? givenDatabase ?? runUrlOf(database),
    temporalAddress: givenTemporal ?? temporal?.address ?? '',
    temporalUiUrl: temporal?.uiUrl ?? process.env['DIALWRIGHT_TEMPORAL_UI_URL'] ?? null,
    restartDatabase: async () => void (await startDb(database?.port)),
    restartTemporal: async () => void (await startTemporal(temporal?.port, uiPort)),
  };
}

/** The embedded server's, with a role of its own. */
function runUrlOf(database: DevDb | null): string {
  if (!database) return '';
  const url = new URL(database.url);
  url.username = 'dialwright_run';
  return url.href;
}

async function prepareDatabase(
  { databaseUrl: url, runDatabaseUrl }: Servers,
  demo: { dir: string; carrierUrl: string; concurrencyLimit: number; secrets: Secrets },
): Promise<DemoWorkspace> {
  await migrate(url, { runUrl: runDatabaseUrl === url ? undefined : runDatabaseUrl });
  const db = openDatabase({ url, connectionsMax: 2 });
  try {
    await checkEncryptionKey(db, demo.secrets);
    return await prepareDemoWorkspace(db, demo);
  } finally {
    await db.close();
  }
}
