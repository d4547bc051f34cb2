import { z } from 'zod';
import { isUnstorable } from '../field-problem.js';
import { instantSchema } from '../instant.js';
import { keyedByName } from '../keyed-by-name.js';
import { timeZoneSchema } from '../hours/time-zone.js';

const textSchema = z
  .string()
  .refine((text) => !isUnstorable(text), 'must not contain a NUL byte or a broken character');

const fieldsOfAll = {
  variables: keyedByName(textSchema, textSchema.nullable())
    .optional()
    .meta({ description: 'Merged with those that it has, 64 KiB in all; null takes one away' }),
  notBefore: instantSchema.nullable().optional().meta({ description: 'Null: at any time' }),
  notAfter: instantSchema.nullable().optional().meta({ description: 'Null: until the end of the batch' }),
};
const namesOne = (change: object): boolean => Object.values(change).some((value) => value !== undefined);

/** The body of a change of a recipient that waits. What is left out stays. */
export const recipientChangeSchema = z
  .strictObject({
    timeZone: timeZoneSchema
      .nullable()
      .optional()
      .meta({ description: 'Only in a batch with hoursIn "recipient"; null: the zones of its number' }),
    ...fieldsOfAll,
  })
  .refine(namesOne, { message: 'name at least one of timeZone, variables, notBefore and notAfter' })
  .meta({ example: { variables: { city: 'Rome', plan: null }, notBefore: '2026-12-01T08:00:00Z' } });
export type RecipientChange = z.infer<typeof recipientChangeSchema>;

/** A change of many recipients at once: of what is the same for all of them. */
export const recipientsChangeSchema = z
  .strictObject(fieldsOfAll)
  .refine(namesOne, { message: 'name at least one of variables, notBefore and notAfter' });
