import { DateTime, IANAZone } from 'luxon';
import { publicHolidays, type HolidayCalendar } from './holidays.js';
import { MINUTES_PER_DAY, rangesOf, type CallWindow, type MinuteRange } from './window.js';

/** A stretch of time in which calls may start: `[opensAtMs, closesAtMs)` in UTC milliseconds. */
export type Opening = { opensAtMs: number; closesAtMs: number };

/** This process's time zone data know no zone of this name: it is no zone, or one that newer data have. */
export class UnknownTimeZoneError extends RangeError {
  override readonly name = 'UnknownTimeZoneError';
  constructor(readonly timeZone: string) {
    super(`'${timeZone}' is not an IANA time zone`);
  }
}

/** When calls may start, as a person writes it down: the same text means another time in each zone in which it is read. */
export type HoursRule = {
  window: CallWindow;
  /** `YYYY-MM-DD`, in the zone in question. */
  blackoutDates?: readonly string[] | undefined;
  holidays?: readonly HolidayCalendar[] | undefined;
};

export type OpeningsInput = HoursRule & { timeZone: string; fromMs: number; untilMs: number };

/** A stretch in which a zone keeps one offset from UTC. */
type OffsetSegment = { startMs: number; endMs: number; offsetMs: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = MINUTES_PER_DAY * MINUTE_MS;

/** Openings are computed this far around the interval, so that their true ends are known. */
const MARGIN_MS = 2 * DAY_MS;
/** No zone has ever changed its offset twice within this. */
const OFFSET_STEP_MS = 12 * HOUR_MS;

/** Steps remembered for each zone: 27 years, though a process asks for little more than one. */
const STEPS_KNOWN_MAX = 20_000;
const offsetsByZone = new Map<string, Map<number, number>>();

/**
 * The openings that touch `[fromMs, untilMs)`, sorted and never adjacent. A window is open exactly when the zone's clock shows a
 * time inside one of its ranges: a skipped hour does not occur, so a range that starts in it opens at its end; a repeated
 * hour counts both times. A range belongs to the day on which it starts: a blackout date or public holiday takes away all ranges of
 * its day, the part after the next midnight included, and leaves what an open day sends into it.
 *
 * One that contains `fromMs` starts at or before it, and one that contains `untilMs` ends after it: where it truly does, unless
 * it is open for more than two days on that side, when it is cut there.
 */
export function computeOpenings({ timeZone, fromMs, untilMs, ...rule }: OpeningsInput): Opening[] {
  const zone = IANAZone.create(timeZone);
  if (!zone.isValid) throw new UnknownTimeZoneError(timeZone);
  const rangesByDay = [1, 2, 3, 4, 5, 6, 7].map((isoWeekday) => rangesOf(rule.window, isoWeekday));
  const closedDays = closedDaysOf(rule, fromMs, untilMs);
  const openings = offsetSegments(zone, fromMs - MARGIN_MS, untilMs + MARGIN_MS).flatMap((segment) =>
    openingsInSegment(segment, rangesByDay, closedDays),
  );
  return merge(openings).filter((opening) => opening.closesAtMs > fromMs && opening.opensAtMs < untilMs);
}

/** Local days, as the UTC milliseconds of their date's midnight. */
function closedDaysOf({ blackoutDates = [], holidays = [] }: HoursRule, fromMs: number, untilMs: number): Set<number> {
  const dates = [...blackoutDates];
  if (holidays.length > 0) {
    // A holiday may begin in the year before: the farthest day looked at is the margin and an overnight range back.
    const lastYear = new Date(untilMs + 2 * MARGIN_MS).getUTCFullYear();
    for (let year = new Date(fromMs - 2 * MARGIN_MS).getUTCFullYear() - 1; year <= lastYear; year++)
      for (const calendar of holidays) dates.push(...publicHolidays(calendar, year).map(({ date }) => date));
  }
  return new Set(dates.map((date) => Date.parse(`${date}T00:00:00Z`)));
}

function offsetSegments(zone: IANAZone, fromMs: number, untilMs: number): OffsetSegment[] {
  const segments: OffsetSegment[] = [];
  let startMs = fromMs;
  for (let stepMs = stepOf(fromMs); stepMs < untilMs; stepMs += OFFSET_STEP_MS) {
    const offsetMs = offsetAtStep(zone, stepMs);
    if (offsetAtStep(zone, stepMs + OFFSET_STEP_MS) === offsetMs) continue;
    const changeMs = findChange(zone, stepMs, stepMs + OFFSET_STEP_MS, offsetMs);
    if (changeMs <= startMs || changeMs >= untilMs) continue;
    segments.push({ startMs, endMs: changeMs, offsetMs });
    startMs = changeMs;
  }
  segments.push({ startMs, endMs: untilMs, offsetMs: offsetAt(zone, startMs) });
  return segments;
}

/** Steps begin at whole multiples, so that all zone sets and all batches ask for the same instants. */
function stepOf(ms: number): number {
  return Math.floor(ms / OFFSET_STEP_MS) * OFFSET_STEP_MS;
}

/** Remembered: asking Intl takes microseconds, and hundreds of zone sets share the same zones. */
function offsetAtStep(zone: IANAZone, stepMs: number): number {
  const known = offsetsByZone.get(zone.name) ?? new Map<number, number>();
  offsetsByZone.set(zone.name, known);
  const before = known.get(stepMs);
  if (before !== undefined) return before;
  const offsetMs = offsetAt(zone, stepMs);
  if (known.size >= STEPS_KNOWN_MAX) known.clear();
  known.set(stepMs, offsetMs);
  return offsetMs;
}

/** The first instant after `beforeMs` at which the zone no longer has the old offset; changes fall on whole seconds. */
function findChange(zone: IANAZone, beforeMs: number, afterMs: number, oldOffsetMs: number): number {
  let before = Math.floor(beforeMs / 1000);
  let after = Math.ceil(afterMs / 1000);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(zone, middle * 1000) === oldOffsetMs) before = middle;
    else after = middle;
  }
  return after * 1000;
}

