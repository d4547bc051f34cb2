/** A piece of work that a process repeats until it is stopped. */
export type Loop = { stop(): Promise<void> };

/**
 * Runs `work` at once and then again `intervalMs` after each end, one at a time. An error is reported and the loop goes
 * on. `stop` waits for a running `work` to end.
 */
export function startLoop(intervalMs: number, work: () => Promise<void>, report: (err: unknown) => void): Loop {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const turn = (): void => {
    running = work()
      .catch(report)
      .then(() => {
        if (!stopped) timer = setTimeout(turn, intervalMs);
      });
  };
  turn();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
