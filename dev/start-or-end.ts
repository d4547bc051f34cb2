import { lockRun, AlreadyRunningError, type RunLock } from './run-lock.js';
import { startStack, type Stack, type StackOptions } from './stack.js';

/** Takes the folder of data, or says who has it and ends. */
export function lockOrEnd(name: string): RunLock {
  try {
    const lock = lockRun(name);
    process.once('exit', lock.release);
    return lock;
  } catch (err) {
    if (!(err instanceof AlreadyRunningError)) throw err;
    console.error(err.message);
    process.exit(1);
  }
}

/** Starts everything, or says in one sentence what was in the way and ends. */
export async function startOrEnd(options: StackOptions): Promise<Stack> {
  try {
    return await startStack(options);
  } catch (err) {
    console.error(err instanceof Error ? err.message : String(err));
    process.exit(1);
  }
}
