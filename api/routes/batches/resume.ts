import { z } from 'zod';
import { applyChange, answerBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { emptyBody, idIn } from '../../schemas/fields.js';

export const resumeBatchOperation = defineOperation({
  id: 'resumeBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/resume',
  summary: 'Resume a batch',
  description: 'PAUSED becomes RUNNING, or SCHEDULED when its start has not come.',
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  params: z.object({ batchId: idIn('batch') }),
  body: emptyBody,
  responses: { 200: { description: 'The batch as it is now', headers: ['ETag'], schema: batchSchema } },
  errors: ['action_not_allowed'],
  async handler(context) {
    await applyChange(context, context.params.batchId, 'resume');
    return answerBatch(context, context.params.batchId, { countsOf: 'version or before' });
  },
});
