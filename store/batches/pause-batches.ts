import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { changeBatch } from './change-batch.js';
import type { Queryable } from '../database.js';

/** What batches share that can be taken from them. Names of columns, never from outside. */
type Shared = { workspaceId: string; column: 'agent_id' | 'from_number_id'; ids: string[]; reason: string };

/** Pauses the running batches that use one of the things which were disabled. The caller holds the workspace lock. @returns their ids */
export async function pauseBatches(tx: Queryable, { workspaceId, column, ids, reason }: Shared): Promise<string[]> {
  const { rows } = await tx.query(
    `SELECT id FROM batches WHERE workspace_id = $1 AND ${column} = ANY($2) AND status = 'RUNNING' AND deleted_at IS NULL ORDER BY id`,
    [workspaceId, ids],
  );
  const batchIds = rows.map((row) => row.id as string);
  for (const batchId of batchIds) {
    await changeBatch(tx, {
      workspaceId,
      batchId,
      action: 'pause',
      from: ALLOWED_WHEN.pause,
      actor: 'dialwright',
      commandId: null,
      patch: { statusReason: reason },
    });
  }
  return batchIds;
}
