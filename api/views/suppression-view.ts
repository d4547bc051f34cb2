import { z } from 'zod';
import type { SuppressionRow } from '../../store/workspaces/suppressions.js';
import { CURSOR_TIME, CURSOR_UUID, readCursor } from '../http/paging.js';
import { time } from '../schemas/fields.js';

export const suppressionSchema = z
  .object({ phoneNumber: z.string(), reason: z.string().nullable(), createdAt: time })
  .meta({ id: 'Suppression' });

const count = z.int().min(0);

export const addedSchema = z.object({
  added: count,
  alreadyThere: count.meta({ description: 'Suppressed before, or named more than once' }),
  notE164: count.meta({
    description:
      'Of all that were accepted, those that are no valid number with a country code: they stop only recipients with ignoreE164Validation that have the same digits',
  }),
});

export function toSuppressionView({ phone, reason, createdAt }: SuppressionRow): z.infer<typeof suppressionSchema> {
  return { phoneNumber: phone, reason, createdAt: createdAt.toISOString() };
}

/** The position in a list that is ordered by time: ids and times only, never a number. */
export function readAfter(cursor: string | undefined): { cursorAt: string; id: string } | null {
  const values = readCursor(cursor, [CURSOR_TIME, CURSOR_UUID]);
  return values && { cursorAt: values[0]!, id: values[1]! }; // readCursor has counted them
}
export function cursorOf({ cursorAt, id }: SuppressionRow): string[] {
  return [cursorAt, id];
}
