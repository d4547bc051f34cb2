import { restAfter } from '../platform/rest.js';

/** Writes one thing; resolves once it is committed. */
export type GatheredWrite<Item, Result> = (item: Item) => Promise<Result>;

type Gathering<Item, Result> = {
  /** Answers each item, in the order given; safe to repeat. `isAlone`: nobody waits behind it. */
  write: (items: Item[], how: { isAlone: boolean }) => Promise<Result[]>;
  /** Whether an error would meet every other item too. */
  isEverybodys: (err: unknown) => boolean;
};

/** The most that one write takes: all of its rows stay locked until its commit. */
const ITEMS_MAX = 64;

type Waiting<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (err: unknown) => void };

/**
 * Writes many small things in few commits: what comes while a write is under way, or rests for a moment after one, goes
 * together in the next. A lone item is written at once. When a write fails, each of its items is written again by itself,
 * and the others go on meanwhile, so that none fails or waits for another's sake. An error that `isEverybodys`, twice, ends
 * it for all who wait: they would only wait for the same.
 */
export function gatherWrites<Item, Result>({
  write,
  isEverybodys,
}: Gathering<Item, Result>): GatheredWrite<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const startedMs = performance.now();
      await writeTogether(waiting.splice(0, ITEMS_MAX));
      await restAfter(startedMs);
    }
    isWriting = false;
  }

  async function writeTogether(group: Waiting<Item, Result>[]): Promise<void> {
    const writeOnce = (): Promise<Result[]> => write(itemsOf(group), { isAlone: false });
    try {
      // Once more at once: it may have been this connection only.
      const results = await writeOnce().catch((err: unknown) =>
        isEverybodys(err) ? writeOnce() : Promise.reject(err),
      );
      answer(group, results);
    } catch (err) {
      if (isEverybodys(err)) for (const { reject } of [...group, ...waiting.splice(0)]) reject(err);
      else for (const one of group) void writeAlone(one);
    }
  }

  async function writeAlone(one: Waiting<Item, Result>): Promise<void> {
    try {
      answer([one], await write([one.item], { isAlone: true }));
    } catch (err) {
      one.reject(err);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void writeAll();
    });
}

function itemsOf<Item, Result>(group: Waiting<Item, Result>[]): Item[] {
  return group.map(({ item }) => item);
}

function answer<Item, Result>(group: Waiting<Item, Result>[], results: Result[]): void {
  group.forEach(({ resolve }, index) => resolve(results[index] as Result)); // one result for each item
}
