import { WEEKDAYS, type CallWindow } from '../../domain/hours/window.js';
import type { Random } from '../chaos/random.js';
import { findClockChanges } from './oracle.js';
import { US_TERRITORIES, ZONES } from './zones.js';

/** A rule read in every zone of a set, perhaps laws of the United States, and an instant to ask about. */
export type HoursCase = {
  window: CallWindow;
  blackoutDates: string[];
  zones: string[];
  lawfulHours: CallWindow[];
  atMs: number;
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FROM_MS = Date.UTC(2005, 0, 1);
const UNTIL_MS = Date.UTC(2031, 0, 1);
/** Clocks change at these times; half of all ranges start or end beside them. */
const CHANGE_TIMES = [
  '00:00',
  '00:01',
  '00:30',
  '01:00',
  '01:30',
  '01:45',
  '02:00',
  '02:01',
  '02:30',
  '02:45',
  '03:00',
];

const changesByZone = new Map<string, number[]>();

export function makeCase(random: Random): HoursCase {
  const names = Object.keys(ZONES);
  const zones = [...new Set(Array.from({ length: random.pick([1, 1, 1, 2, 2, 3, 4]) }, () => random.pick(names)))];
  const atMs = makeInstant(random, random.pick(zones));
  return {
    window: makeWindow(random),
    blackoutDates: makeDates(random, atMs),
    zones,
    lawfulHours: random.share() < 0.25 ? [makeWindow(random)] : [],
    atMs,
  };
}

/** Whether a law of the United States is to be kept in a zone: also where nobody knows which country it is. */
export function isUnderUsLaw(zone: string): boolean {
  const country = ZONES[zone];
  return country == null || country === 'US' || US_TERRITORIES.includes(country);
}

function makeInstant(random: Random, zone: string): number {
  const changes = changesOf(zone);
  if (changes.length === 0 || random.share() < 0.25) return random.between(FROM_MS, UNTIL_MS - 1);
  const changeMs = random.pick(changes);
  return random.share() < 0.3
    ? changeMs + random.pick([0, 0, -1, 1, -MINUTE_MS, MINUTE_MS, -60 * MINUTE_MS, 60 * MINUTE_MS])
    : changeMs + random.between(-36 * 60, 36 * 60) * MINUTE_MS + random.pick([0, random.between(0, MINUTE_MS - 1)]);
}

function changesOf(zone: string): number[] {
  const known = changesByZone.get(zone) ?? findClockChanges(zone, FROM_MS, UNTIL_MS);
  changesByZone.set(zone, known);
  return known;
}

function makeWindow(random: Random): CallWindow {
  const time = (): string =>
    random.share() < 0.5
      ? random.pick(CHANGE_TIMES)
      : `${String(random.between(0, 23)).padStart(2, '0')}:${String(random.between(0, 59)).padStart(2, '0')}`;
  const window: CallWindow = { [random.pick(WEEKDAYS)]: [['01:30', '02:30']] };
  const shareOfDays = random.pick([0.2, 0.7, 1]);
  for (const day of WEEKDAYS) {
    if (random.share() > shareOfDays) continue;
    const ranges = Array.from({ length: random.pick([1, 1, 2, 3]) }, (): [string, string] => [
      time(),
      random.pick([time(), time(), time(), '24:00', '00:00']),
    ]);
    window[day] = random.share() < 0.1 ? [['00:00', '24:00']] : ranges.filter(([start, end]) => start !== end);
  }
  return window;
}

/** Mostly beside the instant; now and then so many in a row that the next opening is far. */
function makeDates(random: Random, atMs: number): string[] {
  if (random.share() < 0.5) return [];
  if (random.share() < 0.05) return Array.from({ length: 12 }, (_, day) => dateOf(atMs + (day - 1) * DAY_MS));
  return Array.from({ length: random.between(1, 3) }, () => dateOf(atMs + random.between(-3, 3) * DAY_MS));
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
