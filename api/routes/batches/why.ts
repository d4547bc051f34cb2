import { z } from 'zod';
import { groupWaiting } from '../../../store/batches/explain-batch.js';
import { requireBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { idIn, reasonSchema, waitSchema } from '../../schemas/fields.js';
import { toWhyView } from '../../views/why-view.js';

export const getWhyOperation = defineOperation({
  id: 'getWhy',
  method: 'get',
  path: '/v1/batches/{batchId}/why',
  summary: 'Ask why nobody is being called',
  description:
    'Why the next call of the batch is not made now, and for how many recipients each gate is the one that holds them back. Counts of a batch with more than 20,000 recipients may be a few seconds old; beyond 100,000 that wait for their time, the rest is counted as NOT_DUE.',
  tag: 'batches',
  role: 'viewer',
  work: 'search',
  params: z.object({ batchId: idIn('batch') }),
  responses: {
    200: {
      description: 'The reason, and the gates, the widest first',
      schema: waitSchema
        .extend({
          blocked: z.array(waitSchema.omit({ reason: true }).extend({ gate: reasonSchema, recipients: z.int() })),
        })
        .meta({ id: 'Why' }),
    },
  },
  async handler({ auth, params, deps }) {
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const [counts, groups] = await Promise.all([deps.counter.count([batch.id]), groupWaiting(deps.db.pool, batch.id)]);
    return { status: 200, body: toWhyView(batch, counts.get(batch.id)!, groups) }; // counted above
  },
});
