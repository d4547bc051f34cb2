import { z } from 'zod';
import { requireImport } from '../../actions/confirm-and-move.js';
import { undoImport } from '../../actions/imports/undo-import.js';
import { defineOperation } from '../../http/operation.js';
import { emptyBody, idIn } from '../../schemas/fields.js';
import { importSchema, stayingSchema } from '../../schemas/import-schemas.js';
import { toImportView } from '../../views/import-view.js';

export const undoImportOperation = defineOperation({
  id: 'undoImport',
  method: 'post',
  path: '/v1/imports/{importId}/undo',
  summary: 'Undo a confirmed import',
  description:
    'Its recipients that were never called are removed. Who was called keeps the record, and is CANCELLED where another call was to come; who is in a call stays. Repeated, it removes who waits by then. 409 when the batch is over, or rows are still becoming recipients.',
  tag: 'imports',
  role: 'operator',
  work: 'bulk',
  params: z.object({ importId: idIn('import') }),
  body: emptyBody,
  responses: {
    200: {
      description: 'The import, how many recipients went, and how many stay and why',
      schema: z.object({ import: importSchema, ...stayingSchema.shape }),
    },
  },
  errors: ['action_not_allowed', 'import_not_confirmed', 'import_rows_outstanding'],
  async handler(context) {
    const { importId } = context.params;
    const counts = await undoImport(context, importId);
    return { status: 200, body: { import: toImportView(await requireImport(context, importId)), ...counts } };
  },
});
