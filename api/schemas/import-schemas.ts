import { z } from 'zod';
import { DUPLICATE_KINDS } from '../../store/imports/count-duplicates.js';
import { FIELD_CODES } from '../../domain/field-codes.js';
import { NUMBERS_WITHOUT_PLUS } from '../../domain/recipients/phone-readings.js';
import { DO_NOT_CALL_COLUMNS } from '../../domain/imports/order-columns.js';
import { ENCODINGS } from '../../domain/imports/text-encodings.js';
import { COLUMN_KINDS, HEADER_ROW_MAX } from '../../domain/imports/column-choice.js';
import { count, idOut, time } from './fields.js';
import { fixSchema, problemCountSchema } from './import-fix-schemas.js';
import { phoneReadingFields } from './phone-reading-schemas.js';

const columnSchema = z
  .object({
    column: z.int().min(1).meta({ description: 'Its place in the file; 1 is the first' }),
    header: z.string().meta({ description: 'Its header, exactly', example: 'Mobile' }),
    takenAs: z.enum(COLUMN_KINDS).meta({ description: 'What it was taken for', example: 'phoneNumber' }),
    how: z.enum(['found', 'guessed', 'chosen']).meta({
      description: 'found: by its header. guessed: by its cells. chosen: by `columns` of the upload',
    }),
    explanation: z.string().nullable().meta({
      description: 'Of a guess what was seen; of a column that is left out without having been chosen to be, why',
      example: '48 of the first 50 cells are phone numbers',
    }),
  })
  .meta({ id: 'ImportColumn' });

const UPLOAD_ERROR_CODES = ['upload_interrupted', 'upload_failed'] as const;

const duplicateCounts = {
  file: count.meta({ description: 'Those whose number an earlier one of the file or of the request has' }),
  batch: count.meta({ description: 'Those whose number a recipient of the batch has' }),
  calledRecently: count.meta({ description: 'Those whose number the workspace called in the last `days` days' }),
  any: count.meta({ description: 'One of several kinds counts once' }),
};

/** How many of those that are taken have a number that is there already. They are kept. */
export const duplicateCountsSchema = z.object({ days: z.int(), ...duplicateCounts }).meta({
  id: 'DuplicateCounts',
  description: 'Numbers that are there already, however they are spelled. They are kept',
});

export const encodingSchema = z.object({
  name: z.enum(ENCODINGS),
  certain: z.boolean().meta({ description: 'Whether only this reading is possible, or the upload named it' }),
  confidence: z.number().min(0).max(1).meta({ description: 'Of the detection; 1 where nothing was detected' }),
  alternatives: z.array(z.enum(ENCODINGS)).meta({ description: 'What else it may be, the likelier first' }),
  samples: z.array(z.string()).meta({ description: 'Up to three cells as they were read, when it is not certain' }),
});

export const importSchema = z
  .object({
    id: idOut('import'),
    batchId: idOut('batch'),
    fileName: z.string(),
    status: z.enum(['RECEIVING', 'REVIEW', 'CONFIRMED', 'DISCARDED', 'FAILED']),
    rowsOutstanding: z.boolean().meta({ description: 'Confirmed, and its last rows are still becoming recipients' }),
    movedRows: count.meta({ description: 'Accepted rows that have become recipients' }),
    totalRows: count.meta({ description: 'While RECEIVING: rows read so far; accepted and rejected ones likewise' }),
    acceptedRows: count,
    rejectedRows: count,
    droppedRows: count.meta({
      description:
        'Duplicates that the confirm left out, and rows that a fix left out; all others are accepted or rejected',
    }),
    numbersWithoutPlus: z.enum(NUMBERS_WITHOUT_PLUS),
    readings: z.object({ national: count, international: count, both: count }).meta({
      description:
        'What the column says of how it was written: how many rows without + are a valid number as national ones only, with a country code only, and both ways. `numbersWithoutPlus` of a new upload settles them all',
    }),
    duplicates: duplicateCountsSchema.nullable().meta({
      description:
        'Of the accepted rows, when they were read and again at the confirm. Null: too many rows to count in time',
    }),
    encoding: encodingSchema.nullable().meta({
      description:
        'How the bytes of the file were read; null until they were. What is not certain stays in REVIEW, with `autoConfirm` too.',
    }),
    problems: z.array(problemCountSchema).nullable().meta({
      description:
        'How many rows have a problem of each code, the most frequent first; a row with several counts for each. A confirmed import has those of its confirm. Null: uploaded before these were counted',
    }),
    fix: fixSchema.nullable().meta({ description: 'The last fix of many of its rows; null when there was none' }),
    columns: z.array(columnSchema).nullable().meta({
      description: 'Each column of the file, and what it was taken for. Null until the headers were read, and in lists',
    }),
    warnings: z.array(
      z.object({
        code: z.enum(FIELD_CODES),
        message: z.string(),
        count: count.optional(),
        rows: z.array(z.int()).optional(),
        column: z.int().optional(),
      }),
    ),
    error: z.object({ code: z.enum(UPLOAD_ERROR_CODES), message: z.string() }).nullable(),
    createdAt: time,
    confirmedAt: time.nullable(),
    undoneAt: time.nullable().meta({ description: 'When its recipients that were not called were removed first' }),
  })
  .meta({ id: 'Import' });

