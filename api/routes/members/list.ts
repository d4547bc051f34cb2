import { z } from 'zod';
import { listMembers } from '../../../store/people/members.js';
import { defineOperation } from '../../http/operation.js';
import { pageOf, pageQuery, readRowCursor, toPage } from '../../http/paging.js';
import { memberSchema } from '../../schemas/member-schemas.js';
import { toMemberView } from '../../views/member-view.js';

export const listMembersOperation = defineOperation({
  id: 'listMembers',
  method: 'get',
  path: '/v1/members',
  summary: 'List members',
  description: 'The people of the workspace, oldest first.',
  tag: 'members',
  role: 'viewer',
  query: z.object(pageQuery),
  responses: { 200: { description: 'A page', schema: pageOf(memberSchema) } },
  async handler({ auth, query, deps }) {
    const after = readRowCursor(query.cursor);
    const rows = await listMembers(deps.db.pool, auth.workspaceId, { after, limit: query.limit + 1 });
    return {
      status: 200,
      body: toPage(rows, query.limit, toMemberView, (row) => [row.createdAt.toISOString(), row.id]),
    };
  },
});