function offsetAt(zone: IANAZone, atMs: number): number {
  return zone.offset(atMs) * MINUTE_MS;
}

/** Within a segment the local clock runs straight, so local ranges are intersected with it as plain numbers. */
function openingsInSegment(
  { startMs, endMs, offsetMs }: OffsetSegment,
  rangesByDay: readonly MinuteRange[][],
  closedDays: ReadonlySet<number>,
): Opening[] {
  const localStartMs = startMs + offsetMs;
  const localEndMs = endMs + offsetMs;
  const openings: Opening[] = [];
  // From the day before: its overnight ranges reach into this one.
  for (let dayMs = Math.floor(localStartMs / DAY_MS) * DAY_MS - DAY_MS; dayMs < localEndMs; dayMs += DAY_MS) {
    if (closedDays.has(dayMs)) continue;
    const isoWeekday = DateTime.fromMillis(dayMs, { zone: 'utc' }).weekday;
    for (const range of rangesByDay[isoWeekday - 1] ?? []) {
      const opensAtMs = Math.max(dayMs + range.startMinute * MINUTE_MS, localStartMs) - offsetMs;
      const closesAtMs = Math.min(dayMs + range.endMinute * MINUTE_MS, localEndMs) - offsetMs;
      if (opensAtMs < closesAtMs) openings.push({ opensAtMs, closesAtMs });
    }
  }
  return openings;
}

function merge(openings: readonly Opening[]): Opening[] {
  const merged: Opening[] = [];
  for (const opening of [...openings].sort((a, b) => a.opensAtMs - b.opensAtMs)) {
    const last = merged.at(-1);
    if (last && opening.opensAtMs <= last.closesAtMs) last.closesAtMs = Math.max(last.closesAtMs, opening.closesAtMs);
    else merged.push({ ...opening });
  }
  return merged;
}
