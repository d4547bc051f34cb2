import { z } from 'zod';
import { requireBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { booleanQuery, idIn } from '../../schemas/fields.js';
import { FILE_ERRORS, fileFields, importSchema, UPLOAD_FORM } from '../../schemas/import-schemas.js';
import { importFile } from '../../actions/uploads/import-file.js';
import type { Upload } from '../../http/receive-upload.js';

export const createImportOperation = defineOperation({
  id: 'createImport',
  method: 'post',
  path: '/v1/batches/{batchId}/imports',
  summary: 'Upload a CSV of recipients',
  description:
    'The first row names the columns, or the one that `headerRow` says, see GET /v1/imports/template.csv; a bad row is rejected and rejects no other. Answers when every row was checked: the import is then in REVIEW until it is confirmed or discarded. Until then it is RECEIVING, its counts say how far it was read, and a discard ends the upload; `importId` chooses the id by which it is found meanwhile. `autoConfirm=true` confirms the accepted rows at once, unless its encoding or its phone column is a guess. An Idempotency-Key covers the name and the content of the file, and `columns`.',
  tag: 'imports',
  role: 'operator',
  work: 'bulk',
  params: z.object({ batchId: idIn('batch') }),
  query: z.object({
    autoConfirm: booleanQuery(false),
    ...fileFields,
    importId: idIn('import').optional().meta({
      description: 'The id that the import gets: imp_ and 32 random hexadecimal digits of the client’s choice',
    }),
  }),
  bodyKind: 'multipart',
  body: z.custom<Upload>().meta(UPLOAD_FORM),
  responses: { 201: { description: 'The import', schema: importSchema } },
  errors: [...FILE_ERRORS, 'already_exists', 'import_not_in_review'],
  async handler(context) {
    const batch = await requireBatch(context, context.params.batchId);
    return { status: 201, body: await importFile(context, batch, context.body, context.query) };
  },
});
