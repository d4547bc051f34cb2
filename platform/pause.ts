/** Long enough that pausing costs nothing, short enough that nobody notices who waits meanwhile. */
const SLICE_MS = 4;

/**
 * For work that may take long: `await pause()` after each small step. Once some milliseconds have been worked through, it lets
 * the process serve all others first; before that it costs next to nothing.
 */
export function createPause(): () => Promise<void> | undefined {
  let startMs = performance.now();
  return () => {
    if (performance.now() - startMs < SLICE_MS) return undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        startMs = performance.now();
        resolve();
      });
    });
  };
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
