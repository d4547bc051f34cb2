import { z } from 'zod';
import { isUnstorable } from '../field-problem.js';
import { parseInstant } from '../batches/start-time.js';
import { timeZoneSchema } from '../hours/time-zone.js';

const instantSchema = z
  .string()
  .transform((text, ctx) => {
    const ms = parseInstant(text);
    if (ms !== null) return new Date(ms);
    ctx.addIssue({ code: 'custom', message: 'write a date and time with an offset, like 2026-12-01T08:00:00Z' });
    return z.NEVER;
  })
  .meta({ format: 'date-time' });

const textSchema = z
  .string()
  .refine((text) => !isUnstorable(text), 'must not contain a NUL byte or a broken character');

/** The body of a change of a recipient that waits. What is left out stays. */
export const recipientChangeSchema = z
  .strictObject({
    timeZone: timeZoneSchema
      .nullable()
      .optional()
      .meta({ description: 'Only in a batch with hoursIn "recipient"; null: the zones of its number' }),
    variables: z
      .record(textSchema, textSchema.nullable())
      .optional()
      .meta({ description: 'Merged with those that it has, 64 KiB in all; null takes one away' }),
    notBefore: instantSchema.nullable().optional().meta({ description: 'Null: at any time' }),
    notAfter: instantSchema.nullable().optional().meta({ description: 'Null: until the end of the batch' }),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), {
    message: 'name at least one of timeZone, variables, notBefore and notAfter',
  });
export type RecipientChange = z.infer<typeof recipientChangeSchema>;
