import { z } from 'zod';
import { listProviderAccounts } from '../../../store/settings/provider-accounts.js';
import { defineOperation } from '../../http/operation.js';
import { providerAccountSchema } from '../../schemas/account-schemas.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';
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
    const cursor = readCursor(query.cursor, [CURSOR_TIME, CURSOR_UUID]);
    const after = cursor && { cursorAt: cursor[0]!, id: cursor[1]! }; // readCursor has counted them
    const rows = await listProviderAccounts(deps.db.pool, auth.workspaceId, { after, limit: query.limit + 1 });
    return {
      status: 200,
      body: toPage(
        rows,
        query.limit,
        (row) => toProviderAccountView(row, deps),
        (row) => [row.cursorAt, row.id],
      ),
    };
  },
});
