import type { Queryable } from './database.js';
import { pauseBatches } from './pause-batches.js';

type SharedByMany = { workspaceId: string; column: 'agent_id' | 'from_number_id'; ids: string[]; reason: string };

/**
 * Pauses the running batches that use one of many things which were disabled at once. The caller holds the workspace
 * lock. @returns the ids of the batches
 */
export async function pauseBatchesOfAny(
  tx: Queryable,
  { workspaceId, column, ids, reason }: SharedByMany,
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT DISTINCT ${column} AS id FROM batches
     WHERE workspace_id = $1 AND ${column} = ANY($2) AND status = 'RUNNING' AND deleted_at IS NULL`,
    [workspaceId, ids],
  );
  const paused: string[] = [];
  for (const { id } of rows) paused.push(...(await pauseBatches(tx, { workspaceId, column, id, reason })));
  return paused;
}
