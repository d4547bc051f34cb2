import { gatherWrites } from './gather-writes.js';

const isEverybodys = (err: unknown) => (err as Error).message === 'down';

/** A write that ends when it is told to. */
function heldWrite() {
  const groups: number[][] = [];
  const release: (() => void)[] = [];
  const write = async (items: number[]): Promise<number[]> => {
    groups.push(items);
    await new Promise<void>((resolve) => release.push(resolve));
    return items.map((item) => item * 10);
  };
  return { groups, release, write };
}

it('writes a lone item at once, and what comes meanwhile together', async () => {
  const { groups, release, write } = heldWrite();
  const put = gatherWrites({ write, isEverybodys });
  const results = [1, 2, 3].map((item) => put(item));
  expect(groups).toEqual([[1]]);
  release[0]?.();
  expect(await results[0]).toBe(10);
  while (release.length < 2) await new Promise((resolve) => setImmediate(resolve));
  expect(groups).toEqual([[1], [2, 3]]);
  release[1]?.();
  expect(await Promise.all(results)).toEqual([10, 20, 30]);
});

it('writes no more than 64 together', async () => {
  const sizes: number[] = [];
  const put = gatherWrites({
    isEverybodys,
    write: async (items: number[]) => {
      sizes.push(items.length);
      return items;
    },
  });
  const items = Array.from({ length: 150 }, (_, index) => index);
  expect(await Promise.all(items.map(put))).toEqual(items);
  expect(sizes).toEqual([1, 64, 64, 21]);
});

it('lets nobody fail for another: a group that fails is written one by one', async () => {
  const groups: number[][] = [];
  const alone: number[] = [];
  const put = gatherWrites({
    isEverybodys,
    write: async (items: number[], { isAlone }) => {
      groups.push(items);
      if (isAlone) alone.push(...items);
      if (items.includes(3)) throw new Error('3 cannot be written');
      return items;
    },
  });
  const settled = await Promise.allSettled([1, 2, 3, 4].map(put));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(groups).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
  expect(alone).toEqual([2, 3, 4]);
});

it('keeps nobody waiting for a database that is not there', async () => {
  const { groups, release, write } = heldWrite();
  const put = gatherWrites({
    isEverybodys,
    write: async (items: number[]) => {
      await write(items);
      throw new Error('down');
    },
  });
  const results = Promise.allSettled([1, 2, 3].map(put));
  release[0]?.();
  while (release.length < 2) await new Promise((resolve) => setImmediate(resolve));
  release[1]?.();
  expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(groups).toEqual([[1], [1]]);
});

it('tries once more before it gives everybody up', async () => {
  let failures = 1;
  const put = gatherWrites({
    isEverybodys,
    write: async (items: number[]) => {
      if (failures-- > 0) throw new Error('down');
      return items;
    },
  });
  expect(await Promise.all([1, 2, 3].map(put))).toEqual([1, 2, 3]);
});

it('goes on after a failure', async () => {
  let isDown = true;
  const put = gatherWrites({
    isEverybodys,
    write: async (items: number[]) => {
      if (isDown) throw new Error('down');
      return items;
    },
  });
  await expect(put(1)).rejects.toThrow('down');
  isDown = false;
  expect(await put(2)).toBe(2);
});
