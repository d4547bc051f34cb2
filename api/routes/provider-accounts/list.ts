import { z } from 'zod';
import { listProviderAccounts } from '../../../store/settings/provider-accounts.js';
import { defineOperation } from '../../http/operation.js';
import { providerAccountSchema } from '../../schemas/account-schemas.js';
import { pageOf, pageQuery, readRowCursor, toPage } from '../../http/paging.js';
import { toProviderAccountView } from '../../views/setup-views.js';

export const listProviderAccountsOperation = defineOperation({
  id: 'listProviderAccounts',
  method: 'get',
  path: '/v1/provider-accounts',
  summary: 'List provider accounts',
  description: 'Without their credentials, which are never shown.',
  tag: 'provider accounts',
  role: 'viewer',
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page', schema: pageOf(providerAccountSchema) } },
  async handler({ auth, query, deps }) {
    const rows = await listProviderAccounts(deps.db, auth.workspaceId, {
      after: readRowCursor(query.cursor),
      limit: query.limit + 1,
    });
    return {
      status: 200,
      body: toPage(
        rows,
        query.limit,
        (row) => toProviderAccountView(row, deps),
        (row) => [row.createdAt.toISOString(), row.id],
      ),
    };
  },
});
