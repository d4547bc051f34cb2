import { z } from 'zod';
import { RESTORABLE_DAYS } from '../../../domain/batches/status.js';
import { answerBatch, applyChange } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';

export const restoreBatchOperation = defineOperation({
  id: 'restoreBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/restore',
  summary: 'Restore a deleted batch',
  description: `Within ${RESTORABLE_DAYS} days of its delete. One that was open then comes back as CANCELLED, and calls nobody until it is retried; any other one as it was.`,
  tag: 'batches',
  role: 'operator',
  params: z.object({ batchId: idIn('batch') }),
  responses: { 200: { description: 'The batch as it is now', headers: ['ETag'], schema: batchSchema } },
  errors: ['batch_not_deleted', 'restore_too_late'],
  async handler(context) {
    const patch = { restorableFor: `${RESTORABLE_DAYS} days` };
    await applyChange(context, context.params.batchId, 'restore', { patch });
    return answerBatch(context, context.params.batchId);
  },
});
