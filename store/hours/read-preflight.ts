import { queryAll, type Queryable } from '../database.js';

/** Who waits in a batch, and what holds their calls back beside the hours. */
export type PreflightFacts = {
  zones: { zoneSet: string; recipients: number }[];
  suppressed: number;
  /** The least of the limits of workspace, from-number and batch; what the batch's reserve leaves of the workspace's. */
  concurrency: number;
  /** The least of the rates; null when there is none. */
  callsPerSecond: number | null;
};

/** Reads an index entry for each waiting recipient: about 100 ms for a million. */
export async function readPreflight(db: Queryable, workspaceId: string, batchId: string): Promise<PreflightFacts> {
  const [zones, suppressed, limits] = await queryAll(db, [
    [
      `SELECT zone_set AS "zoneSet", count(*)::int AS recipients FROM recipient_states WHERE batch_id = $1 AND state = 'WAITING' GROUP BY zone_set ORDER BY zone_set`,
      [batchId],
    ],
    [
      `SELECT count(*)::int AS count FROM (
         SELECT r.recipient_id FROM recipient_states r JOIN suppressions s ON s.workspace_id = $1 AND s.phone_key = r.phone_key
           WHERE r.batch_id = $2 AND r.state = 'WAITING'
         UNION SELECT r.recipient_id FROM recipient_states r, unnest(r.other_keys) AS other (phone_key)
           JOIN suppressions s ON s.workspace_id = $1 AND s.phone_key = other.phone_key
           WHERE r.batch_id = $2 AND r.state = 'WAITING' AND r.phone_key <> r.phone) found`,
      [workspaceId, batchId],
    ],
    [
      `SELECT greatest(least(w.concurrency_limit - b.reserved_concurrency, n.concurrency_limit, b.concurrency_limit), 0) AS concurrency,
         least(w.calls_per_second, n.calls_per_second, b.calls_per_second) AS "callsPerSecond"
       FROM batches b JOIN workspaces w ON w.id = b.workspace_id LEFT JOIN phone_numbers n ON n.id = b.from_number_id WHERE b.id = $1`,
      [batchId],
    ],
  ]);
  return { zones: zones!.rows, suppressed: suppressed!.rows[0].count, ...limits!.rows[0] }; // one result for each query
}
