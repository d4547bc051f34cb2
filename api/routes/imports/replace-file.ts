import { z } from 'zod';
import { replaceFile } from '../../actions/uploads/replace-file.js';
import { defineOperation } from '../../http/operation.js';
import type { Upload } from '../../http/receive-upload.js';
import { idIn } from '../../schemas/fields.js';
import { FILE_ERRORS, fileFields, importSchema, UPLOAD_FORM } from '../../schemas/import-schemas.js';

export const replaceImportFileOperation = defineOperation({
  id: 'replaceImportFile',
  method: 'put',
  path: '/v1/imports/{importId}/file',
  summary: 'Upload the file of an import again',
  description:
    'With other columns, another encoding, separator or country, or another file: its rows replace those of the import, with what was edited and fixed in them. The import is RECEIVING meanwhile. The old rows stay until the new ones are whole: when the file is refused, or the upload does not reach its end, the import is in REVIEW again as it was. Only in REVIEW, or FAILED.',
  tag: 'imports',
  role: 'operator',
  work: 'bulk',
  params: z.object({ importId: idIn('import') }),
  query: z.object(fileFields),
  bodyKind: 'multipart',
  body: z.custom<Upload>().meta(UPLOAD_FORM),
  responses: { 200: { description: 'The import', schema: importSchema } },
  errors: [...FILE_ERRORS, 'import_not_in_review', 'import_fix_outstanding'],
  async handler(context) {
    const { params, body, query } = context;
    return { status: 200, body: await replaceFile(context, params.importId, body, query) };
  },
});
