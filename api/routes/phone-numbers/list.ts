import { z } from 'zod';
import { listPhoneNumbers } from '../../../store/settings/phone-numbers.js';
import { defineOperation } from '../../http/operation.js';
import { phoneNumberSchema } from '../../schemas/phone-number-schemas.js';
import { pageOf, pageQuery, readRowCursor, toPage } from '../../http/paging.js';
import { toPhoneNumberView } from '../../views/setup-views.js';

export const listPhoneNumbersOperation = defineOperation({
  id: 'listPhoneNumbers',
  method: 'get',
  path: '/v1/phone-numbers',
  summary: 'List phone numbers',
  description: 'Oldest first. Batches can call from those with outbound: true that are not disabled.',
  tag: 'phone numbers',
  role: 'viewer',
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page', schema: pageOf(phoneNumberSchema) } },
  async handler({ auth, query, deps }) {
    const rows = await listPhoneNumbers(deps.db, auth.workspaceId, {
      after: readRowCursor(query.cursor),
      limit: query.limit + 1,
    });
    return {
      status: 200,
      body: toPage(
        rows,
        query.limit,
        (row) => toPhoneNumberView(row),
        (row) => [row.createdAt.toISOString(), row.id],
      ),
    };
  },
});
