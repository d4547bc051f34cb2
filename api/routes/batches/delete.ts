import { z } from 'zod';
import { RESTORABLE_DAYS } from '../../../domain/batches/status.js';
import { publicId } from '../../../domain/ids.js';
import { readDeletedBatch } from '../../../store/batches/read-batches.js';
import { applyChange } from '../../actions/change-batch.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { deletedBatchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { toDeletedBatchView } from '../../views/batch-view.js';

export const deleteBatchOperation = defineOperation({
  id: 'deleteBatch',
  method: 'delete',
  path: '/v1/batches/{batchId}',
  summary: 'Delete a batch',
  description: `An open batch is cancelled first, and comes back as CANCELLED when it is restored: \`wasCancelled\` says so. A deleted batch is no longer shown; the records of its calls are kept. It can be restored for ${RESTORABLE_DAYS} days.`,
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  params: z.object({ batchId: idIn('batch') }),
  responses: { 200: { description: 'Deleted', schema: deletedBatchSchema } },
  async handler(context) {
    const { auth, params, deps } = context;
    await applyChange(context, params.batchId, 'delete');
    const deleted = await readDeletedBatch(deps.db.pool, auth.workspaceId, params.batchId);
    // Somebody has restored it already.
    if (!deleted) throw notFound('batch', publicId('batch', params.batchId));
    return { status: 200, body: toDeletedBatchView(params.batchId, deleted) };
  },
});
