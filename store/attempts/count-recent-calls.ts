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

/** Batches that are counted in one query. */
const PAGE_MAX = 200;

/** The running batches with breakers, in the order of their ids, so many at a time: those that come after this one. */
export async function findBatchesWithBreakers(db: Queryable, afterId: string | null): Promise<string[]> {
  const { rows } = await db.query(
    `SELECT id FROM batches WHERE status = 'RUNNING' AND breakers ? 'sampleSize' AND ($1::uuid IS NULL OR id > $1)
     ORDER BY id LIMIT ${PAGE_MAX}`,
    [afterId],
  );
  return rows.map(({ id }) => id as string);
}

/** How the last calls of these batches ended since each was started or resumed; of those that run no more, nothing. */
export async function countRecentCalls(db: Queryable, batchIds: readonly string[]): Promise<RecentCalls[]> {
  const { rows } = await db.query<RecentCalls>(
    `SELECT b.id AS "batchId", b.workspace_id AS "workspaceId", b.breakers,
       (SELECT json_build_object('ended', count(*), 'failed', count(*) FILTER (WHERE outcome = ANY ($1)),
          'trouble', count(*) FILTER (WHERE outcome = ANY ($2)), 'short', count(*) FILTER (WHERE outcome = 'ANSWERED' AND duration_ms < $3))
        FROM last_ended_calls(b.id, b.breakers_since, (b.breakers ->> 'sampleSize')::integer)) AS counts
     FROM batches b WHERE b.id = ANY ($4) AND b.status = 'RUNNING'`,
    [FAILED_OUTCOMES, TROUBLE_OUTCOMES, SHORT_CALL_MS, batchIds],
  );
  return rows;
}
