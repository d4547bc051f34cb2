import { countBatches, type BatchCounts } from './count-batches.js';
import { inTransaction, type Database, type Queryable } from '../database.js';

/** Counts, and the time to which they belong. */
export type CountedBatch = BatchCounts & { countedAt: Date };
export type StoredCounts = {
  counted: CountedBatch;
  /** Time to count again, though these may still be shown. */
  isOld: boolean;
};

/** Batches with more recipients are not counted for every look; 10,000 take about 5 ms. */
export const LARGE_RECIPIENTS = 10_000;
/** Counting again takes at most a twentieth of the time. */
const PAUSE_PER_COUNTING = 20;
const PAUSE_MS_MIN = 2_000;
/** Counts of a batch that changes by itself are not shown when they are older. */
const SHOWN_MAX = '10 seconds';
const REFRESHED_MAX = 20;

const AGE_LIMIT = `greatest(c.took_ms * ${PAUSE_PER_COUNTING}, ${PAUSE_MS_MIN}) * interval '1 millisecond'`;
/** Changes without a new version: calls, what follows a cancel or a retry, and rows that become recipients. */
const MOVES = `(b.status = 'RUNNING' OR c.counts -> 'states' ? 'IN_PROGRESS' OR b.chunk_work IS NOT NULL
  OR EXISTS (SELECT FROM imports i WHERE i.batch_id = b.id AND i.rows_outstanding))`;

/** The counts of large batches that are recent enough to be shown; of others, nothing. */
export async function readStoredCounts(db: Queryable, batchIds: readonly string[]): Promise<Map<string, StoredCounts>> {
  const { rows } = await db.query(
    `SELECT c.batch_id AS id, c.counts, c.counted_at AS "countedAt", c.counted_at < t.now - ${AGE_LIMIT} AS "isOld"
     FROM (SELECT dialwright_now() AS now OFFSET 0) t, batch_counts c JOIN batches b ON b.id = c.batch_id
     WHERE c.batch_id = ANY ($1) AND c.version = b.version AND (c.counted_at > t.now - interval '${SHOWN_MAX}' OR NOT ${MOVES})`,
    [batchIds],
  );
  return new Map(
    rows.map(({ id, counts, countedAt, isOld }) => [id, { counted: { ...(counts as BatchCounts), countedAt }, isOld }]),
  );
}

/** Counts batches now, and stores the counts of large ones. */
export async function countAndStore(db: Queryable, batchIds: readonly string[]): Promise<Map<string, CountedBatch>> {
  const startMs = performance.now();
  const { rows: batches } = await db.query(
    'SELECT id, version, dialwright_now() AS now FROM batches WHERE id = ANY ($1)',
    [batchIds],
  );
  const counts = await countBatches(db, batchIds);
  const tookMs = Math.ceil(performance.now() - startMs);
  const counted = new Map<string, CountedBatch>();
  for (const { id, version, now } of batches) {
    const found = counts.get(id)!; // every id that was asked for is there
    counted.set(id, { ...found, countedAt: now });
    if (isLarge(found)) await store(db, id, { version, now, tookMs, counts: found });
  }
  return counted;
}

/** Counts large batches again that change and whose counts are old: the sweeper's part. A batch that another one is counting is passed over. */
export async function refreshStoredCounts(db: Database): Promise<void> {
  for (let count = 0; count < REFRESHED_MAX; count++) if (!(await refreshOne(db))) return;
}

async function refreshOne(db: Database): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query(
      `SELECT c.batch_id AS id FROM (SELECT dialwright_now() AS now OFFSET 0) t, batch_counts c JOIN batches b ON b.id = c.batch_id
       WHERE c.counted_at < t.now - ${AGE_LIMIT} AND ${MOVES} AND b.deleted_at IS NULL
       ORDER BY c.counted_at LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED`,
    );
    if (!rows[0]) return false;
    const id = rows[0].id as string;
    const counted = (await countAndStore(tx, [id])).get(id);
    if (!counted || !isLarge(counted)) await tx.query('DELETE FROM batch_counts WHERE batch_id = $1', [id]);
    return true;
  });
}

type Stored = { version: number; now: Date; tookMs: number; counts: BatchCounts };

async function store(db: Queryable, batchId: string, { version, now, tookMs, counts }: Stored): Promise<void> {
  await db.query(
    `INSERT INTO batch_counts AS c (batch_id, counts, version, counted_at, took_ms) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (batch_id) DO UPDATE SET counts = excluded.counts, version = excluded.version, counted_at = excluded.counted_at, took_ms = excluded.took_ms
     WHERE c.counted_at < excluded.counted_at`,
    [batchId, JSON.stringify(counts), version, now, tookMs],
  );
}

function isLarge({ states }: BatchCounts): boolean {
  return Object.values(states).reduce((sum, count) => sum + count, 0) > LARGE_RECIPIENTS;
}
