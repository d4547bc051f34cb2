import { JOB_KEPT_DAYS } from '../../domain/jobs/job.js';
import { failLostImports, forgetReplacedRows } from '../imports/create-import.js';
import { forgetFixRows } from '../imports/fixes/run-fix.js';
import type { Queryable } from '../database.js';

/** Rows that follow a cancel or a retry, per call: about 100 ms. */
export const CHUNK_ROWS_MAX = 5_000;
/** Rows that become recipients, per call: about 50 ms. */
const MOVED_ROWS_MAX = 2_500;

/** Lets recipients follow their cancelled or retried batch. @returns true when more is left. */
export async function doChunkWork(db: Queryable, batchId: string): Promise<boolean> {
  const { rows } = await db.query('SELECT do_chunk_work($1, $2) AS more', [batchId, CHUNK_ROWS_MAX]);
  return rows[0].more;
}

/** Lets accepted rows of a confirmed import become recipients. @returns true when more is left. */
export async function moveImportRows(db: Queryable, importId: string): Promise<boolean> {
  const { rows } = await db.query('SELECT move_import_rows($1, $2) AS more', [importId, MOVED_ROWS_MAX]);
  return rows[0].more;
}

/** Batches whose recipients still have to follow, imports whose rows have, batches past their end in which somebody waits, drafts whose zones are derived again, and jobs that run, whichever: each has its turn; at most 50 of each, without those of `failed`. */
export async function findOutstandingRows(
  db: Queryable,
  failed: readonly string[] = [],
): Promise<{ batchIds: string[]; importIds: string[]; endedIds: string[]; zoneIds: string[]; jobIds: string[] }> {
  const { rows } = await db.query(
    `SELECT ARRAY(SELECT id FROM batches WHERE chunk_work <> 'RETRY_JOB' AND id <> ALL ($1::uuid[]) LIMIT 50) AS "batchIds",
            ARRAY(SELECT id FROM batches WHERE zones_through IS NOT NULL AND status = 'DRAFT' AND deleted_at IS NULL AND id <> ALL ($1::uuid[]) LIMIT 50) AS "zoneIds",
            ARRAY(SELECT id FROM imports WHERE rows_outstanding AND id <> ALL ($1::uuid[]) LIMIT 50) AS "importIds",
            ARRAY(SELECT id FROM batches WHERE end_at <= dialwright_now() AND status IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED')
              AND deleted_at IS NULL AND id <> ALL ($1::uuid[]) AND unsettled_state(id) = 'WAITING' LIMIT 50) AS "endedIds",
            ARRAY(SELECT id FROM jobs WHERE status = 'RUNNING' AND id <> ALL ($1::uuid[]) ORDER BY random() LIMIT 10) AS "jobIds"`,
    [failed],
  );
  return rows[0];
}

/** Recipients whose `not after` has passed while they waited: FAILED, with the reason EXPIRED. @returns how many. */
export async function expireRecipients(db: Queryable): Promise<number> {
  const { rows } = await db.query('SELECT expire_recipients($1) AS expired', [CHUNK_ROWS_MAX]);
  return rows[0].expired;
}

/** Settles those to whom no call may start any more: past the end of the batch, or because their hours never open (`settle_uncallable`). @returns true when more is left. */
export async function settleUncallable(db: Queryable, batchId: string, dialBudgetMs: number): Promise<boolean> {
  const { rows } = await db.query('SELECT settle_uncallable($1, make_interval(secs => $2), $3) AS more', [
    batchId,
    dialBudgetMs / 1000,
    CHUNK_ROWS_MAX,
  ]);
  return rows[0].more;
}

/** Forgets what is no longer of use: answered idempotency keys, links that are over, people who have left, uploads that died half way, what was kept to undo a fix, jobs that are long over, events whose call was never ours, traces of dead processes. */
export async function forgetLeftovers(db: Queryable): Promise<void> {
  await db.query(`SELECT forget_idempotency_keys('24 hours', $1)`, [CHUNK_ROWS_MAX]);
  await db.query('SELECT forget_commands($1)', [CHUNK_ROWS_MAX]);
  await db.query(`SELECT forget_sign_in_links('7 days', $1)`, [CHUNK_ROWS_MAX]);
  await db.query(`SELECT forget_people('30 days', $1)`, [CHUNK_ROWS_MAX]);
  await db.query(`SELECT forget_jobs('${JOB_KEPT_DAYS} days', $1)`, [CHUNK_ROWS_MAX]);
  await db.query(`SELECT forget_strays('6 hours', $1)`, [CHUNK_ROWS_MAX]);
  // Of processes that died before they ever said that they were there.
  await db.query(`DELETE FROM lane_demand d WHERE seen_at < (SELECT dialwright_now()) - interval '1 hour'
    AND NOT EXISTS (SELECT FROM lane_processes p WHERE p.process = d.process)`);
  await forgetFixRows(db);
  await forgetReplacedRows(db, CHUNK_ROWS_MAX);
  await failLostImports(db);
}
