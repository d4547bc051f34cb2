/**
 * A Temporal server for development and tests, in memory or in one file, on 127.0.0.1 only.
 *
 *   node --import tsx dev/servers/dev-temporal.ts [file] [--port N] [--ui-port N] [--keep]
 *
 * prints its address and stops on Ctrl-C.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  freePort,
  isAlive,
  isMainModule,
  parentDeathLeash,
  pollUntil,
  processIdentity,
  projectRoot,
  signalAtExit,
  stopProcess,
  type StopStep,
} from '../processes.js';
import { findTemporalProgram, type TemporalProgram } from './temporal-bin.js';

export type DevTemporalOptions = {
  /** Keeps the history; in memory unless given. Its log and record lie beside it (`.log`, `.server.json`). */
  file?: string | undefined;
  /** A free port unless given. */
  port?: number | undefined;
  /** No UI unless given; 0 takes a free port. */
  uiPort?: number | undefined;
  /** Leave the server running when this process ends: the next start with this file adopts it. Needs `file`. */
  keep?: boolean;
};

export type DevTemporal = {
  /** host:port for TEMPORAL_ADDRESS; the namespace is `default`. */
  address: string;
  uiUrl: string | undefined;
  port: number;
  pid: number;
  /** True when the server was left by a parent that died. */
  adopted: boolean;
  /** Stops the server, an adopted one too. Safe to repeat. */
  stop(): Promise<void>;
};

/** A server that was started; written beside its file, so that a later run finds it. */
type RunningTemporal = { pid: number; identity: string; port: number; uiPort?: number | undefined };
type Start = {
  program: TemporalProgram;
  dbFile: string | undefined;
  port: number | undefined;
  uiPort: number | undefined;
  keep: boolean;
};
/** A start whose ports are chosen. */
type StartAt = Start & { port: number };

const CONNECT_TIMEOUT_MS = 500;
const START_TIMEOUT_MS = 30_000;
/** A server left by a killed parent answers at once, or is busy ending. */
const ADOPT_TIMEOUT_MS = 3_000;
/** The server picks ports for its inner services too, and another process may be faster. */
const STARTS_MAX = 3;
const LOG_TAIL_LENGTH = 2_000;
const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGTERM', waitMs: 10_000 },
  { signal: 'SIGKILL', waitMs: 5_000 },
];
const SEARCH_ATTRIBUTES = ['DialwrightWorkspace=Keyword', 'DialwrightStatus=Keyword'];
/**
 * Task polling: 20 per second and shard unless set, which costs 50 ms at every step of a workflow. Timer shift: unless
 * set, timers under a second fire after a second.
 */
const DYNAMIC_CONFIG = ['history.transferProcessorMaxPollRPS=200', 'history.timerProcessorMaxTimeShift="50ms"'];
/** Two to four times faster than the defaults, and what was acknowledged survives `kill -9`. */
const SQLITE_PRAGMAS = ['journal_mode=wal', 'synchronous=NORMAL'];

/**
 * Starts a server, waits until its namespace `default` answers, and returns how to reach and stop it.
 *
 * `file` keeps the history; without it all is forgotten at the end. A server that a killed parent left with that file is
 * adopted if it answers on the wanted ports, else stopped. After `kill -9` of the server itself, starting again with the
 * same file and port works. The server stops with this process, unless `keep` (which needs a file, to be found again).
 */
export async function startDevTemporal({
  file,
  port,
  uiPort,
  keep = false,
}: DevTemporalOptions = {}): Promise<DevTemporal> {
  if (keep && !file) throw new TypeError('keep needs a file: a server in memory cannot be found again');
  const program = findTemporalProgram('cli');
  if (!program) throw new Error('There is no Temporal server program here: run node dev/bootstrap.mjs first.');
  const dbFile = file ? path.resolve(file) : undefined;
  if (dbFile) mkdirSync(path.dirname(dbFile), { recursive: true });
  const left = dbFile ? await settleLeftServer(dbFile, { port, uiPort }) : undefined;
  const server = left ?? (await startServer({ program, dbFile, port, uiPort, keep }));
  return {
    address: `127.0.0.1:${server.port}`,
    uiUrl: server.uiPort === undefined ? undefined : `http://127.0.0.1:${server.uiPort}`,
    port: server.port,
    pid: server.pid,
    adopted: left !== undefined,
    stop: () => stopServer(server, dbFile),
  };
}

