import { z } from 'zod';
import { DUPLICATE_KINDS } from '../../store/imports/count-duplicates.js';
import { FIELD_CODES } from '../../domain/field-codes.js';
import { NUMBERS_WITHOUT_PLUS } from '../../domain/recipients/phone-readings.js';
import { ENCODINGS } from '../../domain/imports/text-encodings.js';
import { COLUMN_KINDS, HEADER_ROW_MAX } from '../../domain/imports/column-choice.js';
import type { Upload } from '../http/receive-upload.js';
import { count, idOut, time } from './fields.js';
import { recipientSchema } from './recipient-schemas.js';

export const columnSchema = z
  .object({
    column: z.int().min(1).meta({ description: 'Its place in the file; 1 is the first' }),
    header: z.string().meta({ description: 'Its header, exactly', example: 'Mobile' }),
    takenAs: z.enum(COLUMN_KINDS).meta({ description: 'What it was taken for', example: 'phoneNumber' }),
    how: z.enum(['found', 'guessed', 'chosen']).meta({
      description: 'found: by its header. guessed: by its cells. chosen: by `columns` of the upload',
    }),
    reason: z.string().nullable().meta({
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
      description: 'Duplicates that the confirm left out; all others are accepted or rejected',
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
  })
  .meta({ id: 'Import' });

const importedRecipientSchema = recipientSchema
  .pick({
    ...{ phoneNumber: true, originalPhoneNumber: true, name: true, variables: true, metadata: true },
    ...{ customSipHeaders: true, ignoreE164Validation: true, overrideAgentId: true, overrideAgentVersion: true },
    ...{ notBefore: true, notAfter: true },
  })
  .extend({ timeZone: z.string().nullable().meta({ description: 'Its own, where the row names one that counts' }) });

export const importRowSchema = z
  .object({
    rowNumber: z.int().meta({ description: '1 is the first row below the headers' }),
    accepted: z.boolean(),
    recipient: importedRecipientSchema.nullable().meta({ description: 'What an accepted row becomes; else null' }),
    cells: z
      .record(z.string(), z.string())
      .nullable()
      .meta({
        description: 'The cells of a rejected row by header, as `values` of an edit names them; else null',
        example: { phone_number: '12a', name: 'Ada' },
      }),
    problems: z.array(z.object({ field: z.string(), code: z.enum(FIELD_CODES), message: z.string() })),
  })
  .meta({ id: 'ImportRow' });

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

export const encodingQuery = z
  .enum(ENCODINGS, { error: `encoding is one of ${ENCODINGS.join(', ')}` })
  .optional()
  .meta({ description: 'The encoding of the file; left out, it is UTF-8 or detected' });

/** How an uploaded file is written, where that is not found by itself. */
export const fileShapeFields = {
  separator: z
    .enum(['comma', 'semicolon', 'tab', 'bar'])
    .optional()
    .meta({
      description: 'What stands between cells; left out, it is what `sep=` says, or found',
      example: 'semicolon',
    }),
  headerRow: z.coerce.number().int().min(1).max(HEADER_ROW_MAX).default(1).meta({
    description:
      'Which row has the headers: 1 is the first. The rows above it are left out. Blank rows and a line `sep=` are not counted',
  }),
};

/** The form of an upload of recipients. */
export const uploadBody = z.custom<Upload>().meta({
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
});
