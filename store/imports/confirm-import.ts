import type { Actor } from '../../domain/people/actor.js';
import type { BatchStatus } from '../../domain/batches/status.js';
import { inTransaction, type Database, type Queryable } from '../database.js';
import type { ImportState } from './read-import.js';
import { readCommand, recordOnce } from '../people/record-audit.js';

export type ConfirmResult =
  | { result: 'CONFIRMED' | 'NOT_FOUND' | 'NO_ACCEPTED_ROWS' | 'FIX_OUTSTANDING' }
  | { result: 'NOT_IN_REVIEW'; status: ImportState }
  | { result: 'NOT_ALLOWED'; status: BatchStatus };

type ImportCommand = {
  workspaceId: string;
  batchId: string;
  importId: string;
  actor: Actor;
  commandId: string | null;
};

/**
 * Confirms an import under review (`confirm_import_once`); its accepted rows follow in chunks (`moveImportRows`). A command that
 * is repeated counts as done.
 */
export async function confirmImport(
  db: Queryable,
  { workspaceId, importId, from, actor, commandId }: ImportCommand & { from: readonly BatchStatus[] },
): Promise<ConfirmResult> {
  const { rows } = await db.query('SELECT result, status FROM confirm_import_once($1, $2, $3, $4)', [
    workspaceId,
    importId,
    from,
    JSON.stringify({ actor, commandId }),
  ]);
  return rows[0];
}

/** A million rows take a few seconds. */
const DELETE_TIMEOUT = '60s';

export type DiscardResult = { result: 'DISCARDED' } | { result: 'NOT_IN_REVIEW'; status: ImportState };

/**
 * Discards an import under review, with its rows; or one that is being received, whose upload then ends. A command that is
 * repeated counts as done.
 */
export async function discardImport(db: Database, command: ImportCommand): Promise<DiscardResult> {
  if (await readCommand(db.pool, command.commandId)) return { result: 'DISCARDED' };
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ status: ImportState }>(
      'SELECT status FROM imports WHERE id = $1 AND workspace_id = $2 FOR NO KEY UPDATE',
      [command.importId, command.workspaceId],
    );
    // An upload that is refused takes its import with it.
    const status = rows[0]?.status ?? 'FAILED';
    if (status !== 'RECEIVING' && status !== 'REVIEW') return { result: 'NOT_IN_REVIEW', status };
    await tx.query(`UPDATE imports SET status = 'DISCARDED' WHERE id = $1 AND status = $2`, [command.importId, status]);
    // Of an upload no row was committed yet: there is nothing to wait for.
    if (status === 'REVIEW') {
      await tx.query(`SET LOCAL statement_timeout = '${DELETE_TIMEOUT}'`);
      await tx.query('DELETE FROM import_rows WHERE import_id = $1', [command.importId]);
      await tx.query('DELETE FROM import_fix_rows WHERE import_id = $1', [command.importId]);
    }
    const { workspaceId, batchId, importId, actor, commandId } = command;
    const entry = { batchId, commandId, target: { kind: 'import', id: importId }, detail: { importId } } as const;
    await recordOnce(tx, { workspaceId, actor, action: 'discard import', entry });
    return { result: 'DISCARDED' };
  });
}
