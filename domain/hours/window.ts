import { z } from 'zod';
import { boundedList } from '../bounded-list.js';

/** In ISO order: the index is luxon's weekday less one. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** A range in minutes from the midnight that its day begins with, half-open; beyond 1440 for one that ends the next day. */
export type MinuteRange = { startMinute: number; endMinute: number };

export const RANGES_PER_DAY_MAX = 24;
export const BLACKOUT_DATES_MAX = 366;
export const MINUTES_PER_DAY = 1440;

const START = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const END = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

const rangeSchema = z
  .tuple([
    z.string().regex(START, 'a range starts at a time from 00:00 to 23:59, written HH:MM'),
    z.string().regex(END, 'a range ends at a time from 00:00 to 24:00, written HH:MM'),
  ])
  .refine(([start, end]) => start !== end, 'a range must not end when it starts; the whole day is 00:00 to 24:00');

const daySchema = boundedList(
  z.array(rangeSchema),
  RANGES_PER_DAY_MAX,
  `a day has at most ${RANGES_PER_DAY_MAX} ranges`,
).superRefine((ranges, ctx) => {
  const overlap = findOverlap(ranges);
  if (overlap) ctx.addIssue({ code: 'custom', message: `${overlap} overlap; write them as one range` });
});

/** Allowed days and hours. Ranges are half-open, may end at 24:00, and belong to the day they start on when they end earlier. */
export const windowSchema = z
  .strictObject({
    monday: daySchema.optional(),
    tuesday: daySchema.optional(),
    wednesday: daySchema.optional(),
    thursday: daySchema.optional(),
    friday: daySchema.optional(),
    saturday: daySchema.optional(),
    sunday: daySchema.optional(),
  })
  .refine(
    (window) => WEEKDAYS.some((day) => (window[day]?.length ?? 0) > 0),
    'a window has at least one range, such as {"monday": [["09:00", "17:00"]]}',
  );

export type CallWindow = z.infer<typeof windowSchema>;

/** Days on which nobody is called, whatever the window says; each in the zone in which the hours are read. */
export const blackoutDatesSchema = boundedList(
  z.array(z.string().refine(isDate, 'a blackout date is a date that exists, written YYYY-MM-DD')),
  BLACKOUT_DATES_MAX,
  `there are at most ${BLACKOUT_DATES_MAX} blackout dates`,
);

/** Every minute of the week. */
export const ALWAYS: CallWindow = Object.fromEntries(WEEKDAYS.map((day) => [day, [['00:00', '24:00']]]));

/** The same window, its days in their order: as it is shown, whatever order it was written or stored in. */
export function inOrderOfDays(window: CallWindow): CallWindow {
  return Object.fromEntries(WEEKDAYS.flatMap((day) => (window[day] ? [[day, window[day]]] : [])));
}

/** The ranges that start on a weekday, numbered as ISO does: 1 is Monday, 7 is Sunday. */
export function rangesOf(window: CallWindow, isoWeekday: number): MinuteRange[] {
  const day = WEEKDAYS[isoWeekday - 1];
  return ((day && window[day]) ?? []).map(minuteRange);
}

/** JavaScript reads 30 February as 2 March: only a date that is written back the same exists. */
function isDate(text: string): boolean {
  const dayMs = DATE.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(dayMs) && new Date(dayMs).toISOString().startsWith(text);
}

function minuteRange([start, end]: readonly [string, string]): MinuteRange {
  const startMinute = minuteOf(start);
  const endMinute = minuteOf(end);
  return { startMinute, endMinute: endMinute > startMinute ? endMinute : endMinute + MINUTES_PER_DAY };
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Ranges of one day only: one that runs into the next day's simply joins it. */
function findOverlap(ranges: readonly (readonly [string, string])[]): string | null {
  const sorted = ranges
    .map((range) => ({ ...minuteRange(range), text: range.join('-') }))
    .sort((a, b) => a.startMinute - b.startMinute);
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && next.startMinute < range.endMinute) return `${range.text} and ${next.text}`;
  }
  return null;
}
