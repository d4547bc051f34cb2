import { z } from 'zod';
import { FIELD_CODES } from '../../domain/field-codes.js';
import { timeZoneSchema } from '../../domain/hours/time-zone.js';
import { FIX_ACTIONS, FIXABLE_CODES } from '../../domain/imports/fixes.js';
import { NUMBERS_WITHOUT_PLUS } from '../../domain/recipients/phone-readings.js';
import { count, time } from './fields.js';
import { importRowSchema } from './import-row-schemas.js';
import { phoneReadingFields } from './phone-reading-schemas.js';

const fixActionSchema = z.enum(FIX_ACTIONS).meta({
  description:
    'country: their numbers without + are of `country`. reading: their numbers without + are read as `numbersWithoutPlus` says. skipCheck: their numbers are dialled as they are written. zone: `cell`, which is no time zone, is replaced by `timeZone`. clear: the cells with the problem are emptied. leaveOut: the rows are removed from the import',
  example: 'country',
});

export const problemCountSchema = z
  .object({
    code: z.enum(FIELD_CODES).meta({ example: 'phone_without_country_code' }),
    rejectedRows: count,
    acceptedRows: count.meta({ description: 'Accepted rows that have it as a warning' }),
    actions: z.array(fixActionSchema).meta({ description: 'What a fix can do with all rejected rows that have it' }),
  })
  .meta({ id: 'ImportProblem' });

export const fixSchema = z
  .object({
    code: z.enum(FIXABLE_CODES).meta({ description: 'Whose rows it is about', example: 'phone_without_country_code' }),
    action: fixActionSchema,
    status: z.enum(['RUNNING', 'DONE', 'UNDOING', 'UNDONE']).meta({
      description: 'RUNNING and UNDOING go on by themselves. What is DONE, or RUNNING, can be undone',
    }),
    country: z.string().nullable().meta({ description: 'Whose numbers they are', example: 'ES' }),
    numbersWithoutPlus: z.enum(NUMBERS_WITHOUT_PLUS).nullable(),
    timeZone: z.string().nullable().meta({ description: 'What the cell was replaced by', example: 'America/New_York' }),
    cell: z.string().nullable().meta({ description: 'Only rows whose cell reads so; null: all', example: 'EST' }),
    rejectedRows: count.meta({ description: 'Rejected rows when it began' }),
    checkedRows: count.meta({ description: 'So many of them were looked at' }),
    acceptedRows: count.meta({ description: 'Rows that it made accepted, and that were not undone' }),
    changedRows: count.meta({ description: 'Rows that it changed and that are still rejected, and were not undone' }),
    leftOutRows: count.meta({ description: 'Rows that it left out, and that were not undone' }),
    undoneRows: count.meta({
      description: 'Rows that are again what they were; rows edited since are left as they are',
    }),
    startedAt: time,
    endedAt: time.nullable().meta({ description: 'When it was done, or undone' }),
  })
  .meta({ id: 'ImportFix' });

/** A cell that a fix compares is no longer. */
const CELL_LENGTH_MAX = 1_000;

export const fixBody = z
  .strictObject({
    code: z.enum(FIXABLE_CODES).meta({ description: 'All rejected rows that have such a problem' }),
    action: fixActionSchema,
    country: phoneReadingFields.defaultCountry.meta({
      description: 'Of `country`: whose numbers they are',
      example: 'ES',
    }),
    numbersWithoutPlus: z.enum(NUMBERS_WITHOUT_PLUS).optional().meta({
      description: 'Of `reading`: national or international. Of `country` too, when it shall not stay as it is',
    }),
    timeZone: timeZoneSchema.optional().meta({ description: 'Of `zone`: what stands in place of the cell' }),
    cell: z.string().max(CELL_LENGTH_MAX).optional().meta({
      description:
        'Only rows whose cell with the problem reads so, but for spaces around it; `zone` needs it, since two texts are two zones',
      example: 'EST',
    }),
    dryRun: z.boolean().default(false).meta({ description: 'Only shows what it would do with the first 1,000 rows' }),
  })
  .meta({ example: { code: 'phone_without_country_code', action: 'country', country: 'ES' } });

export const fixPreviewSchema = z
  .object({
    matchedRows: count
      .nullable()
      .meta({ description: 'Rejected rows with the problem; null with `cell`: not counted' }),
    checkedRows: count.meta({ description: 'How many of them were tried: 1,000 at most' }),
    acceptedRows: count.meta({ description: 'Of these so many would be accepted' }),
    changedRows: count.meta({ description: 'So many would change and still be rejected' }),
    leftOutRows: count.meta({ description: 'So many would be left out' }),
    examples: z
      .array(
        z.object({
          before: importRowSchema.meta({ description: 'The row as it is' }),
          after: importRowSchema.nullable().meta({ description: 'The row as it would be; null: left out' }),
        }),
      )
      .meta({ description: 'The first three of them' }),
  })
  .meta({ id: 'ImportFixPreview' });
