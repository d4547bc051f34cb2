/** The folder of the project, whatever the current directory is. */
export const projectRoot: string;

export function sleep(durationMs: number): Promise<void>;

/** True when Node was started with the module of this `import.meta.url`, rather than importing it. */
export function isMainModule(moduleUrl: string): boolean;

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number>;

/** Whether something can listen on this port of 127.0.0.1 now. */
export function isFreePort(port: number): Promise<boolean>;

/** Calls `check` until it returns something truthy, and returns that; undefined once `timeoutMs` is over. */
export function pollUntil<T>(
  check: () => T | Promise<T>,
  options: { timeoutMs: number; intervalMs?: number },
): Promise<T | undefined>;

/** Whether the process runs. A zombie counts as dead. */
export function isAlive(pid: number): boolean;

/** Text that tells this process from a later one with the same pid; empty where the system does not say. */
export function processIdentity(pid: number): string;

/** The arguments of a process as one text; undefined where the system does not say. */
export function commandLine(pid: number): string | undefined;

/** The command to put before a program so that it gets `signal` when this process dies; empty where that is impossible. */
export function parentDeathLeash(signal: string): string[];

/** Signals `pid` when this process leaves through process.exit(). Returns a function that takes the order back. */
export function signalAtExit(pid: number, signal: NodeJS.Signals): () => void;

/** Sends each step's signal until the process is gone. Does nothing if the pid belongs to another process by now. */
export function stopProcess(order: {
  pid: number;
  identity: string;
  steps: { signal: NodeJS.Signals; waitMs: number }[];
}): Promise<void>;
