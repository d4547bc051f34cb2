import type { Queryable } from '../database.js';

export type WorkspaceRecord = {
  id: string;
  name: string;
  concurrencyLimit: number;
  callsPerSecond: number | null;
  frequencyCap: number | null;
  /** Ids of the rule packs that are on; null: those that are on by default. */
  rulePacks: string[] | null;
  /** Whether members without a second factor get in no further than to set one up. */
  requiresSecondFactor: boolean;
  stoppedAt: Date | null;
  /** Who set the stop; null when there is none, or it was set by hand in the database. */
  stoppedBy: { name: string; role: 'operator' | 'admin'; reason: string | null } | null;
  slotsHeld: number;
  suppressions: number;
};

/** A workspace with its limits, how many of its slots have a call now, and how many numbers are suppressed. */
export async function readWorkspace(db: Queryable, id: string): Promise<WorkspaceRecord> {
  const { rows } = await db.query<WorkspaceRecord>(
    `SELECT id, name, concurrency_limit AS "concurrencyLimit", calls_per_second AS "callsPerSecond", frequency_cap AS "frequencyCap",
       rule_packs AS "rulePacks", requires_second_factor AS "requiresSecondFactor", stopped_at AS "stoppedAt",
       CASE WHEN (stopped_by ->> 'at')::timestamptz = stopped_at THEN stopped_by END AS "stoppedBy",
       (SELECT count(*)::int FROM held_slots(w.id)) AS "slotsHeld",
       (SELECT count(*)::int FROM suppressions WHERE workspace_id = w.id) AS suppressions
     FROM workspaces w WHERE id = $1`,
    [id],
  );
  return rows[0] as WorkspaceRecord;
}
