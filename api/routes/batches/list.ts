import { z } from 'zod';
import { BATCH_STATUSES, type BatchKind } from '../../../domain/batches/status.js';
import { labelFilterSchema } from '../../../domain/batches/labels.js';
import { parsePublicId } from '../../../domain/ids.js';
import { listBatches } from '../../../store/batches/read-batches.js';
import { defineOperation } from '../../http/operation.js';
import { createdQuery, severalOf } from '../../schemas/fields.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';
import { toBatchView } from '../../views/batch-view.js';

const KINDS = { batch: ['BATCH'], test: ['TEST'], all: ['BATCH', 'TEST'] } as const satisfies Record<
  string,
  readonly BatchKind[]
>;

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
    kind: z
      .enum(['batch', 'test', 'all'])
      .default('batch')
      .meta({ description: '`test`: test calls, whose events say who called; `all`: both' }),
    search: z
      .string()
      .trim()
      .max(100)
      .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
      .optional(),
    status: severalOf(BATCH_STATUSES).optional().meta({ description: 'One, or several: the parameter several times' }),
    label: labelFilterSchema.optional().meta({
      type: 'array',
      items: { type: 'string' },
      description: 'A label as `key:value`; several, the parameter several times, find batches that have all of them',
      example: ['team:sales'],
    }),
    ...createdQuery,
  }),
  responses: { 200: { description: 'A page of batches', schema: pageOf(batchSchema) } },
  async handler({ auth, query, deps }) {
    const cursor = readCursor(query.cursor, [CURSOR_TIME, CURSOR_UUID]);
    const batchId = query.search ? parsePublicId('batch', query.search) : null;
    const rows = await listBatches(deps.db.pool, auth.workspaceId, {
      kinds: KINDS[query.kind],
      nameContains: batchId === null && query.search ? query.search : null,
      batchId,
      statuses: query.status ?? null,
      labels: query.label,
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
