/** Facts about processes, ports and deadlines that the development servers share. */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What to send to a process that shall end, and how long to wait for that. */
export type StopStep = { signal: NodeJS.Signals; waitMs: number };

type StopOrder = {
  pid: number;
  /** What processIdentity() said of the process that is meant. */
  identity: string;
  steps: readonly StopStep[];
};

const PROBE_TIMEOUT_MS = 5_000;

/** The folder of the project, whatever the current directory is. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

export const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/** True when Node was started with the module of this `import.meta.url`, rather than importing it. */
export function isMainModule(moduleUrl: string): boolean {
  if (!process.argv[1]) return false;
  try {
    return realpathSync(process.argv[1]) === realpathSync(fileURLToPath(moduleUrl));
  } catch {
    return false;
  }
}

/** A port of 127.0.0.1 that was free a moment ago. Another process may take it first: callers try again. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo; // only a server on a pipe has a name instead
      server.close(() => resolve(port));
    });
  });
}

/** Whether something can listen on this port of 127.0.0.1 now. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Calls `check` until it returns something truthy, and returns that; undefined once `timeoutMs` is over. */
export async function pollUntil<T>(
  check: () => T | Promise<T>,
  { timeoutMs, intervalMs = 50 }: { timeoutMs: number; intervalMs?: number },
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (performance.now() >= deadline) return undefined;
    await sleep(intervalMs);
  }
}

/** The `code` of an error of Node or PostgreSQL, where it has one. */
export function errorCode(err: unknown): unknown {
  return typeof err === 'object' && err !== null && 'code' in err ? err.code : undefined;
}

/** What an error says. */
export function errorText(err: unknown): string {
  return typeof err === 'object' && err !== null && 'message' in err ? String(err.message) : String(err);
}

/** Whether the process runs. A zombie counts as dead: process 1 of a container often does not reap. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (process.platform === 'linux') {
    const status = readOrUndefined(`/proc/${pid}/status`);
    return status !== undefined && !/^State:\s+[ZX]/m.test(status);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (err) {
    return errorCode(err) === 'EPERM';
  }
}

/**
 * Text that tells this process from a later one with the same pid: when it was started, and in which boot.
 * Empty where the system does not say (Windows): then nothing can be proven, and callers must not kill by pid alone.
 */
export function processIdentity(pid: number): string {
  if (process.platform === 'win32' || !isAlive(pid)) return '';
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  if (stat === undefined) return '';
  // Field 22 is the start time. The command in field 2 may hold spaces and brackets, so count from its end.
  const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return `${readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${startTicks}`;
}

/** A number that grows while the process works: its processor time. 0 where the system does not say. */
export function workOf(pid: number): number {
  const stat = process.platform === 'linux' ? (readOrUndefined(`/proc/${pid}/stat`) ?? '') : '';
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

/** The arguments of a process as one text, separated by spaces; undefined where the system does not say. */
export function commandLine(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  if (process.platform !== 'linux') return ps(pid, 'command=');
  return readOrUndefined(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
}

/**
 * The command to put before a program so that the kernel sends it `signal` when this process dies, `kill -9` included.
 * Empty where `setpriv` is missing: what is left behind is then adopted or stopped by the next start.
 */
export function parentDeathLeash(signal: string): string[] {
  if (process.platform !== 'linux') return [];
  const [command, ...args] = ['setpriv', '--pdeathsig', signal] as const;
  const probe = spawnSync(command, [...args, 'true'], { timeout: PROBE_TIMEOUT_MS });
  return probe.status === 0 ? [command, ...args] : [];
}

const stopAtExit = new Map<number, NodeJS.Signals>();

/** Signals `pid` when this process leaves through process.exit(). Returns a function that takes the order back. */
export function signalAtExit(pid: number, signal: NodeJS.Signals): () => void {
  if (stopAtExit.size === 0) process.once('exit', signalAllAtExit);
  stopAtExit.set(pid, signal);
  return () => {
    stopAtExit.delete(pid);
    if (stopAtExit.size === 0) process.off('exit', signalAllAtExit);
  };
}

/**
 * Sends each step's signal in turn until the process is gone, waiting `waitMs` after each.
 * Does nothing if the process that has this pid now is another one than `identity` says.
 */
export async function stopProcess({ pid, identity, steps }: StopOrder): Promise<void> {
  const isStillIt = (): boolean => isAlive(pid) && processIdentity(pid) === identity;
  for (const { signal, waitMs } of steps) {
    if (!isStillIt()) return;
    trySignal(pid, signal);
    await pollUntil(() => !isStillIt(), { timeoutMs: waitMs, intervalMs: 10 });
  }
  if (isStillIt()) throw new Error(`Process ${pid} did not stop: end it by hand with kill -9 ${pid}`);
}

function signalAllAtExit(): void {
  for (const [pid, signal] of stopAtExit) trySignal(pid, signal);
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile, which is what the signal was for.
  }
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string {
  const result = spawnSync('ps', ['-p', String(pid), '-o', column], { encoding: 'utf8', timeout: PROBE_TIMEOUT_MS });
  return result.status === 0 ? result.stdout.trim() : '';
}
