// Loading it takes 0.2 s and 28 MB, once in a process; it holds the rules of every country, and computes none before it is asked.
import Holidays, { type HolidaysTypes } from 'date-holidays';
import { z } from 'zod';
import { boundedList } from '../bounded-list.js';
import { quoted } from '../field-problem.js';

/** The public holidays of a country (ISO 3166, such as `DE`) or of a region of it (such as `BY`, or `BY.A` for a part of one). */
export type HolidayCalendar = { country: string; region?: string | undefined };
/** A local day, `YYYY-MM-DD`. */
export type Holiday = { date: string; name: string };

export const HOLIDAY_CALENDARS_MAX = 20;
const DAY_MS = 24 * 3_600_000;
/** Country, region and year: a batch needs a handful, and a full cache is emptied. */
const CALENDARS_KNOWN_MAX = 2_000;
const CODES_SHOWN_MAX = 20;

const knownYears = new Map<string, readonly Holiday[]>();

let countriesKnown: Record<string, string> | null = null;

const calendarSchema = z
  .strictObject({ country: z.string(), region: z.string().optional() })
  .superRefine(({ country, region }, ctx) => {
    if (!has(countries(), country)) {
      const message = `no holidays are known for country ${quoted(country)}; write an ISO 3166 code in capitals, such as DE`;
      ctx.addIssue({ code: 'custom', path: ['country'], message });
    } else if (region !== undefined && !isRegion(country, region)) {
      ctx.addIssue({ code: 'custom', path: ['region'], message: unknownRegionMessage(country, region) });
    }
  });

/** Whose public holidays close the whole local day. */
export const holidaysSchema = boundedList(
  z.array(calendarSchema),
  HOLIDAY_CALENDARS_MAX,
  `there are at most ${HOLIDAY_CALENDARS_MAX} holiday calendars`,
);

/**
 * The public holidays that begin in a year, a line for each of their days, substitute days included. One that begins at sunset
 * is counted from the day after, as calendars print it; one that lasts part of a day counts as the whole day.
 */
export function publicHolidays(calendar: HolidayCalendar, year: number): readonly Holiday[] {
  const known = knownYears.get(keyOf(calendar, year));
  if (known) return known;
  const holidays = computeHolidays(calendar, year);
  rememberHolidays(calendar, year, holidays);
  return holidays;
}

/** From the start: up to 250 ms of work, in countries with a lunar calendar. */
function computeHolidays(calendar: HolidayCalendar, year: number): Holiday[] {
  return (new Holidays(placeOf(calendar), { types: ['public'] }).getHolidays(year, 'en') ?? []).flatMap(daysOf);
}

/** The library's name of a calendar, such as `DE.BY`. */
export function placeOf({ country, region }: HolidayCalendar): string {
  return [country, region].filter(Boolean).join('.');
}

/** Keeps the holidays of a year that were computed elsewhere: in a thread, which holds up nobody. */
export function rememberHolidays(calendar: HolidayCalendar, year: number, holidays: readonly Holiday[]): void {
  if (knownYears.size >= CALENDARS_KNOWN_MAX) knownYears.clear();
  knownYears.set(keyOf(calendar, year), holidays);
}

export function isRemembered(calendar: HolidayCalendar, year: number): boolean {
  return knownYears.has(keyOf(calendar, year));
}

function keyOf({ country, region }: HolidayCalendar, year: number): string {
  return `${country} ${region ?? ''} ${year}`;
}

/** The countries whose holidays are known, by ISO 3166. */
export function holidayCountries(): string[] {
  return Object.keys(countries());
}

/** The regions of a country that have holidays of their own; none where all of it has the same. */
export function holidayRegions(country: string): { code: string; name: string }[] {
  return Object.entries(new Holidays().getStates(country) ?? {}).map(([code, name]) => ({ code, name }));
}

function countries(): Record<string, string> {
  return (countriesKnown ??= new Holidays().getCountries());
}

/** Every day of a holiday, as the library tells it. */
export function daysOf({
  date,
  start,
  end,
  name,
}: Pick<HolidaysTypes.Holiday, 'date' | 'start' | 'end' | 'name'>): Holiday[] {
  const firstMs = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  // Rounded up: a clock change makes it an hour longer or shorter, and half a day is one too.
  const days = Math.max(1, Math.ceil((end.getTime() - start.getTime()) / DAY_MS - 0.1));
  return Array.from({ length: days }, (_, day) => ({
    date: new Date(firstMs + day * DAY_MS).toISOString().slice(0, 10),
    name,
  }));
}

function isRegion(country: string, region: string): boolean {
  const [state = '', part, ...more] = region.split('.');
  if (more.length > 0 || !has(new Holidays().getStates(country), state)) return false;
  return part === undefined || has(new Holidays().getRegions(country, state), part);
}

function unknownRegionMessage(country: string, region: string): string {
  const codes = Object.keys(new Holidays().getStates(country) ?? {});
  const written = quoted(region);
  if (codes.length === 0) return `region ${written} is not known: ${country} has no holidays of regions; leave it out`;
  const shown = codes.slice(0, CODES_SHOWN_MAX).join(', ');
  return `region ${written} is not known in ${country}; write one of ${shown}${codes.length > CODES_SHOWN_MAX ? ', …' : ''}`;
}

function has(names: Record<string, string> | null | undefined, code: string): boolean {
  return names != null && Object.hasOwn(names, code);
}
