import { z } from 'zod';
import { listSuppressions } from '../../../store/workspaces/suppressions.js';
import { defineOperation } from '../../http/operation.js';
import { pageOf, pageQuery, toPage } from '../../http/paging.js';
import { createdQuery } from '../../schemas/fields.js';
import { cursorOf, readAfter, suppressionSchema, toSuppressionView } from '../../views/suppression-view.js';

export const listSuppressionsOperation = defineOperation({
  id: 'listSuppressions',
  method: 'get',
  path: '/v1/suppressions',
  summary: 'List suppressed numbers',
  description: 'Newest first.',
  tag: 'suppressions',
  role: 'viewer',
  query: z.object({ ...pageQuery, ...createdQuery }),
  responses: { 200: { description: 'A page', schema: pageOf(suppressionSchema) } },
  async handler({ auth, query, deps }) {
    const { createdFrom, createdTo } = query;
    const page = { after: readAfter(query.cursor), limit: query.limit + 1, createdFrom, createdTo };
    const rows = await listSuppressions(deps.db.pool, auth.workspaceId, page);
    return { status: 200, body: toPage(rows, query.limit, toSuppressionView, cursorOf) };
  },
});
