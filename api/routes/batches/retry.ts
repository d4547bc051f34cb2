import { z } from 'zod';
import { applyChange, toChangeView } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchChangeSchema } from '../../schemas/batch-schemas.js';
import { emptyBody, idIn } from '../../schemas/fields.js';

export const retryBatchOperation = defineOperation({
  id: 'retryBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/retry',
  summary: 'Retry a batch',
  description:
    'Calls again those who failed or did not answer, and after a cancel all who were still to be called: for the first time, or again by the retry policy. Not who was removed, or hung up on before an answer. Ignores the old start, obeys the window.',
  tag: 'batches',
  role: 'operator',
  params: z.object({ batchId: idIn('batch') }),
  body: emptyBody,
  responses: { 200: { description: 'What the batch is now', schema: batchChangeSchema } },
  errors: ['action_not_allowed', 'nothing_to_retry', 'from_number_disabled', 'agent_disabled'],
  async handler(context) {
    await applyChange(context, context.params.batchId, 'retry');
    return { status: 200, body: await toChangeView(context, context.params.batchId) };
  },
});
