import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { publicId } from '../../domain/ids.js';
import { removeRecipients, type RemoveWhom } from '../../store/recipients/remove-recipients.js';
import { notAllowed } from './change-batch.js';
import { notFound } from '../http/errors.js';
import type { RequestDeps, Auth } from '../http/operation.js';
import { wakeBatch } from './wake-batch.js';

type Asked = { deps: RequestDeps; auth: Auth; commandId: string | null };

/** Takes waiting recipients out of a batch, then tells its run. @throws ApiError when the batch is not there or does not allow it */
export async function removeFromBatch(
  { deps, auth, commandId }: Asked,
  batchId: string,
  whom: RemoveWhom,
): Promise<{ removed: number; left: number }> {
  const answer = await removeRecipients(deps.db, {
    workspaceId: auth.workspaceId,
    batchId,
    whom,
    actor: auth.actor,
    commandId,
    from: ALLOWED_WHEN.removeRecipients,
  });
  if (answer.result === 'NOT_FOUND') throw notFound('batch', publicId('batch', batchId));
  if (answer.result === 'NOT_ALLOWED')
    throw notAllowed({ id: batchId, kind: 'BATCH', status: answer.status }, 'removeRecipients');
  await wakeBatch(deps, batchId);
  return { removed: answer.removed, left: answer.left };
}
