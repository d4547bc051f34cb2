import { z } from 'zod';
import { applyChange, answerBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';

export const cancelBatchOperation = defineOperation({
  id: 'cancelBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/cancel',
  summary: 'Cancel a batch',
  description:
    'Once this is answered no further call starts, and whoever waited is CANCELLED; live calls go on to their end, or are hung up with `hangUp: true`. 409 when the batch is a draft or over.',
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  work: 'stop',
  params: z.object({ batchId: idIn('batch') }),
  body: z.strictObject({ hangUp: z.boolean().default(false) }).optional(),
  responses: { 200: { description: 'The batch as it is now', headers: ['ETag'], schema: batchSchema } },
  errors: ['action_not_allowed'],
  async handler(context) {
    await applyChange(
      context,
      context.params.batchId,
      'cancel',
      context.body?.hangUp ? { patch: { hangUp: true } } : {},
    );
    return answerBatch(context, context.params.batchId);
  },
});