/** The recorded server if it is alive, answers and has the wanted ports; otherwise it is stopped. */
async function settleLeftServer(
  dbFile: string,
  wanted: { port: number | undefined; uiPort: number | undefined },
): Promise<RunningTemporal | undefined> {
  const record = readRecord(dbFile);
  if (!record) return undefined;
  // Without an identity (Windows) nothing proves that the pid is still the server's: then its answer decides alone.
  const isOurs = isAlive(record.pid) && processIdentity(record.pid) === record.identity;
  const hasWantedPorts = [undefined, 0, record.port].includes(wanted.port) && hasWantedUi(record.uiPort, wanted.uiPort);
  const isAnswering = async (): Promise<boolean> => isAlive(record.pid) && canReach(record.port);
  if (isOurs && hasWantedPorts && (await pollUntil(isAnswering, { timeoutMs: ADOPT_TIMEOUT_MS }))) return record;
  if (isOurs && record.identity) await stopProcess({ ...record, steps: STOP_STEPS });
  rmSync(recordOf(dbFile), { force: true });
  return undefined;
}

function hasWantedUi(uiPort: number | undefined, wantedUiPort: number | undefined): boolean {
  if (wantedUiPort === undefined) return true; // nobody asked for the UI, so having it does no harm
  return wantedUiPort === 0 ? uiPort !== undefined : uiPort === wantedUiPort;
}

async function startServer({
  program,
  dbFile,
  port: wantedPort,
  uiPort: wantedUiPort,
  keep,
}: Start): Promise<RunningTemporal> {
  for (let start = 1; ; start += 1) {
    const port = wantedPort || (await freePort());
    const uiPort = wantedUiPort === 0 ? await freePort() : wantedUiPort;
    const child = spawnServer({ program, dbFile, port, uiPort, keep });
    const readLog = watchLog(child, dbFile);
    const server = own(child, { dbFile, port, uiPort, keep });
    if (await isReady(child, port)) return server;
    await stopServer(server, dbFile);
    if (start === STARTS_MAX) throw new Error(`The Temporal server did not start on port ${port}: ${readLog()}`);
  }
}

function spawnServer({ program, dbFile, port, uiPort, keep }: StartAt): ChildProcess {
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(dbFile ? ['--db-filename', dbFile, ...repeatFlag('--sqlite-pragma', SQLITE_PRAGMAS)] : []),
    ...repeatFlag('--dynamic-config-value', DYNAMIC_CONFIG),
    ...repeatFlag('--search-attribute', SEARCH_ATTRIBUTES),
  ];
  const [command = program.path, ...rest] = [...(keep ? [] : parentDeathLeash('TERM')), program.path, ...args];
  // Its log goes to a file where there is one: a pipe would end a kept server at its first word after this process died.
  const log = dbFile ? openSync(logOf(dbFile), 'w') : 'pipe';
  try {
    // Detached: Ctrl-C in a terminal reaches this process only, which then stops the server in order.
    return spawn(command, rest, { stdio: ['ignore', 'ignore', log], detached: true, env: serverEnv() });
  } finally {
    if (log !== 'pipe') closeSync(log);
  }
}

/**
 * The server writes an id of its own into the home folder, and asks the network for news: neither is wanted here. It
 * needs a user name where the user id has none, as in some containers.
 */
