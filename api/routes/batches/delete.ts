import { z } from 'zod';
import { applyChange } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';

export const deleteBatchOperation = defineOperation({
  id: 'deleteBatch',
  method: 'delete',
  path: '/v1/batches/{batchId}',
  summary: 'Delete a batch',
  description: 'An open batch is cancelled first. It is no longer shown; the records of its calls are kept.',
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  params: z.object({ batchId: idIn('batch') }),
  responses: { 204: { description: 'Deleted' } },
  async handler(context) {
    await applyChange(context, context.params.batchId, 'delete');
    return { status: 204 };
  },
});
