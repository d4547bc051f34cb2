import { z } from 'zod';
import { addSuppressions } from '../../../store/workspaces/suppressions.js';
import { defineOperation } from '../../http/operation.js';
import { requireReading } from '../../actions/require-reading.js';
import { phoneReadingFields } from '../../schemas/phone-reading-schemas.js';
import { openCsv } from '../../actions/uploads/open-csv.js';
import { encodingQuery, encodingSchema } from '../../schemas/import-schemas.js';
import type { Upload } from '../../http/receive-upload.js';
import { checkSuppressionFile, chunksOfFile } from '../../actions/read-suppression-file.js';
import { addedSchema } from '../../views/suppression-view.js';

export const importSuppressionsOperation = defineOperation({
  id: 'importSuppressions',
  method: 'post',
  path: '/v1/suppressions/import',
  summary: 'Suppress the numbers of a CSV',
  description:
    'The first row names the columns: `phone_number`, and `reason` if there is one; others are not read. Numbers without + and country code need a `defaultCountry`. A file that cannot be read adds nothing; a row that is not valid is rejected and rejects no other. Once it is answered, no further call to one of the numbers starts. Uploading a file again does no harm.',
  tag: 'suppressions',
  role: 'operator',
  work: 'bulk',
  query: z.object({ ...phoneReadingFields, encoding: encodingQuery }),
  bodyKind: 'multipart',
  body: z
    .custom<Upload>()
    .meta({ type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } }),
  responses: {
    200: {
      description: 'What was added, and what was rejected',
      schema: addedSchema.extend({
        rejectedRows: z.int().min(0),
        rejected: z
          .array(z.object({ rowNumber: z.int(), message: z.string() }))
          .meta({ description: 'The first hundred; 1 is the first below the headers' }),
        encoding: encodingSchema.pick({ name: true, certain: true }),
      }),
    },
  },
  errors: [
    'bad_request',
    'unsupported_media_type',
    'file_not_csv',
    'file_too_large',
    'no_file',
    'csv_empty',
    'csv_unreadable',
    'csv_headers',
    'upload_interrupted',
  ],
  async handler({ auth, body, query, deps, command }) {
    const { settings } = deps.config;
    const file = {
      file: openCsv(body, { encoding: query.encoding }, settings),
      settings,
      reading: requireReading(query),
    };
    const { name, certain } = file.file.encoding;
    const encoding = { name, certain };
    const { accepted, notE164, rejectedRows, rejected } = await checkSuppressionFile(file);
    const record = {
      workspaceId: auth.workspaceId,
      actor: auth.actor,
      commandId: command.id,
      count: accepted,
    };
    const added = await addSuppressions(deps.db, record, chunksOfFile(file));
    return { status: 200, body: { added, alreadyThere: accepted - added, notE164, rejectedRows, rejected, encoding } };
  },
});
