import { countAndStore, readStoredCounts, type CountedBatch, type CountsOf } from './batch-counts.js';
import type { Database } from '../database.js';

/** Counts batches; of large ones it gives counts that are a few seconds old. */
export type BatchCounter = {
  /** `of`: left out, nothing that a change of the batch has made old. */
  count(batchIds: readonly string[], of?: CountsOf): Promise<Map<string, CountedBatch>>;
};

/**
 * Whoever looks at a large batch sees what was counted last, and has it counted again when that is old: one batch after the
 * other, by `countLater`.
 */
export function createBatchCounter(
  db: Database,
  countLater: (batchIds: readonly string[]) => Promise<unknown> = (ids) => countAndStore(db.pool, ids),
): BatchCounter {
  const counting = new Set<string>();
  let last = Promise.resolve();

  function countAgain(id: string): void {
    if (counting.has(id)) return;
    counting.add(id);
    last = last
      .then(async () => void (await countLater([id])))
      .catch(() => {}) // the next look tries again
      .finally(() => counting.delete(id));
  }

  return {
    async count(batchIds, of = 'version') {
      const stored = await readStoredCounts(db.pool, batchIds, of);
      for (const [id, { isOld }] of stored) if (isOld) countAgain(id);
      const missing = batchIds.filter((id) => !stored.has(id));
      const counted = missing.length > 0 ? await countAndStore(db.pool, missing) : [];
      return new Map([...[...stored].map(([id, entry]) => [id, entry.counted] as const), ...counted]);
    },
  };
}
