import { setImmediate as nextTurn } from 'node:timers/promises';
import { createPause } from './pause.js';

const WORKS = 5;
const SLICES = 8;

/** Longer than a slice, so that each step is followed by a pause. */
function workFor(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

it('lets others be served after each slice, however many works there are, and all works come to their end', async () => {
  let slices = 0;
  const works = Array.from({ length: WORKS }, async () => {
    const pause = createPause();
    for (let step = 0; step < SLICES; step++) {
      workFor(5);
      slices += 1;
      await pause();
    }
  });
  let isDone = false;
  void Promise.all(works).then(() => (isDone = true));
  // Each has begun at once. From here on everybody who is served in between sees one slice at a time.
  const seen: number[] = [];
  while (!isDone) {
    const before = slices;
    await nextTurn();
    seen.push(slices - before);
  }
  expect(Math.max(...seen)).toBe(1);
  expect(slices).toBe(WORKS * SLICES);
});

it('costs no turn before a slice is over', () => {
  expect(createPause()()).toBeUndefined();
});
