import { z } from 'zod';
import { requireBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { toBatchView } from '../../views/batch-view.js';

export const getBatchOperation = defineOperation({
  id: 'getBatch',
  method: 'get',
  path: '/v1/batches/{batchId}',
  summary: 'Get a batch',
  description: 'With its counters, and why the next call is not made now (`why`).',
  tag: 'batches',
  role: 'viewer',
  params: z.object({ batchId: idIn('batch') }),
  responses: { 200: { description: 'The batch', schema: batchSchema } },
  async handler({ auth, params, deps }) {
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const counts = await deps.counter.count([batch.id]);
    return { status: 200, body: toBatchView(batch, counts.get(batch.id)!) }; // counted above
  },
});
