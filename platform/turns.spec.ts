import { createTurns, NoTurnError } from './turns.js';

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

it('refuses work when as many wait as may, and begins those that wait', async () => {
  const inTurn = createTurns(1, { waitingMax: 1 });
  const begun: number[] = [];
  let end = (): void => undefined;
  const first = inTurn(() => new Promise<void>((resolve) => (end = resolve)));
  const second = inTurn(async () => begun.push(2));
  await expect(inTurn(async () => begun.push(3))).rejects.toThrow(NoTurnError);
  end();
  await Promise.all([first, second]);
  expect(begun).toEqual([2]);
  // Who was refused holds no place.
  await inTurn(async () => begun.push(4));
  expect(begun).toEqual([2, 4]);
});

it('refuses work that has waited as long as it may, and never begins it', async () => {
  const inTurn = createTurns(1, { waitMaxMs: 5 });
  const begun: string[] = [];
  let end = (): void => undefined;
  const first = inTurn(() => new Promise<void>((resolve) => (end = resolve)));
  await expect(inTurn(async () => begun.push('late'))).rejects.toThrow(NoTurnError);
  const next = inTurn(async () => begun.push('next'));
  end();
  await Promise.all([first, next]);
  expect(begun).toEqual(['next']);
});

/** Until so many have begun: a turn is handed over within a few steps of the event loop. */
async function inTurnOf(begun: readonly number[], count: number): Promise<void> {
  for (let step = 0; step < 20 && begun.length < count; step++) await Promise.resolve();
}