/** How far back calls count as recent, at most. */
const DAYS_MAX = 365;
const DAYS_DESCRIPTION =
  'calledRecently: the number was called in the workspace in the last so many days; 30 unless the installation has another setting';
export const daysSchema = z.int().min(1).max(DAYS_MAX).optional().meta({ description: DAYS_DESCRIPTION });
export const daysQuery = z.coerce
  .number()
  .int()
  .min(1)
  .max(DAYS_MAX)
  .optional()
  .meta({ description: DAYS_DESCRIPTION });

export const duplicateKindSchema = z.enum(DUPLICATE_KINDS).meta({
  description:
    'file: an earlier accepted row has the number. batch: a recipient of the batch has it. calledRecently: it was called in the last days.',
});

export const duplicatesSchema = z
  .object({
    days: z.int(),
    counts: z
      .object(duplicateCounts)
      .meta({ description: 'Accepted rows of each kind, over all pages; `any` counts a row of several kinds once' }),
    data: z.array(
      z.object({ rowNumber: z.int(), phoneNumber: z.string(), duplicateOf: z.array(duplicateKindSchema).min(1) }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Duplicates' });

export const rowCodeQuery = z
  .enum(FIELD_CODES)
  .optional()
  .meta({ description: 'Only rows that have a problem of this code', example: 'phone_invalid' });

export const encodingQuery = z
  .enum(ENCODINGS, { error: `encoding is one of ${ENCODINGS.join(', ')}` })
  .optional()
  .meta({ description: 'The encoding of the file; left out, it is UTF-8 or detected' });

/** How an uploaded file of recipients is read. */
export const fileFields = {
  ...phoneReadingFields,
  encoding: encodingQuery,
  doNotCallColumns: z.enum(DO_NOT_CALL_COLUMNS).default('reject').meta({
    description:
      'reject: in columns such as do_not_call, dnc or opt_out, what is not clearly no rejects its row. variables: they are only variables.',
  }),
  separator: z.enum(['comma', 'semicolon', 'tab', 'bar']).optional().meta({
    description: 'What stands between cells; left out, it is what `sep=` says, or found',
    example: 'semicolon',
  }),
  headerRow: z.coerce.number().int().min(1).max(HEADER_ROW_MAX).default(1).meta({
    description:
      'Which row has the headers: 1 is the first. The rows above it are left out. Blank rows and a line `sep=` are not counted',
  }),
};

/** The form of an upload of recipients. */
export const UPLOAD_FORM = {
  type: 'object',
  required: ['file'],
  properties: {
    file: { type: 'string', format: 'binary', description: 'The file: a CSV' },
    columns: {
      type: 'object',
      additionalProperties: { type: 'string', enum: [...COLUMN_KINDS] },
      description:
        'What columns are, by their exact headers, as JSON of up to 64 KiB. A column that is not named is what its header says. `ignored` leaves it out',
      example: { Mobile: 'phoneNumber', Notes: 'ignored' },
    },
  },
} as const;

export const stayingSchema = z.object({
  removedRecipients: count.meta({ description: 'Recipients that are gone' }),
  staying: z
    .object({
      inCall: count.meta({ description: 'They are in a call just now' }),
      called: count.meta({ description: 'They were called; who waited for another call is CANCELLED now' }),
      settled: count.meta({ description: 'They were never called and never will: suppressed, expired or cancelled' }),
    })
    .meta({ description: 'Recipients of the import that stay, by why' }),
});

/** What may be wrong with an uploaded file of recipients. */
export const FILE_ERRORS = [
  ...(['bad_request', 'action_not_allowed', 'unsupported_media_type', 'file_not_csv', 'file_too_large'] as const),
  ...(['no_file', 'csv_empty', 'csv_unreadable', 'csv_headers', 'import_too_large', 'upload_interrupted'] as const),
] as const;
