/** What a run that was killed left of the development server of a folder. */
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commandLine, isAlive, pollUntil, processIdentity, stopProcess, type StopStep } from '../processes.js';
import { readDataDirectory } from './dev-db-client.js';

/** A server that listens. */
export type RunningDb = ServerProcess & { port: number };
/** `identity` tells it from a later process with the same pid. */
type ServerProcess = { pid: number; identity: string };

/** How long a server that is starting or stopping gets to make up its mind. */
const SETTLE_TIMEOUT_MS = 10_000;
const RETRY_INTERVAL_MS = 100;
/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one: neither loses committed rows. */
const STOP_STEPS: readonly StopStep[] = [
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 10_000 },
];

/**
 * The server that runs in `dataDir` and answers on the wanted port (on any, if none is wanted); undefined once there is
 * none (any more): a server that does not answer, or answers elsewhere, is stopped.
 */
export async function settleLeftServer(dataDir: string, wantedPort?: number): Promise<RunningDb | undefined> {
  const pidFile = path.join(dataDir, 'postmaster.pid');
  const left = await pollUntil(() => inspectLeftServer(pidFile, dataDir), {
    timeoutMs: SETTLE_TIMEOUT_MS,
    intervalMs: RETRY_INTERVAL_MS,
  });
  if (left === 'gone') return undefined;
  if (left) {
    if (wantedPort === undefined || left.port === wantedPort) return left;
    await stopServer(left);
    return undefined;
  }
  const { pid } = readPidFile(pidFile);
  const identity = pid === undefined ? '' : processIdentity(pid);
  if (pid !== undefined && identity) await stopServer({ pid, identity });
  return undefined;
}

/** Stops the server, whoever started it. Safe to repeat. */
export function stopServer({ pid, identity }: ServerProcess): Promise<void> {
  return stopProcess({ pid, identity, steps: STOP_STEPS });
}

/** Undefined: neither running nor gone, look again. */
async function inspectLeftServer(pidFile: string, dataDir: string): Promise<RunningDb | 'gone' | undefined> {
  const { pid, port } = readPidFile(pidFile);
  if (pid === undefined) return 'gone';
  if (!isServerOf(pid, dataDir)) {
    // PostgreSQL itself would refuse to start as long as any process, a zombie included, has this pid.
    if (process.platform !== 'win32') rmSync(pidFile, { force: true });
    return 'gone';
  }
  if (port === undefined || !(await isAnsweringFor(port, dataDir))) return undefined;
  return { pid, port, identity: processIdentity(pid) };
}

/** The first line of the file is the pid, the fourth the port (once the server listens). */
function readPidFile(pidFile: string): { pid?: number | undefined; port?: number | undefined } {
  if (!existsSync(pidFile)) return {};
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  return { pid: Number(lines[0]) || undefined, port: Number(lines[3]) || undefined };
}

/** After a restart of the machine or container, an unrelated process may have the pid. */
function isServerOf(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false;
  return commandLine(pid)?.includes(`-D ${dataDir} -p `) ?? true;
}

async function isAnsweringFor(port: number, dataDir: string): Promise<boolean> {
  try {
    return realpathSync(await readDataDirectory({ port, dataDir })) === dataDir;
  } catch {
    return false;
  }
}
