import type { LiveChange, LiveKind } from '../../domain/live.js';
import type { Queryable } from '../database.js';

/** What changes of a workspace while calls are made. */
export type LiveWorkspace = {
  id: string;
  name: string;
  concurrency: number;
  callsPerSecond: number | null;
  slotsHeld: number;
  stoppedAt: Date | null;
  stoppedBy: string | null;
};

export async function readLiveWorkspace(db: Queryable, id: string): Promise<LiveWorkspace> {
  const { rows } = await db.query<LiveWorkspace>(
    `SELECT id, name, concurrency_limit AS concurrency, calls_per_second AS "callsPerSecond",
       (SELECT count(*)::int FROM held_slots(w.id)) AS "slotsHeld", stopped_at AS "stoppedAt",
       CASE WHEN (stopped_by ->> 'at')::timestamptz = stopped_at THEN stopped_by ->> 'name' END AS "stoppedBy"
     FROM workspaces w WHERE id = $1`,
    [id],
  );
  return rows[0]!; // a workspace is never removed
}

/** How long before it is committed a change may have been written, and noted: its transaction, and ten seconds (`note_change_of`). */
const COMMIT_MAX = '60 s';

/**
 * What has changed in a workspace since a time, and what changed up to a minute before: it may have been committed since.
 * @returns null when that is more than `max` things
 */
export async function readChangesSince(
  db: Queryable,
  workspaceId: string,
  { since, max }: { since: Date; max: number },
): Promise<LiveChange[] | null> {
  const { rows } = await db.query<{ kind: LiveKind; id: string }>(
    `SELECT kind, id FROM live_changes WHERE workspace_id = $1 AND changed_at >= $2::timestamptz - interval '${COMMIT_MAX}'
     ORDER BY changed_at DESC LIMIT $3`,
    [workspaceId, since, max + 1],
  );
  return rows.length > max ? null : rows.map(({ kind, id }) => ({ workspaceId, kind, id }));
}

const LOOKED_AT_MAX = 20;

/** Batches whose state changes by time alone: the newest that are running, at most 20 of each workspace. */
export async function readRunningBatches(db: Queryable, workspaceIds: readonly string[]): Promise<LiveChange[]> {
  const { rows } = await db.query<{ workspaceId: string; id: string }>(
    `SELECT w.id AS "workspaceId", b.id FROM unnest($1::uuid[]) w (id) CROSS JOIN LATERAL (
       SELECT b.id FROM batches b WHERE b.workspace_id = w.id AND b.status = 'RUNNING' ORDER BY b.id DESC LIMIT ${LOOKED_AT_MAX}) b`,
    [workspaceIds],
  );
  return rows.map((row) => ({ ...row, kind: 'batch' }));
}
