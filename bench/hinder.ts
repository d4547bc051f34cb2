import { spawn } from 'node:child_process';
import { isAlive, parentDeathLeash } from '../dev/processes.js';

/** Something that makes it harder for others to compute. */
export type Hindrance = { stop(): void };

const STOPPED_MS = 20;
const RUNNING_MS = 10;

/** Processes that do nothing but compute. */
export function startBusyLoops(count: number): Hindrance {
  const [program = '', ...args] = [...parentDeathLeash('KILL'), process.execPath, '-e', 'for (;;);'];
  const loops = Array.from({ length: count }, () => spawn(program, args, { stdio: 'ignore' }));
  return { stop: () => loops.forEach((loop) => loop.kill('SIGKILL')) };
}

/** Stops a process for two thirds of the time, as if it had a third of a core, until it ends or this is stopped. */
export function slowDown(pid: number): Hindrance {
  let timer: NodeJS.Timeout;
  let isStopped = false;
  const turn = (): void => {
    if (!isAlive(pid)) return;
    process.kill(pid, isStopped ? 'SIGCONT' : 'SIGSTOP');
    isStopped = !isStopped;
    timer = setTimeout(turn, isStopped ? STOPPED_MS : RUNNING_MS);
  };
  turn();
  return {
    stop() {
      clearTimeout(timer);
      if (isStopped && isAlive(pid)) process.kill(pid, 'SIGCONT');
    },
  };
}
