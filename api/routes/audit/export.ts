import { z } from 'zod';
import { csvLine } from '../../../domain/imports/csv-export.js';
import type { Database } from '../../../store/database.js';
import { listAudit, type AuditFilter } from '../../../store/people/read-audit.js';
import { csvAnswer } from '../../http/csv-answer.js';
import { defineOperation } from '../../http/operation.js';
import { auditEntrySchema, auditQuery } from '../../schemas/audit-schemas.js';
import { toAuditView, type AuditView } from '../../views/audit-view.js';

const PAGE_ROWS = 1_000;
const COLUMNS = Object.keys(auditEntrySchema.shape) as (keyof AuditView)[];

export const exportAuditOperation = defineOperation({
  id: 'exportAudit',
  method: 'get',
  path: '/v1/audit.csv',
  summary: 'Download who did what',
  description:
    'The same entries as the list, newest first, with detail, before and after as JSON. Values that a spreadsheet would take for a formula begin with an apostrophe.',
  tag: 'audit',
  role: 'admin',
  work: 'export',
  query: z.object(auditQuery),
  responses: { 200: { description: 'The entries, as CSV in UTF-8', contentType: 'text/csv' } },
  handler: ({ auth, query: { targetId, ...filter }, deps }) =>
    csvAnswer('audit.csv', auditLines(deps.db, auth.workspaceId, { ...filter, target: targetId })),
});

/** In pages, so that memory stays flat and a slow client holds no connection. */
async function* auditLines(db: Database, workspaceId: string, filter: AuditFilter): AsyncGenerator<string> {
  yield csvLine(COLUMNS);
  let after: { cursorAt: string; id: string } | null = null;
  for (;;) {
    const rows = await listAudit(db.pool, workspaceId, filter, { after, limit: PAGE_ROWS });
    yield rows.map((row) => lineOf(toAuditView(row))).join('');
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = { cursorAt: last.cursorAt, id: last.id };
  }
}

function lineOf(entry: AuditView): string {
  return csvLine(
    COLUMNS.map((column) => {
      const value = entry[column];
      if (value === null) return '';
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    }),
  );
}
