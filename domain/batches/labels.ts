import { z } from 'zod';

/** How many labels a batch has at most, and how many a list is filtered by. */
export const LABELS_MAX = 20;
const KEY_LENGTH_MAX = 40;
const VALUE_LENGTH_MAX = 100;

const KEY = new RegExp(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,${KEY_LENGTH_MAX - 1}}$`);
const KEY_MESSAGE = `a key of a label has 1 to ${KEY_LENGTH_MAX} letters, digits, "_", "." or "-", and begins with a letter or a digit`;

const keySchema = z.string().max(KEY_LENGTH_MAX, KEY_MESSAGE).regex(KEY, KEY_MESSAGE);
const valueSchema = z
  .string()
  .max(VALUE_LENGTH_MAX, `a value of a label has at most ${VALUE_LENGTH_MAX} characters`)
  .trim()
  .min(1, 'a value of a label is not empty')
  .refine((value) => !/[\p{Cc}\p{Cs}]/u.test(value), 'a value of a label has no control characters');

export type Labels = Record<string, string>;

/** The labels of a batch: key to value. */
export const labelsSchema = z
  .record(keySchema, valueSchema)
  .refine((labels) => Object.keys(labels).length <= LABELS_MAX, `a batch has at most ${LABELS_MAX} labels`)
  .meta({
    description: `Key to value, at most ${LABELS_MAX}: to find batches again, see \`label\` of the list. Can be changed in every status`,
    example: { team: 'sales' },
  });

/** In a change: what is left out stays, null takes a label away. */
export const labelsChangeSchema = z
  .record(keySchema, valueSchema.nullable())
  .refine((labels) => Object.keys(labels).length <= 2 * LABELS_MAX, `a change names at most ${2 * LABELS_MAX} labels`)
  .meta({
    description: 'Key to value. What is left out stays; null takes a label away. Can be changed in every status',
    example: { team: 'sales', draft: null },
  });

/** The labels after a change: not yet checked for how many there are. */
export function mergeLabels(stored: Labels, change: Record<string, string | null>): Labels {
  const merged = Object.entries({ ...stored, ...change });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** A label as a list is filtered by it: `key:value`, split at the first colon. */
const filterSchema = z
  .string()
  .max(KEY_LENGTH_MAX + 1 + VALUE_LENGTH_MAX)
  .transform((text, ctx): [string, string] => {
    const colon = text.indexOf(':');
    const key = keySchema.safeParse(text.slice(0, Math.max(colon, 0)));
    const value = valueSchema.safeParse(text.slice(colon + 1));
    if (key.success && value.success) return [key.data, value.data];
    ctx.addIssue({ code: 'custom', message: 'a label is key:value, as in team:sales' });
    return z.NEVER;
  });

/** Several labels of a query, the same parameter several times: those that a batch has, all of them. */
export const labelFilterSchema = z.preprocess(
  (sent) => (typeof sent === 'string' ? [sent] : sent),
  z.array(filterSchema).max(LABELS_MAX, `at most ${LABELS_MAX} labels`),
);
