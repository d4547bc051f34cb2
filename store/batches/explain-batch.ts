import type { Queryable } from '../database.js';

/** Recipients who wait for one and the same thing; `untilAt` is when the first of them may be called. */
export type WaitingGroup = { reason: string; recipients: number; untilAt: Date | null };

/** Beyond it the rest is one group: a batch of a million that wait for their time must not be read as a whole. */
const EXPLAINED_MAX = 100_000;

/** Recipients of a batch whose time has not come, by what they wait for. Reads at most 100,000 of them. */
export async function groupWaiting(db: Queryable, batchId: string): Promise<WaitingGroup[]> {
  const { rows } = await db.query(
    `SELECT coalesce(wait_reason, CASE WHEN due_at = not_before THEN 'NOT_BEFORE' ELSE 'NOT_DUE' END) AS reason,
       count(*)::int AS recipients, min(due_at) FILTER (WHERE isfinite(due_at)) AS "untilAt"
     FROM (SELECT wait_reason, due_at, not_before FROM recipient_states
           WHERE batch_id = $1 AND state = 'WAITING' AND due_at > (SELECT dialwright_now()) LIMIT ${EXPLAINED_MAX}) later
     GROUP BY 1 ORDER BY 2 DESC, 1`,
    [batchId],
  );
  return rows;
}
