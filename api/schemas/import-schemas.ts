import { z } from 'zod';
import { DUPLICATE_KINDS } from '../../store/imports/count-duplicates.js';
import { NUMBERS_WITHOUT_PLUS } from '../../domain/recipients/phone-readings.js';
import { count, idOut, time } from './fields.js';

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
    warnings: z.array(z.looseObject({ code: z.string(), message: z.string() })),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: time,
    confirmedAt: time.nullable(),
  })
  .meta({ id: 'Import' });

export const importRowSchema = z
  .object({
    rowNumber: z.int().meta({ description: '1 is the first row below the headers' }),
    accepted: z.boolean(),
    content: z.record(z.string(), z.unknown()).meta({
      description:
        'Accepted: the recipient, with `repaired` and the `original` text when its phone was mended. Rejected: the cells by header.',
    }),
    problems: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })),
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