function serverEnv(): NodeJS.ProcessEnv {
  const home = path.join(projectRoot, '.cache', 'temporal-home');
  const USER = process.env.USER || 'dialwright';
  return { ...process.env, USER, HOME: home, USERPROFILE: home, TEMPORAL_VERSION_CHECK_DISABLED: 'true' };
}

function repeatFlag(flag: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [flag, value]);
}

/** Returns a function that gives the end of what the server said. */
function watchLog(child: ChildProcess, dbFile: string | undefined): () => string {
  let log = '';
  child.once('error', (err) => (log += err.message));
  child.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-LOG_TAIL_LENGTH)));
  (child.stderr as Socket | null)?.unref(); // Node's types say only Readable, but the pipe of a process is a socket
  return () => (dbFile ? log + readFileSync(logOf(dbFile), 'utf8').slice(-LOG_TAIL_LENGTH) : log).trim();
}

/** Recorded before it is ready: if this process is killed meanwhile, the next start still knows what to stop. */
function own(child: ChildProcess, { dbFile, port, uiPort, keep }: Omit<StartAt, 'program'>): RunningTemporal {
  child.unref();
  const { pid = 0 } = child; // 0, which is no process, where the program could not be started: isReady() finds that out
  const forget = keep || pid === 0 ? () => {} : signalAtExit(pid, 'SIGTERM');
  child.once('exit', forget);
  const server = { pid, identity: processIdentity(pid), port, uiPort };
  if (dbFile) writeFileSync(recordOf(dbFile), JSON.stringify(server));
  return server;
}

async function isReady(child: ChildProcess, port: number): Promise<boolean> {
  const hasEnded = (): boolean => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  // The second look at the child matters: another server may be answering on the port that this one could not get.
  const check = async (): Promise<boolean> => hasEnded() || ((await canReach(port)) && !hasEnded());
  await pollUntil(check, { timeoutMs: START_TIMEOUT_MS });
  return !hasEnded() && (await canReach(port));
}

/** Loads the client only here, so that importing this module costs nothing. */
async function canReach(port: number): Promise<boolean> {
  // The client asks again by itself, and trips over a connection that was closed meanwhile: it is asked only when somebody is there.
  if (!(await isListening(port))) return false;
  const { Connection } = await import('@temporalio/client');
  try {
    const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: CONNECT_TIMEOUT_MS });
    try {
      const describe = (): Promise<unknown> => connection.workflowService.describeNamespace({ namespace: 'default' });
      await connection.withDeadline(Date.now() + CONNECT_TIMEOUT_MS, describe);
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}

async function stopServer(server: RunningTemporal, dbFile: string | undefined): Promise<void> {
  await stopProcess({ ...server, steps: STOP_STEPS });
  // A later server may have taken the file over, and its record is not ours to remove.
  if (dbFile && readRecord(dbFile)?.pid === server.pid) rmSync(recordOf(dbFile), { force: true });
}

function readRecord(dbFile: string): RunningTemporal | undefined {
  try {
    return JSON.parse(readFileSync(recordOf(dbFile), 'utf8')) as RunningTemporal; // own() wrote it
  } catch {
    return undefined; // none, or one that a killed process left half written
  }
}

function recordOf(dbFile: string): string {
  return `${dbFile}.server.json`;
}

function logOf(dbFile: string): string {
  return `${dbFile}.log`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: 'string' }, 'ui-port': { type: 'string' }, keep: { type: 'boolean' } },
  });
  const server = await startDevTemporal({
    file: positionals[0],
    port: values.port ? Number(values.port) : undefined,
    uiPort: values['ui-port'] ? Number(values['ui-port']) : undefined,
    keep: values.keep ?? false,
  });
  const { address, uiUrl, pid, adopted } = server;
  console.log(JSON.stringify({ address, uiUrl, pid, adopted }));
  const holdOpen = setInterval(() => {}, 2 ** 30);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.stop().finally(() => clearInterval(holdOpen)));
  }
}

if (isMainModule(import.meta.url)) await main();
