import { createTurns } from './turns.js';

it('runs so many pieces of work at once, and the others in the order in which they came', async () => {
  const inTurn = createTurns(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = [0, 1, 2, 3, 4].map((number) =>
    inTurn(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      return number;
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await work[1];
  await inTurnOf(begun, 3);
  expect(begun).toEqual([0, 1, 2]);
  for (let next = 0; next < 5; next++) {
    await inTurnOf(begun, Math.min(next + 2, 5));
    ends.forEach((end) => end());
  }
  expect(await Promise.all(work)).toEqual([0, 1, 2, 3, 4]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

it('gives the turn of work that fails to the next', async () => {
  const inTurn = createTurns(1);
  const failing = inTurn(() => Promise.reject(new Error('no')));
  const next = inTurn(async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
});

/** Until so many have begun: a turn is handed over within a few steps of the event loop. */
async function inTurnOf(begun: readonly number[], count: number): Promise<void> {
  for (let step = 0; step < 20 && begun.length < count; step++) await Promise.resolve();
}
