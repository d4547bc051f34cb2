import { z } from 'zod';
import { retryBatchSchema } from '../../../domain/batches/request.js';
import { applyPlanned, answerBatch } from '../../actions/change-batch.js';
import { planRetry } from '../../actions/plan-retry.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import type { BatchWarning } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';

export const retryBatchOperation = defineOperation({
  id: 'retryBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/retry',
  summary: 'Retry a batch',
  description:
    'Calls again those who failed or did not answer, and after a cancel all who were still to be called: for the first time, or again by the retry policy. Not who was removed, or hung up on before an answer. Ignores the old start, obeys the window. New hours and another end may be sent along, for those whom the old ones did not reach; what is left out stays.',
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  params: z.object({ batchId: idIn('batch') }),
  body: retryBatchSchema.meta({ id: 'RetryBatch' }),
  responses: { 200: { description: 'The batch as it is now', headers: ['ETag'], schema: batchSchema } },
  errors: [
    'action_not_allowed',
    'nothing_to_retry',
    'from_number_disabled',
    'agent_disabled',
    'version_conflict',
    'window_never_opens',
    'holidays_not_ready',
    'end_not_a_time',
    'end_skipped',
    'end_in_past',
    'end_too_far',
  ],
  async handler(context) {
    const { auth, params, body, deps } = context;
    let notes: BatchWarning[] = [];
    await applyPlanned(context, params.batchId, async (batch) => {
      const { notes: ofPlan, ...retry } = await planRetry(deps.db, auth, batch, body);
      notes = ofPlan;
      return retry;
    });
    return answerBatch(context, params.batchId, { notes });
  },
});
