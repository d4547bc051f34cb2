import { z } from 'zod';
import { confirmAndMove, requireImport } from '../../confirm-and-move.js';
import { defineOperation } from '../../operation.js';
import { emptyBody, idIn, importSchema } from '../../schemas.js';
import { toImportView } from '../../views/import-view.js';

export const confirmImportOperation = defineOperation({
  id: 'confirmImport',
  method: 'post',
  path: '/v1/imports/{importId}/confirm',
  summary: 'Confirm an import',
  description:
    'Its accepted rows become recipients, a large file’s over the next seconds (`rowsOutstanding`). Rejected rows are left out.',
  tag: 'imports',
  role: 'operator',
  params: z.object({ importId: idIn('import') }),
  body: emptyBody,
  responses: { 200: { description: 'The import', schema: importSchema } },
  errors: ['import_not_in_review', 'action_not_allowed', 'no_accepted_rows'],
  async handler(context) {
    await confirmAndMove(context, await requireImport(context, context.params.importId));
    return { status: 200, body: toImportView(await requireImport(context, context.params.importId)) };
  },
});
