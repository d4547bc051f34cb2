import { DateTime, IANAZone } from 'luxon';
import { MINUTES_PER_DAY, rangesOf, type CallWindow, type MinuteRange } from './window.js';

/** A stretch of time in which calls may start: `[opensAtMs, closesAtMs)` in UTC milliseconds. */
export type Opening = { opensAtMs: number; closesAtMs: number };

export type OpeningsInput = { window: CallWindow; timeZone: string; fromMs: number; untilMs: number };

/** A stretch in which a zone keeps one offset from UTC. */
type OffsetSegment = { startMs: number; endMs: number; offsetMs: number };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = MINUTES_PER_DAY * MINUTE_MS;

/** Openings are computed this far around the interval, so that their true ends are known. */
const MARGIN_MS = 2 * DAY_MS;
/** No zone has ever changed its offset twice within this. */
const OFFSET_STEP_MS = 12 * HOUR_MS;

const AHEAD_MS = 48 * HOUR_MS;
/** A weekly window opens within seven days, unless its only opening falls in a skipped hour or day; then one more is tried. */
const SEARCH_AHEAD_MS = [AHEAD_MS, 9 * DAY_MS, 400 * DAY_MS];

/**
 * The openings that touch `[fromMs, untilMs)`, sorted and never adjacent. A window is open exactly when the zone's clock shows a
 * time inside one of its ranges: a skipped hour does not occur, so a range that starts in it opens at its end; a repeated
 * hour counts both times.
 *
 * One that contains `fromMs` starts at or before it, and one that contains `untilMs` ends after it: where it truly does, unless
 * it is open for more than two days on that side, when it is cut there.
 */
export function computeOpenings({ window, timeZone, fromMs, untilMs }: OpeningsInput): Opening[] {
  const zone = IANAZone.create(timeZone);
  if (!zone.isValid) throw new RangeError(`'${timeZone}' is not an IANA time zone`);
  const rangesByDay = [1, 2, 3, 4, 5, 6, 7].map((isoWeekday) => rangesOf(window, isoWeekday));
  const openings = offsetSegments(zone, fromMs - MARGIN_MS, untilMs + MARGIN_MS).flatMap((segment) =>
    openingsInSegment(segment, rangesByDay),
  );
  return merge(openings).filter((opening) => opening.closesAtMs > fromMs && opening.opensAtMs < untilMs);
}

/** The openings of the next 48 hours, the current one included, and at least the next opening however far (400 days at most). */
export function openingsAhead(input: { window: CallWindow; timeZone: string; nowMs: number }): Opening[] {
  const { window, timeZone, nowMs } = input;
  for (const aheadMs of SEARCH_AHEAD_MS) {
    const openings = computeOpenings({ window, timeZone, fromMs: nowMs, untilMs: nowMs + aheadMs });
    if (openings.length > 0) return aheadMs === AHEAD_MS ? openings : openings.slice(0, 1);
  }
  return [];
}

/** The opening that contains `nowMs`, else the first one after it; null when the window stays shut for 400 days. */
export function nextOpening(input: { window: CallWindow; timeZone: string; nowMs: number }): Opening | null {
  return openingsAhead(input)[0] ?? null;
}

function offsetSegments(zone: IANAZone, fromMs: number, untilMs: number): OffsetSegment[] {
  const segments: OffsetSegment[] = [];
  let startMs = fromMs;
  let offsetMs = offsetAt(zone, fromMs);
  for (let stepMs = fromMs; stepMs < untilMs; stepMs += OFFSET_STEP_MS) {
    const nextMs = Math.min(stepMs + OFFSET_STEP_MS, untilMs);
    const nextOffsetMs = offsetAt(zone, nextMs);
    if (nextOffsetMs === offsetMs) continue;
    const changeMs = findChange(zone, stepMs, nextMs, offsetMs);
    segments.push({ startMs, endMs: changeMs, offsetMs });
    startMs = changeMs;
    offsetMs = nextOffsetMs;
  }
  segments.push({ startMs, endMs: untilMs, offsetMs });
  return segments;
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
): Opening[] {
  const localStartMs = startMs + offsetMs;
  const localEndMs = endMs + offsetMs;
  const openings: Opening[] = [];
  // From the day before: its overnight ranges reach into this one.
  for (let dayMs = Math.floor(localStartMs / DAY_MS) * DAY_MS - DAY_MS; dayMs < localEndMs; dayMs += DAY_MS) {
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
