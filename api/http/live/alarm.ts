/** Runs something at the earliest of the times that were asked for. */
export type Alarm = {
  /** On the clock of `performance.now()`; Infinity asks for nothing. */
  ringAt(atMs: number): void;
  stop(): void;
};

/** Once it has rung it is asked anew: nothing is left of the later times. */
export function createAlarm(ring: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  let setForMs = Infinity;
  return {
    ringAt(atMs) {
      if (atMs >= setForMs) return;
      clearTimeout(timer);
      setForMs = atMs;
      timer = setTimeout(
        () => {
          setForMs = Infinity;
          ring();
        },
        Math.max(0, atMs - performance.now()),
      );
    },
    stop: () => clearTimeout(timer),
  };
}
