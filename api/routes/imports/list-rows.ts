import { z } from 'zod';
import { listImportRows } from '../../../store/imports/read-import.js';
import { requireImport } from '../../actions/confirm-and-move.js';
import { defineOperation } from '../../http/operation.js';
import { booleanQuery, idIn } from '../../schemas/fields.js';
import { importRowSchema } from '../../schemas/import-row-schemas.js';
import { rowCodeQuery } from '../../schemas/import-schemas.js';
import { toImportRowView } from '../../views/import-view.js';
import { pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';

const ROW_NUMBER = /^\d{1,9}$/;

export const listImportRowsOperation = defineOperation({
  id: 'listImportRows',
  method: 'get',
  path: '/v1/imports/{importId}/rows',
  summary: 'List the rows of an import',
  description:
    'Accepted or rejected ones, in file order; with `code` those that have such a problem. Accepted rows are here until the import is confirmed; they are recipients then.',
  tag: 'imports',
  role: 'viewer',
  params: z.object({ importId: idIn('import') }),
  query: z.object({ ...pageQuery, accepted: booleanQuery(true), code: rowCodeQuery }),
  responses: { 200: { description: 'A page of rows', schema: pageOf(importRowSchema) } },
  async handler(context) {
    const { query, deps, params } = context;
    const cursor = readCursor(query.cursor, [ROW_NUMBER]);
    const { id, problemCounts } = await requireImport(context, params.importId);
    const { code, accepted } = query;
    // A code that no row has is looked for in none of them.
    const isNone = code && problemCounts && !problemCounts[code]?.[accepted ? 'accepted' : 'rejected'];
    const page = isNone
      ? []
      : await listImportRows(deps.db.pool, id, {
          code,
          accepted,
          after: Number(cursor?.[0] ?? 0),
          limit: query.limit + 1,
        });
    return {
      status: 200,
      body: toPage(page, query.limit, toImportRowView, (row) => [String(row.rowNumber)]),
    };
  },
});
