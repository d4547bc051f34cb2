import { z } from 'zod';
import { listApiKeys } from '../../../store/people/api-keys.js';
import { defineOperation } from '../../http/operation.js';
import { pageOf, pageQuery, readRowCursor, toPage } from '../../http/paging.js';
import { apiKeySchema } from '../../schemas/api-key-schemas.js';
import { toApiKeyView } from '../../views/api-key-view.js';

export const listApiKeysOperation = defineOperation({
  id: 'listApiKeys',
  method: 'get',
  path: '/v1/api-keys',
  summary: 'List API keys',
  description: 'Oldest first, those that were revoked or have expired too. Never the keys themselves.',
  tag: 'API keys',
  role: 'admin',
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page', schema: pageOf(apiKeySchema) } },
  async handler({ auth, query, deps }) {
    const after = readRowCursor(query.cursor);
    const rows = await listApiKeys(deps.db, auth.workspaceId, { after, limit: query.limit + 1 });
    return {
      status: 200,
      body: toPage(
        rows,
        query.limit,
        (row) => toApiKeyView(row),
        (row) => [row.createdAt.toISOString(), row.id],
      ),
    };
  },
});
