import { IANAZone } from 'luxon';
import { z } from 'zod';
import { looksLikeInstant, looksLocal, parseInstant } from '../instant.js';

const FORMAT_MESSAGE = 'write a date and time like 2026-12-01T09:00 (in the batch’s time zone) or 2026-12-01T08:00:00Z';

/** When a batch starts: at once, or at a time that is local to the batch's zone unless it names its own offset. */
export const startSchema = z.union(
  [
    z.literal('now'),
    z.strictObject({ at: z.string().refine((at) => looksLocal(at) || looksLikeInstant(at), FORMAT_MESSAGE) }),
  ],
  { error: (issue) => (issue.code === 'invalid_union' ? `start is "now" or {"at": …}: ${FORMAT_MESSAGE}` : undefined) },
);
export type BatchStart = z.infer<typeof startSchema>;

/** The last instant of a batch, in the same form. */
export const endSchema = z.union(
  [z.strictObject({ at: z.string().refine((at) => looksLocal(at) || looksLikeInstant(at), FORMAT_MESSAGE) })],
  { error: (issue) => (issue.code === 'invalid_union' ? `end is {"at": …}: ${FORMAT_MESSAGE}` : undefined) },
);
export type BatchEnd = z.infer<typeof endSchema>;

export type TimeProblemCode = `${'start' | 'end'}_${'not_a_time' | 'skipped' | 'in_past' | 'too_far'}`;
type TimeProblem = { ok: false; code: TimeProblemCode; message: string };
export type TimeResult = { ok: true; ms: number } | TimeProblem;
export type StartResult = { ok: true; startMs: number } | TimeProblem;

/** A start this little in the past is a slow form, not a mistake: it means now. */
export const START_PAST_TOLERANCE_MS = 60_000;
/** Further ahead is taken for a typing mistake. */
export const START_AHEAD_MAX_MS = 366 * 24 * 3_600_000;
const END_AHEAD_MAX_MS = 2 * START_AHEAD_MAX_MS;
/** No zone changes its clock twice within this either side, so both offsets that a local time may have are found there. */
const AROUND_MS = 24 * 3_600_000;

/** The instant at which a batch starts. A local time that the clock skips is a problem; of a repeated one, the earlier. */
export function resolveStart(input: { start: BatchStart; timeZone: string | null; nowMs: number }): StartResult {
  const { start, timeZone, nowMs } = input;
  if (start === 'now') return { ok: true, startMs: nowMs };
  const range = { fromMs: nowMs - START_PAST_TOLERANCE_MS, untilMs: nowMs + START_AHEAD_MAX_MS };
  const resolved = resolveTime('start', start.at, timeZone, range);
  return resolved.ok ? { ok: true, startMs: resolved.ms } : resolved;
}

/** The instant at which a batch ends, read as a start is: of a repeated local time the earlier, so that no call is later than meant. */
export function resolveEnd(input: { end: BatchEnd; timeZone: string | null; nowMs: number }): TimeResult {
  const { end, timeZone, nowMs } = input;
  return resolveTime('end', end.at, timeZone, { fromMs: nowMs, untilMs: nowMs + END_AHEAD_MAX_MS });
}

/** The text of a local time, which is read again when the zone changes; null for one that names its own offset, or none. */
export function localTimeOf(time: BatchStart | BatchEnd | null): string | null {
  return time !== null && time !== 'now' && looksLocal(time.at) ? time.at : null;
}

type What = 'start' | 'end';
type Range = { fromMs: number; untilMs: number };

function resolveTime(what: What, at: string, timeZone: string | null, range: Range): TimeResult {
  if (!looksLocal(at)) return checkRange(what, at, parseInstant(at), range);
  const localMs = parseInstant(`${at}Z`);
  if (localMs === null) return notATime(what, at);
  if (timeZone === null) return withoutZone(what, at);
  const ms = earliestInstant(localMs, timeZone);
  if (ms !== null) return checkRange(what, at, ms, range);
  const message = `${what} ${at} does not exist in ${timeZone}: the clock skips it; choose a time before or after the change`;
  return { ok: false, code: `${what}_skipped`, message };
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

function checkRange(what: What, text: string, ms: number | null, { fromMs, untilMs }: Range): TimeResult {
  if (ms === null) return notATime(what, text);
  if (ms < fromMs) {
    const message = `${what} ${text} is in the past; choose a later time${what === 'start' ? ', or "now"' : ''}`;
    return { ok: false, code: `${what}_in_past`, message };
  }
  if (ms <= untilMs) return { ok: true, ms };
  const far = what === 'start' ? 'a year' : 'two years';
  const message = `${what} ${text} is more than ${far} ahead; choose an earlier time`;
  return { ok: false, code: `${what}_too_far`, message };
}

function withoutZone(what: What, at: string): TimeProblem {
  const message = `${what} ${at} is a local time, and the batch has no time zone yet; give it a timeZone, or write the time with an offset`;
  return { ok: false, code: `${what}_not_a_time`, message };
}

function notATime(what: What, text: string): TimeResult {
  return {
    ok: false,
    code: `${what}_not_a_time`,
    message: `${what} '${text}' is not a time that exists; ${FORMAT_MESSAGE}`,
  };
}
