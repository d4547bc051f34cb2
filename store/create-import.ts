import type { BatchStatus } from '../domain/batch-status.js';
import type { Queryable } from './database.js';

export type NewImport = {
  /** Given when the request has an Idempotency-Key. */
  id: string | null;
  workspaceId: string;
  batchId: string;
  fileName: string;
  from: readonly BatchStatus[];
};

export type CreateImportResult =
  /** The row is RECEIVING and ours to fill. */
  | { is: 'receiving'; importId: string }
  /** An earlier try of the same request got to the end. */
  | { is: 'received'; importId: string }
  | { is: 'not-allowed' };

/** Opens an import into a batch that still takes recipients. An earlier try that did not get to its end is begun again. */
export async function createImport(db: Queryable, input: NewImport): Promise<CreateImportResult> {
  const { rows } = await db.query(
    `INSERT INTO imports AS i (id, workspace_id, batch_id, file_name)
     SELECT coalesce($1::uuid, new_id()), workspace_id, id, $4 FROM batches
     WHERE id = $3 AND workspace_id = $2 AND deleted_at IS NULL AND status = ANY ($5)
     ON CONFLICT (id) DO UPDATE SET status = 'RECEIVING', error = NULL, created_at = callwright_now() WHERE i.status IN ('RECEIVING', 'FAILED')
     RETURNING id`,
    [input.id, input.workspaceId, input.batchId, input.fileName, input.from],
  );
  if (rows[0]) return { is: 'receiving', importId: rows[0].id };
  const earlier = await db.query('SELECT id FROM imports WHERE id = $1 AND workspace_id = $2', [
    input.id,
    input.workspaceId,
  ]);
  return earlier.rows[0] ? { is: 'received', importId: earlier.rows[0].id } : { is: 'not-allowed' };
}

/** Takes back an import whose file was refused: nothing of it stays. */
export async function dropImport(db: Queryable, importId: string): Promise<void> {
  await db.query(`DELETE FROM imports WHERE id = $1 AND status = 'RECEIVING'`, [importId]);
}

/** The upload failed on our side: nothing of its rows stayed. */
export async function failImport(db: Queryable, importId: string): Promise<void> {
  const error = { code: 'upload_failed', message: 'The upload failed on our side. Upload the file again.' };
  await db.query(`UPDATE imports SET status = 'FAILED', error = $2 WHERE id = $1 AND status = 'RECEIVING'`, [
    importId,
    JSON.stringify(error),
  ]);
}
