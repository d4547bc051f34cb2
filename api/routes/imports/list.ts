import { z } from 'zod';
import { requireBatch } from '../../actions/change-batch.js';
import { listImports } from '../../../store/imports/read-import.js';
import { defineOperation } from '../../http/operation.js';
import { CURSOR_TIME, CURSOR_UUID, pageOf, pageQuery, readCursor, toPage } from '../../http/paging.js';
import { createdQuery, idIn } from '../../schemas/fields.js';
import { importSchema } from '../../schemas/import-schemas.js';
import { toImportView } from '../../views/import-view.js';

export const listImportsOperation = defineOperation({
  id: 'listImports',
  method: 'get',
  path: '/v1/batches/{batchId}/imports',
  summary: 'List the imports of a batch',
  description: 'The newest first, whatever became of them.',
  tag: 'imports',
  role: 'viewer',
  params: z.object({ batchId: idIn('batch') }),
  query: z.object({ ...pageQuery, ...createdQuery }),
  responses: { 200: { description: 'A page of imports', schema: pageOf(importSchema) } },
  async handler({ auth, params, query: { cursor, limit, ...created }, deps }) {
    const after = readCursor(cursor, [CURSOR_TIME, CURSOR_UUID]);
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const page = { after: after && { cursorAt: after[0]!, id: after[1]! }, limit: limit + 1, ...created }; // readCursor has counted them
    const rows = await listImports(deps.db.pool, batch.id, page);
    return { status: 200, body: toPage(rows, limit, toImportView, (row) => [row.cursorAt, row.id]) };
  },
});
