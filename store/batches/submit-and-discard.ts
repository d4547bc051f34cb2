import { inTransaction, type Database, type Queryable } from '../database.js';
import { recordCommand } from '../people/record-command.js';
import { changeBatch, type ChangeRequest, type ChangeResult } from './change-batch.js';

/** A million rows take a few seconds. */
const DELETE_TIMEOUT = '60s';

/** Uploads to a batch that are received or under review. */
export async function listOpenImports(db: Queryable, batchId: string): Promise<string[]> {
  const { rows } = await db.query(`SELECT id FROM imports WHERE batch_id = $1 AND status IN ('RECEIVING', 'REVIEW')`, [
    batchId,
  ]);
  return rows.map(({ id }) => id as string);
}

/**
 * Submits a batch and discards uploads to it, with their rows: both, or when the submit is refused neither. The rows go first,
 * so that the workspace lock is held for the change only; a second look takes those that were committed meanwhile.
 */
export async function submitAndDiscard(
  db: Database,
  request: ChangeRequest,
  importIds: readonly string[],
): Promise<ChangeResult> {
  const patch = { ...request.patch, discardImports: importIds };
  try {
    return await inTransaction(db, async (tx) => {
      const deleteRows = () => tx.query('DELETE FROM import_rows WHERE import_id = ANY ($1)', [importIds]);
      await tx.query(`SET LOCAL statement_timeout = '${DELETE_TIMEOUT}'`);
      await deleteRows();
      const change = await changeBatch(tx, { ...request, patch });
      if (change.result !== 'CHANGED') throw new NotSubmitted(change);
      await deleteRows();
      for (const importId of importIds)
        await recordCommand(tx, { ...request, commandId: null, action: 'discard import', detail: { importId } });
      return change;
    });
  } catch (err) {
    if (err instanceof NotSubmitted) return err.change;
    throw err;
  }
}

/** Takes the deleted rows back. */
class NotSubmitted extends Error {
  override readonly name = 'NotSubmitted';
  constructor(readonly change: ChangeResult) {
    super(`the batch was not submitted: ${change.result}`);
  }
}
