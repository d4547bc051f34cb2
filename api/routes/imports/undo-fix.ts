import { z } from 'zod';
import { requireImport } from '../../actions/confirm-and-move.js';
import { undoFix } from '../../actions/imports/fix-rows.js';
import { defineOperation } from '../../http/operation.js';
import { emptyBody, idIn } from '../../schemas/fields.js';
import { importSchema } from '../../schemas/import-schemas.js';
import { toImportView } from '../../views/import-view.js';

export const undoImportFixOperation = defineOperation({
  id: 'undoImportFix',
  method: 'post',
  path: '/v1/imports/{importId}/fix/undo',
  summary: 'Undo the last fix',
  description:
    'Its rows are again what they were before it: cells, problems, and rejected. A row that was edited since stays as it is. Once for each fix, while the import is in REVIEW; one that is still RUNNING ends there. A large one goes on by itself, as a fix does.',
  tag: 'imports',
  role: 'operator',
  work: 'bulk',
  params: z.object({ importId: idIn('import') }),
  body: emptyBody,
  responses: { 200: { description: 'The import as it is now', schema: importSchema } },
  errors: ['import_not_in_review', 'import_fix_outstanding', 'no_fix_to_undo'],
  async handler(context) {
    const { importId } = context.params;
    await undoFix(context, importId);
    return { status: 200, body: toImportView(await requireImport(context, importId)) };
  },
});
