import { countBatches, type BatchCounts } from '../store/count-batches.js';
import type { Database } from '../store/database.js';

/** Counts batches; keeps the counts of large ones for a moment. */
export type BatchCounter = { count(batchIds: readonly string[]): Promise<Map<string, BatchCounts>> };

/** Smaller batches are counted every time: it takes a few milliseconds. */
const LARGE_RECIPIENTS = 20_000;
/** Counts of a large batch are shown for this long, and while they are being counted again no longer than the second figure. */
const FRESH_MS = 1_000;
const SHOWN_MS_MAX = 10_000;
const KEPT_BATCHES_MAX = 1_000;

/** A million recipients take about 100 ms to count; whoever watches such a batch must not make it be counted all the time. */
export function createBatchCounter(db: Database): BatchCounter {
  const kept = new Map<string, { counts: BatchCounts; atMs: number }>();
  const counting = new Map<string, Promise<unknown>>();

  async function countNow(ids: readonly string[]): Promise<Map<string, BatchCounts>> {
    const counted = await countBatches(db.pool, ids);
    for (const [id, counts] of counted) {
      kept.delete(id);
      if (sizeOf(counts) > LARGE_RECIPIENTS && kept.size < KEPT_BATCHES_MAX)
        kept.set(id, { counts, atMs: performance.now() });
      else if (kept.size >= KEPT_BATCHES_MAX) kept.clear();
    }
    return counted;
  }

  function countAgain(id: string): void {
    if (counting.has(id)) return;
    const done = countNow([id]).catch(() => {});
    counting.set(id, done);
    void done.then(() => counting.delete(id));
  }

  return {
    async count(batchIds) {
      const now = performance.now();
      const known = new Map<string, BatchCounts>();
      for (const id of batchIds) {
        const entry = kept.get(id);
        if (!entry || now - entry.atMs > SHOWN_MS_MAX) continue;
        known.set(id, entry.counts);
        if (now - entry.atMs > FRESH_MS) countAgain(id);
      }
      const missing = batchIds.filter((id) => !known.has(id));
      const counted = missing.length > 0 ? await countNow(missing) : [];
      return new Map([...known, ...counted]);
    },
  };
}

function sizeOf({ states }: BatchCounts): number {
  return Object.values(states).reduce((sum, count) => sum + count, 0);
}
