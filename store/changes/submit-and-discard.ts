import { queryForLong, type Database, type Queryable } from '../database.js';
import { valuesOf, type ChangeRequest, type ChangeResult } from './change-batch.js';

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
 * Submits a batch and discards uploads to it, with their rows (`submit_and_discard`): both, or when the submit is refused
 * neither.
 */
export async function submitAndDiscard(
  db: Database,
  request: ChangeRequest,
  importIds: readonly string[],
): Promise<ChangeResult> {
  const { rows } = await queryForLong<ChangeResult>(db, DELETE_TIMEOUT, [
    'SELECT result, status, version FROM submit_and_discard($1, $2, $3)',
    valuesOf({ ...request, patch: { ...request.patch, discardImports: importIds } }),
  ]);
  return rows[0] as ChangeResult; // a function of one row
}
