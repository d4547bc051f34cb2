import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readReviewRules } from '../../../store/imports/read-import.js';
import { requireImport } from '../../actions/confirm-and-move.js';
import { fixRows, showFix } from '../../actions/imports/fix-rows.js';
import { readFix } from '../../actions/imports/read-fix.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { fixBody, fixPreviewSchema } from '../../schemas/import-fix-schemas.js';
import { importSchema } from '../../schemas/import-schemas.js';
import { toImportView } from '../../views/import-view.js';

export const fixImportOperation = defineOperation({
  id: 'fixImport',
  method: 'post',
  path: '/v1/imports/{importId}/fix',
  summary: 'Fix all rows with a problem',
  description:
    'One action for all rejected rows that have a problem of one code, and with `cell` of those alone whose cell reads so. Each row is checked again by the rules of the upload: it becomes accepted, or keeps what is still wrong. A large one goes on by itself: `fix` of the import says how far it is, and what it has done. `dryRun` shows what it would do with the first rows. The last fix can be undone until the import is confirmed. `actions` of `problems` says what can be done with each code.',
  tag: 'imports',
  role: 'operator',
  work: ({ body }) => (body.dryRun ? 'search' : 'bulk'),
  params: z.object({ importId: idIn('import') }),
  body: fixBody,
  responses: {
    200: {
      description: 'The import as it is now, and with `dryRun` what the fix would do',
      schema: z.object({
        import: importSchema,
        preview: fixPreviewSchema.nullable().meta({ description: 'What it would do; null without `dryRun`' }),
      }),
    },
  },
  errors: ['import_not_in_review', 'import_fix_outstanding'],
  async handler(context) {
    const { auth, deps, params, body } = context;
    const rules = await readReviewRules(deps.db.pool, auth.workspaceId, params.importId);
    if (!rules) throw notFound('import', publicId('import', params.importId));
    const fix = readFix(body, rules);
    const preview = body.dryRun ? await showFix(context, params.importId, { rules, fix }) : null;
    if (!preview) await fixRows(context, params.importId, fix);
    const view = toImportView(await requireImport(context, params.importId));
    return { status: 200, body: { import: view, preview } };
  },
});
