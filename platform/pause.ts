/** Long enough that pausing costs nothing, short enough that nobody notices who waits meanwhile. */
const SLICE_MS = 4;

/** Who has worked for a slice, and goes on after everybody before it. */
const waiting: (() => void)[] = [];

/**
 * For work that may take long: `await pause()` after each small step. Once some milliseconds have been worked through, it lets
 * the process serve all others first; before that it costs next to nothing. However many such works there are at once, only
 * one of them goes on before all others are served again: a short request waits for one slice at each of its steps, not for
 * one of each work.
 */
export function createPause(): () => Promise<void> | undefined {
  let startMs = performance.now();
  return () => {
    if (performance.now() - startMs < SLICE_MS) return undefined;
    return new Promise((resolve) => {
      waiting.push(() => {
        startMs = performance.now();
        resolve();
      });
      if (waiting.length === 1) setImmediate(goOn);
    });
  };
}

/** The work of the first one runs before the next one is let go on: promises come before anything else. */
function goOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(goOn);
}

/** Runs work that gives way after each of its steps. */
export async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
  const pause = createPause();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause();
  }
}
