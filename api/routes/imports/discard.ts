import { z } from 'zod';
import { discardImport } from '../../../store/imports/confirm-import.js';
import { notInReview, requireImport } from '../../actions/confirm-and-move.js';
import { defineOperation } from '../../http/operation.js';
import { emptyBody, idIn } from '../../schemas/fields.js';
import { importSchema } from '../../schemas/import-schemas.js';
import { toImportView } from '../../views/import-view.js';

export const discardImportOperation = defineOperation({
  id: 'discardImport',
  method: 'post',
  path: '/v1/imports/{importId}/discard',
  summary: 'Discard an import',
  description: 'Its rows are removed; nobody becomes a recipient.',
  tag: 'imports',
  role: 'operator',
  work: async ({ params, ...asked }) =>
    (await requireImport(asked, params.importId)).status === 'REVIEW' ? 'bulk' : 'control',
  params: z.object({ importId: idIn('import') }),
  body: emptyBody,
  responses: { 200: { description: 'The import', schema: importSchema } },
  errors: ['import_not_in_review'],
  async handler(context) {
    const { auth, command, deps, params } = context;
    const { id, batchId } = await requireImport(context, params.importId);
    const request = {
      workspaceId: auth.workspaceId,
      batchId,
      importId: id,
      actor: auth.actor,
      commandId: command.id,
    };
    const discarded = await discardImport(deps.db, request);
    if (discarded.result === 'NOT_IN_REVIEW') throw notInReview(id, discarded.status);
    return { status: 200, body: toImportView(await requireImport(context, id)) };
  },
});
