import { DateTime, IANAZone } from 'luxon';
import { z } from 'zod';

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/;
const WITH_OFFSET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(?:Z|[+-]\d\d:\d\d)$/;
const FORMAT_MESSAGE = 'write a date and time like 2026-12-01T09:00 (in the batch’s time zone) or 2026-12-01T08:00:00Z';

/** When a batch starts: at once, or at a time that is local to the batch's zone unless it names its own offset. */
export const startSchema = z.union(
  [
    z.literal('now'),
    z.strictObject({ at: z.string().refine((at) => LOCAL.test(at) || WITH_OFFSET.test(at), FORMAT_MESSAGE) }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? `start is "now" or {"at": …}: ${FORMAT_MESSAGE}` : undefined) },
);
export type BatchStart = z.infer<typeof startSchema>;

export type StartProblemCode = 'start_not_a_time' | 'start_skipped' | 'start_in_past' | 'start_too_far';
export type StartResult = { ok: true; startMs: number } | { ok: false; code: StartProblemCode; message: string };

/** A start this little in the past is a slow form, not a mistake: it means now. */
export const START_PAST_TOLERANCE_MS = 60_000;
/** Further ahead is taken for a typing mistake. */
export const START_AHEAD_MAX_MS = 366 * 24 * 3_600_000;
/** No zone changes its clock twice within this either side, so both offsets that a local time may have are found there. */
const AROUND_MS = 24 * 3_600_000;

/** The instant at which a batch starts. A local time that the clock skips is a problem; of a repeated one, the earlier. */
export function resolveStart(input: { start: BatchStart; timeZone: string; nowMs: number }): StartResult {
  const { start, timeZone, nowMs } = input;
  if (start === 'now') return { ok: true, startMs: nowMs };
  if (!LOCAL.test(start.at)) return checkRange(start.at, parseInstant(start.at), nowMs);
  const localMs = parseInstant(`${start.at}Z`);
  if (localMs === null) return notATime(start.at);
  const startMs = earliestInstant(localMs, timeZone);
  if (startMs === null) {
    const message = `start ${start.at} does not exist in ${timeZone}: the clock skips it; choose a time before or after the change`;
    return { ok: false, code: 'start_skipped', message };
  }
  return checkRange(start.at, startMs, nowMs);
}

/** UTC milliseconds of an ISO date and time that carries `Z` or an offset; null for anything else, such as 30 February. */
export function parseInstant(text: string): number | null {
  if (!WITH_OFFSET.test(text)) return null;
  const time = DateTime.fromISO(text, { zone: 'utc' });
  return time.isValid ? time.toMillis() : null;
}

/**
 * The instant at which a zone's clock shows a local time, given as if it were UTC; of a repeated time the earlier, null for a
 * skipped one. Tries the offsets before and after: the clock shows the time under either, both (repeated) or neither (skipped).
 * @throws RangeError for what is no zone
 */
export function earliestInstant(localMs: number, timeZone: string): number | null {
  const zone = IANAZone.create(timeZone);
  if (!zone.isValid) throw new RangeError(`'${timeZone}' is not an IANA time zone`);
  const offsets = [zone.offset(localMs - AROUND_MS), zone.offset(localMs + AROUND_MS)];
  const instants = offsets
    .map((offset) => ({ offset, ms: localMs - offset * 60_000 }))
    .filter(({ offset, ms }) => zone.offset(ms) === offset)
    .map(({ ms }) => ms);
  return instants.length === 0 ? null : Math.min(...instants);
}

function checkRange(text: string, startMs: number | null, nowMs: number): StartResult {
  if (startMs === null) return notATime(text);
  if (startMs < nowMs - START_PAST_TOLERANCE_MS) {
    const message = `start ${text} is in the past; choose a later time, or "now"`;
    return { ok: false, code: 'start_in_past', message };
  }
  if (startMs > nowMs + START_AHEAD_MAX_MS) {
    return {
      ok: false,
      code: 'start_too_far',
      message: `start ${text} is more than a year ahead; choose an earlier time`,
    };
  }
  return { ok: true, startMs };
}

function notATime(text: string): StartResult {
  return {
    ok: false,
    code: 'start_not_a_time',
    message: `start '${text}' is not a time that exists; ${FORMAT_MESSAGE}`,
  };
}
