import { z } from 'zod';
import { applyChange, toChangeView } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchChangeSchema } from '../../schemas/batch-schemas.js';
import { emptyBody, idIn } from '../../schemas/fields.js';

export const pauseBatchOperation = defineOperation({
  id: 'pauseBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/pause',
  summary: 'Pause a batch',
  description: 'RUNNING becomes PAUSED. Once this is answered no further call starts; live calls go on to their end.',
  tag: 'batches',
  role: 'operator',
  work: 'stop',
  params: z.object({ batchId: idIn('batch') }),
  body: emptyBody,
  responses: { 200: { description: 'What the batch is now', schema: batchChangeSchema } },
  errors: ['action_not_allowed'],
  async handler(context) {
    await applyChange(context, context.params.batchId, 'pause');
    return { status: 200, body: await toChangeView(context, context.params.batchId) };
  },
});
