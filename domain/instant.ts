import { DateTime } from 'luxon';
import { z } from 'zod';

const TIME = String.raw`(?!0000)\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?`;
/** RFC 3339, with or without seconds: no hour 24, no leap second, no offset of a day and more. */
const WITH_OFFSET = new RegExp(`^${TIME}(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)$`);
const LOCAL = new RegExp(`^${TIME}$`);
/** What the calendar of RFC 3339, our answers and PostgreSQL can write: the years 1 to 9999, in UTC. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether it is written like a date and time, with `Z` or an offset; it need not exist. */
export function looksLikeInstant(text: string): boolean {
  return WITH_OFFSET.test(text);
}

/** Whether it is written like a date and time of a clock on a wall; it need not exist. */
export function looksLocal(text: string): boolean {
  return LOCAL.test(text);
}

/** UTC milliseconds of an ISO date and time that carries `Z` or an offset; null for anything else, such as 30 February. */
export function parseInstant(text: string): number | null {
  if (!looksLikeInstant(text)) return null;
  const time = DateTime.fromISO(text, { zone: 'utc' });
  const ms = time.toMillis();
  return time.isValid && isWritable(ms) ? ms : null;
}

/** Whether an instant is one of the years 1 to 9999 in UTC. */
export function isWritable(ms: number): boolean {
  return ms >= FIRST_MS && ms <= LAST_MS;
}

/** The one schema of an instant, as its text: every field of the API that takes one. */
export const instantText = z
  .string()
  .refine((text) => parseInstant(text) !== null, 'write a date and time with an offset, like 2026-12-01T08:00:00Z')
  .meta({ format: 'date-time', examples: ['2026-12-01T08:00:00Z'] });

/** The same, read. */
export const instantSchema = instantText.transform((text) => new Date(text));
