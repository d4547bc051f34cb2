import type { DraftFields } from '../draft-fields.js';

export type Week = NonNullable<DraftFields['window']>;
export type Day = keyof Week;
export type Range = [start: string, end: string];

export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const WORKDAYS: readonly Day[] = DAYS.slice(0, 5);
/** What "+ Add hours" begins with. */
const FIRST_HOURS: Range = ['09:00', '18:00'];
export const MINUTES_PER_DAY = 1_440;
const MINUTES_ADDED = 120;

export function nameOfDay(day: Day): string {
  return day[0]!.toUpperCase() + day.slice(1); // no day is empty
}

export function rangesOf(week: Week, day: Day): Range[] {
  return (week[day] ?? []) as Range[];
}

/** A day that has no hours is left out: it is closed. */
export function withDay(week: Week, day: Day, ranges: Range[]): Week {
  const rangesNow = (each: Day): Range[] => (each === day ? ranges : rangesOf(week, each));
  return Object.fromEntries(DAYS.filter((each) => rangesNow(each).length > 0).map((each) => [each, rangesNow(each)]));
}

/** More hours behind those of the day; null: there is no room before midnight. */
export function addedTo(ranges: readonly Range[]): Range | null {
  const ends = ranges.map(([start, end]) => (minutesOf(end) > minutesOf(start) ? minutesOf(end) : MINUTES_PER_DAY));
  if (ends.length === 0) return FIRST_HOURS;
  const begin = Math.max(...ends) + MINUTES_ADDED / 2;
  if (begin + MINUTES_ADDED > MINUTES_PER_DAY) return null;
  return [timeOf(begin), timeOf(begin + MINUTES_ADDED)];
}

/** Of hours that end on the next day. */
export function isOvernight([start, end]: Range): boolean {
  return end !== '24:00' && minutesOf(end) < minutesOf(start);
}

export function dayAfter(day: Day): Day {
  return DAYS[(DAYS.indexOf(day) + 1) % DAYS.length]!; // of the list
}

export function dayBefore(day: Day): Day {
  return DAYS[(DAYS.indexOf(day) + DAYS.length - 1) % DAYS.length]!; // of the list
}

export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

export function timeOf(minutes: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
