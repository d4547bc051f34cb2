import { Temporal } from '@js-temporal/polyfill';

/** The hours of a case, as a person would write them down. */
export type WrittenHours = {
  /** By English weekday: pairs of `HH:MM`. */
  window: Partial<Record<string, readonly (readonly [string, string])[]>>;
  /** `YYYY-MM-DD`. */
  closedDates: readonly string[];
};
/** Hours together with the zone in whose time they are read. */
export type Reading = { hours: WrittenHours; timeZone: string };

const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = 1440;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

const DAY_MS = MINUTES_PER_DAY * MINUTE_MS;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 4;
/** A clock that shows as many minutes more as have passed ran straight: none has changed and changed back within 4 hours. */
const STRAIGHT_MINUTES = [4 * 60, 60];

/** What the wall shows, by zone and minute of UTC: readings are slow and asked for again and again. */
const readings = new Map<string, Map<number, number>>();

/**
 * Whether calls are allowed in each minute, found by looking at the wall clock of that minute. It knows nothing of
 * offsets or intervals, and shares no code or library with the product.
 */
export function createOracle(read: readonly Reading[]): (utcMinute: number) => boolean {
  const allows = read.map(({ hours, timeZone }) => {
    const isWritten = readHours(hours);
    const showAt = readWall(timeZone);
    return (utcMinute: number) => isWritten(showAt(utcMinute));
  });
  return (utcMinute) => allows.every((allowed) => allowed(utcMinute));
}

/** The instants at which a zone changes its clock, in UTC milliseconds. */
export function findClockChanges(timeZone: string, fromMs: number, untilMs: number): number[] {
  const changes: number[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  for (;;) {
    const next = at.getTimeZoneTransition('next');
    if (!next || next.epochMilliseconds >= untilMs) return changes;
    changes.push(next.epochMilliseconds);
    at = next;
  }
}

/** Local minutes are counted from 1970-01-01 00:00 as the wall shows it. */
function readHours({ window, closedDates }: WrittenHours): (local: number) => boolean {
  const closed = new Set(closedDates.map((date) => Date.parse(`${date}T00:00:00Z`) / DAY_MS));
  const dayParts = WEEKDAYS.map((weekday) => markMinutes(window[weekday] ?? []));
  return (local) => {
    const day = Math.floor(local / MINUTES_PER_DAY);
    const minute = local - day * MINUTES_PER_DAY;
    const weekday = (day + FIRST_WEEKDAY) % 7;
    const isToday = dayParts[weekday]?.before[minute] === 1;
    const isLastNight = dayParts[(weekday + 6) % 7]?.after[minute] === 1;
    return (isToday && !closed.has(day)) || (isLastNight && !closed.has(day - 1));
  };
}

/** The minutes of a weekday's ranges: before the next midnight, and after it. */
function markMinutes(ranges: readonly (readonly [string, string])[]): { before: Uint8Array; after: Uint8Array } {
  const before = new Uint8Array(MINUTES_PER_DAY);
  const after = new Uint8Array(MINUTES_PER_DAY);
  for (const [start, end] of ranges) {
    const [from = 0, until = 0] = [start, end].map((time) => {
      const [hour, minute] = time.split(':').map(Number);
      return (hour ?? 0) * 60 + (minute ?? 0);
    });
    if (from < until) before.fill(1, from, until);
    else {
      before.fill(1, from);
      after.fill(1, 0, until);
    }
  }
  return { before, after };
}

/** The local minute that the wall clock of a zone shows in a minute of UTC. */
function readWall(timeZone: string): (utcMinute: number) => number {
  const known = readings.get(timeZone) ?? new Map<number, number>();
  readings.set(timeZone, known);
  const read = (utcMinute: number): number => {
    const before = known.get(utcMinute);
    if (before !== undefined) return before;
    const at = Temporal.Instant.fromEpochMilliseconds(utcMinute * MINUTE_MS)
      .toZonedDateTimeISO(timeZone)
      .toPlainDateTime();
    const shown = Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute) / MINUTE_MS;
    known.set(utcMinute, shown);
    return shown;
  };
  // The last straight stretch: the next minute asked about is mostly in it.
  let straight = { from: 0, until: 0, ahead: 0 };
  return (utcMinute) => {
    if (utcMinute >= straight.from && utcMinute < straight.until) return utcMinute + straight.ahead;
    for (const length of STRAIGHT_MINUTES) {
      const from = utcMinute - (utcMinute % length);
      const until = from + length;
      const ahead = read(from) - from;
      if (read(until) - until !== ahead) continue;
      straight = { from, until, ahead };
      return utcMinute + ahead;
    }
    return read(utcMinute);
  };
}
