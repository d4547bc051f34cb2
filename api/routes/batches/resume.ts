import { z } from 'zod';
import { applyChange, toChangeView } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchChangeSchema } from '../../schemas/batch-schemas.js';
import { emptyBody, idIn } from '../../schemas/fields.js';

export const resumeBatchOperation = defineOperation({
  id: 'resumeBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/resume',
  summary: 'Resume a batch',
  description: 'PAUSED becomes RUNNING, or SCHEDULED when its start has not come.',
  tag: 'batches',
  role: 'operator',
  params: z.object({ batchId: idIn('batch') }),
  body: emptyBody,
  responses: { 200: { description: 'What the batch is now', schema: batchChangeSchema } },
  errors: ['action_not_allowed'],
  async handler(context) {
    await applyChange(context, context.params.batchId, 'resume');
    return { status: 200, body: await toChangeView(context, context.params.batchId) };
  },
});
