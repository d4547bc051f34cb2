import { z } from 'zod';
import { BATCH_STATUSES } from '../../../domain/batches/status.js';
import { listBatches } from '../../../store/batches/read-batches.js';
import { defineOperation } from '../../http/operation.js';
import { createdQuery, severalOf } from '../../schemas/fields.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { batchSearchQuery, toBatchSearch } from '../../schemas/batch-search.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';
import { toBatchView } from '../../views/batch-view.js';

export const listBatchesOperation = defineOperation({
  id: 'listBatches',
  method: 'get',
  path: '/v1/batches',
  summary: 'List batches',
  description:
    'Newest first. `search` finds a part of the name, whatever its case, accents, apostrophes, Arabic letter forms and digits; or a batch by its whole id.',
  tag: 'batches',
  role: 'viewer',
  work: ({ query }) => (query.search ? 'search' : 'page'),
  query: z.object({
    ...pageQuery,
    ...batchSearchQuery,
    status: severalOf(BATCH_STATUSES).optional().meta({ description: 'One, or several: the parameter several times' }),
    ...createdQuery,
  }),
  responses: { 200: { description: 'A page of batches', schema: pageOf(batchSchema) } },
  async handler({ auth, query, deps }) {
    const cursor = readCursor(query.cursor, [CURSOR_TIME, CURSOR_UUID]);
    const rows = await listBatches(deps.db.pool, auth.workspaceId, {
      ...toBatchSearch(query),
      statuses: query.status ?? null,
      createdFrom: query.createdFrom,
      createdTo: query.createdTo,
      after: cursor && { cursorAt: cursor[0]!, id: cursor[1]! }, // readCursor has counted them
      limit: query.limit + 1,
    });
    const counts = await deps.counter.count(rows.map((batch) => batch.id));
    return {
      status: 200,
      body: toPage(
        rows,
        query.limit,
        (batch) => toBatchView(batch, counts.get(batch.id)!),
        (batch) => [batch.cursorAt, batch.id],
      ),
    }; // counted above
  },
});
