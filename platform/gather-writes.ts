import { restAfter } from './rest.js';

/** Writes one thing; resolves once it is committed. */
export type GatheredWrite<Item, Result> = (item: Item) => Promise<Result>;

type Gathering<Item, Result> = { write: (items: Item[]) => Promise<Result[]>; isEverybodys: (err: unknown) => boolean };

/** The most that one write takes: all of its rows stay locked until its commit. */
const ITEMS_MAX = 64;

type Waiting<Item, Result> = { item: Item; resolve: (result: Result) => void; reject: (err: unknown) => void };

/**
 * Writes many small things in few commits: what comes while a write is under way, or rests for a moment after one, goes
 * together in the next. A lone item is written at once. When a write fails, its items are written one by one, so that none
 * fails for another's sake; `write` must therefore be safe to repeat. It answers each item, in the order given. An error that
 * `isEverybodys`, twice, ends it for all who wait: they would only wait for the same.
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
    try {
      const items = group.map(({ item }) => item);
      // Once more at once: it may have been this connection only.
      const results = await write(items).catch((err: unknown) =>
        isEverybodys(err) ? write(items) : Promise.reject(err),
      );
      group.forEach(({ resolve }, index) => resolve(results[index] as Result)); // one result for each item
    } catch (err) {
      if (isEverybodys(err)) for (const { reject } of [...group, ...waiting.splice(0)]) reject(err);
      else if (group.length === 1) group[0]?.reject(err);
      else for (const one of group) void writeTogether([one]); // whoever waits for a row holds up nobody else
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWriting) void writeAll();
    });
}
