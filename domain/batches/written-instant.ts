import { readTimeZone } from '../hours/time-zone.js';
import { isWritable, parseInstant } from '../instant.js';
import { earliestInstant } from './start-time.js';

/** The instant in UTC milliseconds, or why there is none; the message follows the quoted text. */
export type WrittenInstant =
  { ok: true; ms: number } | { ok: false; code: 'not_a_time' | 'time_skipped'; message: string };

/** Longer text is no time. */
const LENGTH_MAX = 64;
/** Date, time, and what may follow: an offset, or a zone by name. A space for the T is what databases and spreadsheets write. */
const WRITTEN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(.*)$/i;
const OFFSET = /^([+-])(\d\d):?(\d\d)?$/;

/**
 * Reads a date and time as a file has it: with `Z`, an offset (`+01:00`, `+0100`, `+01`), a zone's name (`Europe/Madrid`, also in square
 * brackets), or with none of them in `localTimeZone`. A local time that the clock skips is a problem; of a repeated one it is the earlier.
 * @param localTimeZone null refuses a time without an offset
 */
export function readWrittenInstant(written: string, localTimeZone: string | null): WrittenInstant {
  const [, date, time, rest = ''] = WRITTEN.exec(written.trim().slice(0, LENGTH_MAX + 1)) ?? [];
  if (date === undefined || time === undefined || written.trim().length > LENGTH_MAX) return notATime(localTimeZone);
  // Milliseconds are as exact as a start is.
  const local = `${date}T${time.replace(/(\.\d{3})\d+$/, '$1')}`;
  if (/^(?:z|utc|gmt)$/i.test(rest)) return instantOf(parseInstant(`${local}Z`), localTimeZone);
  const [, sign, hours, minutes = '00'] = OFFSET.exec(rest) ?? [];
  if (hours !== undefined) return instantOf(parseInstant(`${local}${sign ?? '+'}${hours}:${minutes}`), localTimeZone);
  return inZone(local, rest, localTimeZone);
}

function inZone(local: string, rest: string, localTimeZone: string | null): WrittenInstant {
  const named = /^\[?([A-Za-z]+\/[A-Za-z0-9_+\-/]+)\]?$/.exec(rest)?.[1] ?? null;
  const zone = rest === '' ? localTimeZone : named;
  const localMs = parseInstant(`${local}Z`);
  const reading = zone === null ? null : readTimeZone(zone);
  if (!reading?.ok || localMs === null) return notATime(localTimeZone);
  const ms = earliestInstant(localMs, reading.timeZone);
  if (ms !== null) return isWritable(ms) ? { ok: true, ms } : notATime(localTimeZone);
  const message = `does not exist in ${reading.timeZone}: the clock skips it; write a time before or after the change`;
  return { ok: false, code: 'time_skipped', message };
}

function instantOf(ms: number | null, localTimeZone: string | null): WrittenInstant {
  return ms === null ? notATime(localTimeZone) : { ok: true, ms };
}

function notATime(localTimeZone: string | null): WrittenInstant {
  const message =
    localTimeZone === null
      ? 'is not a date and time with an offset; expected like 2026-12-01T08:00:00Z'
      : `is not a date and time; expected like 2026-12-01T08:00:00Z, or 2026-12-01T09:00 in ${localTimeZone}`;
  return { ok: false, code: 'not_a_time', message };
}
