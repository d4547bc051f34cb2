import { z } from 'zod';
import { boundedList } from '../../../domain/bounded-list.js';
import { ALLOWED_WHEN } from '../../../domain/batches/status.js';
import { publicId } from '../../../domain/ids.js';
import { dropDuplicates, type DuplicateKind } from '../../../store/imports/count-duplicates.js';
import { keepDuplicates } from '../../../store/imports/keep-duplicates.js';
import type { ImportRecord } from '../../../store/imports/read-import.js';
import { confirmAndMove, requireImport } from '../../actions/confirm-and-move.js';
import { ApiError } from '../../http/errors.js';
import { defineOperation, type ApiDeps, type Auth } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { daysSchema, duplicateKindSchema, importSchema } from '../../schemas/import-schemas.js';
import { toImportView } from '../../views/import-view.js';

/** More than there are. */
const KINDS_MAX = 10;

export const confirmImportOperation = defineOperation({
  id: 'confirmImport',
  method: 'post',
  path: '/v1/imports/{importId}/confirm',
  summary: 'Confirm an import',
  description:
    'Its accepted rows become recipients, a large file’s over the next seconds (`rowsOutstanding`). Rejected rows are left out, and so are the duplicates that `dropDuplicates` names: they are counted in `droppedRows`. `duplicates` counts those that are left.',
  tag: 'imports',
  role: 'operator',
  work: 'bulk',
  params: z.object({ importId: idIn('import') }),
  body: z
    .strictObject({
      dropDuplicates: boundedList(z.array(duplicateKindSchema), KINDS_MAX, `at most ${KINDS_MAX} kinds`).default([]),
      days: daysSchema,
    })
    .optional()
    .meta({ example: { dropDuplicates: ['file', 'batch'] } }),
  responses: { 200: { description: 'The import', schema: importSchema } },
  errors: ['import_not_in_review', 'import_fix_outstanding', 'action_not_allowed', 'no_accepted_rows'],
  async handler(context) {
    const { params, body } = context;
    const found = await requireImport(context, params.importId);
    const days = body?.days ?? context.deps.config.settings.recentCallDays;
    if (body && body.dropDuplicates.length > 0) await drop(context, found, { days, kinds: body.dropDuplicates });
    const whose = { workspaceId: context.auth.workspaceId, batchId: found.batchId, importId: found.id, days };
    if (found.status === 'REVIEW') await keepDuplicates(context.deps.db, whose);
    await confirmAndMove(context, found);
    return { status: 200, body: toImportView(await requireImport(context, params.importId)) };
  },
});

/**
 * Before the confirm, in a commit of its own: no row can move while duplicates are in it. When the process dies in between, the
 * import is still under review, without them.
 */
async function drop(
  { deps, auth }: { deps: ApiDeps; auth: Auth },
  { id, batchId }: ImportRecord,
  { kinds, days }: { kinds: readonly DuplicateKind[]; days: number },
): Promise<void> {
  const from = ALLOWED_WHEN.addRecipients;
  const whose = { workspaceId: auth.workspaceId, batchId, importId: id, days };
  if (await dropDuplicates(deps.db, whose, { kinds, from })) return;
  throw new ApiError(
    'no_accepted_rows',
    `Every accepted row of the import ${publicId('import', id)} is a duplicate. Nothing was dropped or confirmed.`,
  );
}
