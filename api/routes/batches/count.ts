import { z } from 'zod';
import { BATCH_STATUSES, type BatchStatus } from '../../../domain/batches/status.js';
import { countByStatus } from '../../../store/batches/read-batches.js';
import { defineOperation } from '../../http/operation.js';
import { count } from '../../schemas/fields.js';
import { batchSearchQuery, toBatchSearch } from '../../schemas/batch-search.js';

const statusCounts = Object.fromEntries(
  BATCH_STATUSES.map((status) => [status, count.meta({ description: `How many batches are ${status}` })]),
) as Record<BatchStatus, typeof count>;

export const countBatchesOperation = defineOperation({
  id: 'countBatches',
  method: 'get',
  path: '/v1/batch-counts',
  summary: 'Count batches by status',
  description:
    'How many batches of each status the list has with the same `search`, `kind` and `label`: for the filters of a page. Exact, and of this moment.',
  tag: 'batches',
  role: 'viewer',
  work: 'search',
  query: z.object(batchSearchQuery),
  responses: {
    200: {
      description: 'The counts',
      schema: z
        .object({
          counts: z.object(statusCounts).meta({ description: 'How many batches each status has' }),
          total: count,
        })
        .meta({ id: 'BatchCounts' }),
    },
  },
  async handler({ auth, query, deps }) {
    const counts = await countByStatus(deps.db.pool, auth.workspaceId, toBatchSearch(query));
    const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
    return { status: 200, body: { counts, total } };
  },
});
