import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { isAlive, parentDeathLeash, projectRoot, workOf } from './processes.js';
import { programOf } from './programs.js';

/** One of our own processes. It stops with its parent, also when that is killed. */
export type RunningProcess = {
  name: string;
  pid: number;
  /** What it had printed when it was ready. */
  announced: string;
  /** Resolves when it has ended, with its exit code; null after a signal. */
  exited: Promise<number | null>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Asks it to stop; kills it when it does not. */
  stop(): Promise<void>;
};

type ProcessOptions = {
  name: string;
  /** Path of its main file in the project, then its arguments. */
  command: string[];
  environment: Record<string, string | undefined>;
  /** Everything that it prints is appended here. */
  logFile: string;
  /** What it prints when it is ready. */
  readyText: string;
  /** Told its pid at once, long before it is ready. */
  onSpawn?: ((pid: number) => void) | undefined;
};

/** It is waited for as long as it works: a slow machine takes minutes. */
const IDLE_MAX_MS = 60_000;
const READY_MAX_MS = 600_000;
const LOOK_EVERY_MS = 1_000;
const STOP_MAX_MS = 15_000;

/** Starts it and waits until it is ready. @throws Error with the end of its output when it ends or stays silent instead. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, logFile, readyText } = options;
  mkdirSync(path.dirname(logFile), { recursive: true });
  const [main = '', ...args] = options.command;
  const [program = '', ...rest] = [...parentDeathLeash('KILL'), process.execPath, ...programOf(main), ...args];
  const child = spawn(program, rest, { cwd: projectRoot, env: options.environment, stdio: ['ignore', 'pipe', 'pipe'] });
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const log = createWriteStream(logFile, { flags: 'a' });
  const announced = await untilReady(child, log, { name, readyText, logFile });
  const pid = child.pid ?? 0;
  return {
    name,
    pid,
    announced,
    exited,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      if (child.exitCode !== null || !isAlive(pid)) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MAX_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

type Awaited = { name: string; readyText: string; logFile: string };

function untilReady(
  child: ChildProcess,
  log: NodeJS.WritableStream,
  { name, readyText, logFile }: Awaited,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const fail = (what: string): void => {
      clearInterval(timer);
      reject(new Error(`${name} ${what}. Its log: ${logFile}\n${lastWordsOf(seen)}`));
    };
    const startedMs = performance.now();
    let workedMs = startedMs;
    let workDone = -1;
    const timer = setInterval(() => {
      const work = workOf(child.pid ?? 0) + seen.length;
      if (work !== workDone) workedMs = performance.now();
      workDone = work;
      const nowMs = performance.now();
      if (nowMs - workedMs < IDLE_MAX_MS && nowMs - startedMs < READY_MAX_MS) return;
      fail(`was not ready after ${Math.round((nowMs - startedMs) / 1000)} s`);
    }, LOOK_EVERY_MS);
    const read = (chunk: Buffer): void => {
      log.write(chunk);
      if (seen.includes(readyText)) return;
      seen += chunk.toString();
      if (seen.includes(readyText)) {
        clearInterval(timer);
        resolve(seen);
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (err) => fail(`did not start: ${err.message}`));
    child.once('exit', (code) => {
      fail(`ended with ${code}`);
    });
  });
}

/** Why it did not start, where it says so itself in one sentence; else the end of what it has printed. */
function lastWordsOf(printed: string): string {
  const sentence = [...printed.matchAll(/^\{"level":60,.*"msg":("(?:[^"\\]|\\.)*")/gm)].at(-1)?.[1];
  return sentence === undefined ? printed.slice(-2_000) : String(JSON.parse(sentence));
}
