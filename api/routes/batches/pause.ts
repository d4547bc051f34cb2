import { z } from 'zod';
import { applyChange, answerBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { emptyBody, idIn } from '../../schemas/fields.js';

export const pauseBatchOperation = defineOperation({
  id: 'pauseBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/pause',
  summary: 'Pause a batch',
  description: 'RUNNING becomes PAUSED. Once this is answered no further call starts; live calls go on to their end.',
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  work: 'stop',
  params: z.object({ batchId: idIn('batch') }),
  body: emptyBody,
  responses: { 200: { description: 'The batch as it is now', headers: ['ETag'], schema: batchSchema } },
  errors: ['action_not_allowed'],
  async handler(context) {
    await applyChange(context, context.params.batchId, 'pause');
    return answerBatch(context, context.params.batchId, { countsOf: 'version or before' });
  },
});
