import { z } from 'zod';
import { requireImport } from '../../actions/confirm-and-move.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { importSchema } from '../../schemas/import-schemas.js';
import { toImportView } from '../../views/import-view.js';

export const getImportOperation = defineOperation({
  id: 'getImport',
  method: 'get',
  path: '/v1/imports/{importId}',
  summary: 'Get an import',
  description: 'Its status, how many rows were accepted and rejected, and what was found.',
  tag: 'imports',
  role: 'viewer',
  params: z.object({ importId: idIn('import') }),
  responses: { 200: { description: 'The import', schema: importSchema } },
  async handler(context) {
    return { status: 200, body: toImportView(await requireImport(context, context.params.importId)) };
  },
});
