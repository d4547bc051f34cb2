import { z } from 'zod';
import { zoneSetOf } from '../../../domain/hours/batch-hours.js';
import { keyedByName } from '../../../domain/keyed-by-name.js';
import { quoted } from '../../../domain/field-problem.js';
import { publicId } from '../../../domain/ids.js';
import type { RowReading } from '../../../domain/imports/fixes.js';
import { mendRow, type RejectedCells } from '../../../domain/imports/rejected-row.js';
import { toStoredRecipient } from '../../../domain/recipients/stored-recipient.js';
import { editImportRow, type EditRowResult, type MendedRow } from '../../../store/imports/edit-import-row.js';
import {
  readImportRow,
  readReviewRules,
  type ImportRowRecord,
  type ReviewRules,
} from '../../../store/imports/read-import.js';
import { readRowOptions } from '../../../store/imports/read-row-options.js';
import { fixOutstanding, notInReview, requireImport } from '../../actions/confirm-and-move.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation, type ApiDeps } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { importRowSchema } from '../../schemas/import-row-schemas.js';
import { importSchema } from '../../schemas/import-schemas.js';
import { toImportRowView, toImportView } from '../../views/import-view.js';

const ROW_NUMBER_MAX = 2_147_483_647;

const bodySchema = z.strictObject({
  values: keyedByName(z.string(), z.string()).meta({
    description: 'New values by header, as `cells` of the rejected row names them; the others stay',
    example: { phone_number: '+12025550123' },
  }),
  dryRun: z.boolean().default(false).meta({ description: 'Only checks, and changes nothing: for checks while typing' }),
});

export const editImportRowOperation = defineOperation({
  id: 'editImportRow',
  method: 'patch',
  path: '/v1/imports/{importId}/rows/{rowNumber}',
  summary: 'Edit a rejected row',
  description:
    'The row is checked again by the rules of the upload. When all of it is right it becomes an accepted row and the counts change, else it keeps the new values and has the new `problems`. Only in REVIEW.',
  tag: 'imports',
  role: 'operator',
  params: z.object({ importId: idIn('import'), rowNumber: z.coerce.number().int().min(1).max(ROW_NUMBER_MAX) }),
  body: bodySchema,
  responses: {
    200: {
      description: 'The row and the import as they are now, or with `dryRun` the row as it would be',
      schema: z.object({ row: importRowSchema, import: importSchema }),
    },
  },
  errors: ['import_not_in_review', 'import_row_accepted', 'import_fix_outstanding'],
  async handler(context) {
    const { auth, deps, params, body } = context;
    const rules = await readReviewRules(deps.db.pool, auth.workspaceId, params.importId);
    if (!rules) throw notFound('import', publicId('import', params.importId));
    const mend = await createMender(deps, rules, body.values);
    const edited = body.dryRun
      ? await checkOnly(deps, params, rules, mend)
      : await editImportRow(deps.db, { workspaceId: auth.workspaceId, actor: auth.actor, ...params }, mend);
    const row = requireEdited(edited, params);
    return {
      status: 200,
      body: { row: toImportRowView(row), import: toImportView(await requireImport(context, params.importId)) },
    };
  },
});

type Mender = (row: { cells: RejectedCells; reading: RowReading | null }) => MendedRow;
type RowParams = { importId: string; rowNumber: number };

/** @throws ApiError, as the mender does, when a value cannot be put into the row */
async function createMender(
  { db, config }: ApiDeps,
  rules: ReviewRules,
  values: Record<string, string>,
): Promise<Mender> {
  const options = await readRowOptions(db, rules);
  const { headers, columnChoice: choice } = rules;
  return ({ cells: kept, reading }) => {
    const { cells, checked, unknownHeaders } = mendRow({ headers, choice, reading, cells: kept }, values, options);
    if (unknownHeaders.length > 0) throw unknownHeadersError(unknownHeaders);
    checkSize(cells, config.settings.csvRowBytesMax);
    if (!checked.ok) return { accepted: false, content: cells, problems: [...checked.errors, ...checked.warnings] };
    const content = toStoredRecipient(checked.recipient, zoneSetOf(checked.recipient, rules));
    return { accepted: true, content, problems: checked.warnings };
  };
}

/** The answer of an edit, without one: nothing is locked or written. */
async function checkOnly(
  { db }: ApiDeps,
  { importId, rowNumber }: RowParams,
  { status, isFixed }: ReviewRules,
  mend: Mender,
): Promise<EditRowResult> {
  if (status !== 'REVIEW') return { result: 'NOT_IN_REVIEW', status };
  if (isFixed) return { result: 'FIX_OUTSTANDING' };
  const row = await readImportRow(db.pool, importId, rowNumber);
  if (!row) return { result: 'ROW_NOT_FOUND' };
  if (row.accepted) return { result: 'ROW_ACCEPTED' };
  return { result: 'EDITED', row: { ...row, ...mend({ cells: row.content as RejectedCells, reading: row.reading }) } };
}

function requireEdited(edited: EditRowResult, { importId, rowNumber }: RowParams): ImportRowRecord {
  switch (edited.result) {
    case 'EDITED':
      return edited.row;
    case 'NOT_IN_REVIEW':
      throw notInReview(importId, edited.status);
    case 'FIX_OUTSTANDING':
      throw fixOutstanding(importId);
    case 'ROW_NOT_FOUND':
      throw notFound(`row of the import ${publicId('import', importId)}`, String(rowNumber));
    case 'ROW_ACCEPTED':
      throw new ApiError('import_row_accepted', `Row ${rowNumber} is accepted. Only a rejected row can be edited.`);
  }
}

function unknownHeadersError(headers: readonly string[]): ApiError {
  const errors = headers.map((header) => ({
    field: `values.${header}`,
    code: 'unknown_field' as const,
    message: `the row has no column ${quoted(header)}`,
  }));
  return new ApiError('validation_failed', `The row cannot be edited so: ${errors[0]?.message ?? ''}.`, { errors });
}

/** A row has the same bound as in a file. */
function checkSize(cells: RejectedCells, bytesMax: number): void {
  const bytes = Object.values(cells).reduce((sum, cell) => sum + Buffer.byteLength(cell), 0);
  if (bytes <= bytesMax) return;
  const message = `the row is longer than ${Math.floor(bytesMax / 1024)} KiB`;
  throw new ApiError('validation_failed', `values: ${message}.`, {
    errors: [{ field: 'values', code: 'too_big', message }],
  });
}
