import { z } from 'zod';
import { requireBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { countersSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { toCounters } from '../../views/batch-view.js';

export const getCountersOperation = defineOperation({
  id: 'getCounters',
  method: 'get',
  path: '/v1/batches/{batchId}/counters',
  summary: 'Get the counters of a batch',
  description: 'Those of a batch with more than 10,000 recipients may be some seconds old, see `countedAt`.',
  tag: 'batches',
  role: 'viewer',
  params: z.object({ batchId: idIn('batch') }),
  responses: { 200: { description: 'Attempts, and recipients by the status that is shown', schema: countersSchema } },
  async handler({ auth, params, deps }) {
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const counts = await deps.counter.count([batch.id]);
    return { status: 200, body: toCounters(batch, counts.get(batch.id)!) }; // counted above
  },
});
