import { z } from 'zod';
import { listAudit } from '../../../store/people/read-audit.js';
import { defineOperation } from '../../http/operation.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';
import { auditEntrySchema, auditQuery } from '../../schemas/audit-schemas.js';
import { toAuditView } from '../../views/audit-view.js';

export const listAuditOperation = defineOperation({
  id: 'listAudit',
  method: 'get',
  path: '/v1/audit',
  summary: 'List who did what',
  description:
    'Newest first: everything that was changed, downloaded or refused, by whom and from where, with what was before and after. Holds no credentials, and nothing that was uploaded about a person. Nobody can change an entry.',
  tag: 'audit',
  role: 'admin',
  work: 'search',
  query: z.object({ ...pageQuery, ...auditQuery }),
  responses: { 200: { description: 'A page', schema: pageOf(auditEntrySchema) } },
  async handler({ auth, query: { cursor, limit, targetId, ...filter }, deps }) {
    const after = readCursor(cursor, [CURSOR_TIME, CURSOR_UUID]);
    const page = { after: after && { cursorAt: after[0]!, id: after[1]! }, limit: limit + 1 }; // readCursor has counted them
    const rows = await listAudit(deps.db.pool, auth.workspaceId, { ...filter, target: targetId }, page);
    return { status: 200, body: toPage(rows, limit, toAuditView, (row) => [row.cursorAt, row.id]) };
  },
});
