import type { BatchStatus } from '../../domain/batches/status.js';
import type { Queryable } from '../database.js';

/** Where a batch stands, for its run. Durations, never instants: clocks are compared in PostgreSQL only. */
export type BatchView = {
  status: BatchStatus | 'DELETED';
  statusReason: string | null;
  workspaceId: string;
  generation: number;
  laneEpoch: number;
  /** READY, SETTLED, or why no call can start now. */
  reason: string;
  /** From now until that may change by itself. */
  untilMs: number | null;
  /** How many calls could start now, at most as many as lanes are of use. */
  couldStart: number;
};

/** Starts the batch if its time has come, acknowledges the API's wake, and says where the batch stands. Safe to repeat. */
export async function lookAtBatch(db: Queryable, batchId: string, dialBudgetMs: number): Promise<BatchView> {
  const { rows } = await db.query('SELECT * FROM look_at_batch($1, make_interval(secs => $2))', [
    batchId,
    dialBudgetMs / 1000,
  ]);
  const row = rows[0];
  return {
    status: row.status,
    statusReason: row.status_reason,
    workspaceId: row.workspace_id,
    generation: row.generation,
    laneEpoch: row.lane_epoch,
    reason: row.reason,
    untilMs: row.until_ms === null ? null : Number(row.until_ms),
    couldStart: row.could_start,
  };
}

/** Leaves the lanes of a run behind that is about to continue as new. @returns the new epoch. */
export async function raiseLaneEpoch(db: Queryable, batchId: string): Promise<number> {
  const { rows } = await db.query(
    `WITH raised AS (UPDATE batches SET lane_epoch = lane_epoch + 1, sweep_at = least(sweep_at, dialwright_now() + interval '2 s') WHERE id = $1 RETURNING lane_epoch, workspace_id)
     SELECT lane_epoch AS "laneEpoch", notify_lanes(workspace_id) FROM raised`,
    [batchId],
  );
  return rows[0].laneEpoch;
}
