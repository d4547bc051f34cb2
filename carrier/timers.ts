/** Timers that end together and keep no process alive. */
export type Timers = {
  after(delayMs: number, work: () => void): Timer;
  /** Nothing that waits will happen any more. */
  stop(): void;
};
export type Timer = { cancel(): void };

export function createTimers(): Timers {
  const waiting = new Set<NodeJS.Timeout>();
  return {
    after(delayMs, work) {
      const timeout = setTimeout(() => {
        waiting.delete(timeout);
        work();
      }, delayMs);
      timeout.unref();
      waiting.add(timeout);
      return {
        cancel() {
          clearTimeout(timeout);
          waiting.delete(timeout);
        },
      };
    },
    stop() {
      for (const timeout of waiting) clearTimeout(timeout);
      waiting.clear();
    },
  };
}
