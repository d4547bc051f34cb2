import { publicId } from '../../../domain/ids.js';
import { countStaying, noteUndone } from '../../../store/imports/undo-import.js';
import { ApiError } from '../../http/errors.js';
import type { Auth, Command, RequestDeps } from '../../http/operation.js';
import { requireImport } from '../confirm-and-move.js';
import { removeFromBatch } from '../remove-recipients.js';

type Asked = { deps: RequestDeps; auth: Auth; command: Command };

/**
 * Takes back the recipients of a confirmed import that were not called, as they are removed one by one. Repeated, it removes who
 * waits by then. @throws ApiError for an import that was not confirmed, or whose rows still move
 */
export async function undoImport(asked: Asked, importId: string) {
  const { deps, auth, command } = asked;
  const { id, batchId, status, rowsOutstanding } = await requireImport(asked, importId);
  const name = publicId('import', id);
  if (status !== 'CONFIRMED') {
    const message = `The import ${name} is ${status}; only one that was confirmed can be undone. Discard it instead.`;
    throw new ApiError('import_not_confirmed', message, { members: { importStatus: status } });
  }
  if (rowsOutstanding) {
    const message = `Rows of the import ${name} are still becoming recipients. Wait until \`rowsOutstanding\` is false.`;
    throw new ApiError('import_rows_outstanding', message);
  }
  const asAsked = { deps, auth, commandId: command.id };
  const { removed, left } = await removeFromBatch(asAsked, batchId, { importId: id });
  const staying = await countStaying(deps.db.pool, { id, batchId });
  // Who was called and waited for another call counts as removed there, and stays here.
  const removedRecipients = Math.max(removed + left - staying.inCall - staying.called - staying.settled, 0);
  const counts = { removedRecipients, ...staying };
  await noteUndone(deps.db, { workspaceId: auth.workspaceId, actor: auth.actor, id, batchId }, counts);
  return { removedRecipients, staying };
}
