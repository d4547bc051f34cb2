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
/** One that cannot be counted is tried again after this long. */
const FAILED_PAUSE = '30 seconds';

const againAfter = (tookMs: string): string =>
  `greatest(${tookMs} * ${PAUSE_PER_COUNTING}, ${PAUSE_MS_MIN}) * interval '1 millisecond'`;
/** Changes without a new version: calls, what follows a cancel or a retry, and rows that become recipients. */
const MOVES = `(b.status = 'RUNNING' OR c.counts -> 'states' ? 'IN_PROGRESS' OR b.chunk_work IS NOT NULL
  OR EXISTS (SELECT FROM imports i WHERE i.batch_id = b.id AND i.rows_outstanding))`;

/** Of which version of a batch counts may be shown: its own, or also the one before a change that changes no count. */
export type CountsOf = 'version' | 'version or before';

/** The counts of large batches that are recent enough to be shown; of others, nothing. */
export async function readStoredCounts(
  db: Queryable,
  batchIds: readonly string[],
  of: CountsOf,
): Promise<Map<string, StoredCounts>> {
  const { rows } = await db.query(
    `SELECT c.batch_id AS id, c.counts, c.counted_at AS "countedAt",
       c.version <> b.version OR c.counted_at < t.now - ${againAfter('c.took_ms')} AS "isOld"
     FROM (SELECT dialwright_now() AS now OFFSET 0) t, batch_counts c JOIN batches b ON b.id = c.batch_id
     WHERE c.batch_id = ANY ($1) AND CASE WHEN c.counted_at > t.now - interval '${SHOWN_MAX}' THEN c.version >= b.version - $2::integer
       ELSE c.version = b.version AND NOT ${MOVES} END`,
    [batchIds, of === 'version or before' ? 1 : 0],
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

/**
 * Counts large batches again that change and whose counts are old: the sweeper's part. A batch that another one is counting
 * is passed over, and one whose counts do not change by themselves is not looked at again.
 */
export async function refreshStoredCounts(db: Database, report: (err: unknown) => void): Promise<void> {
  for (let count = 0; count < REFRESHED_MAX; count++) if (!(await refreshOne(db, report))) return;
}

async function refreshOne(db: Database, report: (err: unknown) => void): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query(
      `SELECT c.batch_id AS id, ${MOVES} AND b.deleted_at IS NULL AS moves FROM batch_counts c JOIN batches b ON b.id = c.batch_id
       WHERE c.count_again_at <= (SELECT dialwright_now())
       ORDER BY c.count_again_at LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED`,
    );
    if (!rows[0]) return false;
    const { id, moves } = rows[0] as { id: string; moves: boolean };
    if (!moves) await countAgainIn(tx, id, null);
    else if (!(await countOrPutOff(tx, id, report))) await countAgainIn(tx, id, FAILED_PAUSE);
    return true;
  });
}

/** @returns false when it cannot be counted; the transaction goes on */
async function countOrPutOff(tx: Queryable, id: string, report: (err: unknown) => void): Promise<boolean> {
  await tx.query('SAVEPOINT counting');
  try {
    const counted = (await countAndStore(tx, [id])).get(id);
    if (!counted || !isLarge(counted)) await tx.query('DELETE FROM batch_counts WHERE batch_id = $1', [id]);
    return true;
  } catch (err) {
    await tx.query('ROLLBACK TO SAVEPOINT counting');
    report(err);
    return false;
  }
}

async function countAgainIn(tx: Queryable, id: string, pause: string | null): Promise<void> {
  await tx.query('UPDATE batch_counts SET count_again_at = dialwright_now() + $2::interval WHERE batch_id = $1', [
    id,
    pause,
  ]);
}

type Stored = { version: number; now: Date; tookMs: number; counts: BatchCounts };

async function store(db: Queryable, batchId: string, { version, now, tookMs, counts }: Stored): Promise<void> {
  await db.query(
    `INSERT INTO batch_counts AS c (batch_id, counts, version, counted_at, took_ms, count_again_at)
     VALUES ($1, $2, $3, $4, $5, $4::timestamptz + ${againAfter('$5::integer')})
     ON CONFLICT (batch_id) DO UPDATE SET counts = excluded.counts, version = excluded.version,
       counted_at = excluded.counted_at, took_ms = excluded.took_ms, count_again_at = excluded.count_again_at
     WHERE c.counted_at < excluded.counted_at`,
    [batchId, JSON.stringify(counts), version, now, tookMs],
  );
}

function isLarge({ states }: BatchCounts): boolean {
  return Object.values(states).reduce((sum, count) => sum + count, 0) > LARGE_RECIPIENTS;
}
