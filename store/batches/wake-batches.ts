import type { BatchToWake } from '../../domain/batches/batch-to-wake.js';
import type { Queryable } from '../database.js';

/**
 * Takes the right to wake a batch's run: at most one wake is unacknowledged, because the run that looks sees every change
 * made before it. @returns null when a wake is under way already or the batch has never been submitted.
 */
export async function takeWake(db: Queryable, batchId: string): Promise<BatchToWake | null> {
  const { rows } = await db.query(
    `UPDATE batches SET wake_sent_version = version, wake_sent_at = dialwright_now()
     WHERE id = $1 AND wake_sent_version IS NULL AND status <> 'DRAFT'
     RETURNING id AS "batchId", workspace_id AS "workspaceId", status, version, run_handled AS "runHandled"`,
    [batchId],
  );
  return rows[0] ?? null;
}

export type NeglectedBatch = BatchToWake & {
  /** Claimable or finishable work, and no lane seen: lanes that the run believes alive are dead. */
  lanesLost: boolean;
  /** Whether its run has something to look at; else only the run's being there is to be checked. */
  wakeWanted: boolean;
};

type NeglectOptions = {
  dialBudgetMs: number;
  wakeLostMs: number;
  laneLostMs: number;
  runCheckMs: number;
  limit: number;
};

/**
 * Batches that something should be doing something about: a wake nobody answered, a start that is past, work that could
 * be done and no lane for it, nothing left to do but no finish, nobody left who may be called, or simply not looked after for a while. Each is taken by
 * one sweeper at a time, and not again until `wakeLostMs` have passed.
 */
export async function takeNeglectedBatches(db: Queryable, options: NeglectOptions): Promise<NeglectedBatch[]> {
  const { rows } = await db.query(
    `WITH t AS MATERIALIZED (SELECT dialwright_now() AS now),
     neglected AS (
       SELECT b.id, idle, idle OR b.wake_sent_at IS NOT NULL OR b.status = 'PENDING' OR b.status = 'SCHEDULED' AND b.start_at < t.now - interval '1 s' AS wake
       FROM batches b CROSS JOIN t
       -- That nobody is due is confirmed once in a while: the look at everybody may be long.
       CROSS JOIN LATERAL (SELECT coalesce(b.run_checked_at, b.submitted_at, '-infinity') < t.now - make_interval(secs => $3) AS is_check_due) checked
       CROSS JOIN LATERAL (SELECT b.status = 'RUNNING' AND (SELECT reason FROM batch_prospect(b.id, t.now, make_interval(secs => $5), NULL, is_check_due)) IN ('READY', 'SETTLED', 'NEVER_OPEN')
         AND NOT EXISTS (SELECT FROM lane_demand d WHERE d.batch_id = b.id AND d.seen_at > t.now - make_interval(secs => $2)) AS idle) lanes
       WHERE b.status <> 'DRAFT' AND (b.wake_sent_at IS NULL OR b.wake_sent_at < t.now - make_interval(secs => $1))
         AND (idle OR b.wake_sent_at IS NOT NULL OR b.status = 'PENDING' OR b.status = 'SCHEDULED' AND b.start_at < t.now - interval '1 s'
           OR b.status IN ('SCHEDULED', 'RUNNING') AND is_check_due)
       ORDER BY idle DESC, b.run_checked_at NULLS FIRST LIMIT $4 FOR NO KEY UPDATE OF b SKIP LOCKED)
     UPDATE batches b SET run_checked_at = t.now,
       wake_sent_version = CASE WHEN n.wake THEN b.version END, wake_sent_at = CASE WHEN n.wake THEN t.now END,
       unanswered_since = CASE WHEN n.idle THEN coalesce(b.unanswered_since, t.now) ELSE b.unanswered_since END
     FROM neglected n, t WHERE b.id = n.id
     RETURNING b.id AS "batchId", b.workspace_id AS "workspaceId", b.status, b.version, n.idle AS "lanesLost", n.wake AS "wakeWanted", b.run_handled AS "runHandled"`,
    [
      options.wakeLostMs / 1000,
      options.laneLostMs / 1000,
      options.runCheckMs / 1000,
      options.limit,
      options.dialBudgetMs / 1000,
    ],
  );
  return rows;
}
