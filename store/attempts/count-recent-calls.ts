import {
  FAILED_OUTCOMES,
  SHORT_CALL_MS,
  TROUBLE_OUTCOMES,
  type CallCounts,
  type CircuitBreakers,
} from '../../domain/batches/circuit-breakers.js';
import type { Queryable } from '../database.js';

export type RecentCalls = {
  batchId: string;
  workspaceId: string;
  breakers: Partial<CircuitBreakers>;
  counts: CallCounts;
};

/** For each running batch with breakers: how its last calls ended since it was started or resumed. At most 200 batches. */
export async function countRecentCalls(db: Queryable): Promise<RecentCalls[]> {
  const { rows } = await db.query<RecentCalls>(
    `SELECT b.id AS "batchId", b.workspace_id AS "workspaceId", b.breakers,
       (SELECT json_build_object('ended', count(*), 'failed', count(*) FILTER (WHERE outcome = ANY ($1)),
          'trouble', count(*) FILTER (WHERE outcome = ANY ($2)), 'short', count(*) FILTER (WHERE outcome = 'ANSWERED' AND duration_ms < $3))
        FROM last_ended_calls(b.id, b.breakers_since, (b.breakers ->> 'sampleSize')::integer)) AS counts
     FROM batches b WHERE b.status = 'RUNNING' AND b.breakers ? 'sampleSize' ORDER BY b.id LIMIT 200`,
    [FAILED_OUTCOMES, TROUBLE_OUTCOMES, SHORT_CALL_MS],
  );
  return rows;
}
