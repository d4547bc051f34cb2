import type { LawfulRule } from '../../domain/hours/rule-packs/lawful-rule.js';
import { nextOpeningForZoneSet, openingsForZoneSet } from '../../domain/hours/zone-sets.js';
import { createOracle, type Reading } from './oracle.js';
import { isUnderUsLaw, type HoursCase } from './random-case.js';
import { US_TERRITORIES } from './zones.js';

const MINUTE_MS = 60_000;
/** The oracle walks this far for an opening; beyond, the product must find none nearer. */
const SEARCH_MINUTES = 8 * 1440;
/** And this far from the instant for the ends of an opening: less than the two days after which openings are cut. */
const ENDS_MINUTES = 36 * 60;

/** Compares the product with the oracle. @returns what differs, or null. */
export function checkCase(hoursCase: HoursCase): string | null {
  const { window, blackoutDates, zones, lawfulHours, atMs } = hoursCase;
  const set = { rule: { window, blackoutDates }, zones, lawful: lawfulHours.map(makeLaw) };
  const isOpenAt = createOracle(readingsOf(hoursCase));
  const minute = Math.floor(atMs / MINUTE_MS);

  const isOpen = openingsForZoneSet({ ...set, fromMs: atMs, untilMs: atMs + 1 }).length > 0;
  if (isOpen !== isOpenAt(minute)) return `is ${isOpen ? 'open' : 'closed'}, should not be`;

  const next = nextOpeningForZoneSet({ ...set, nowMs: atMs });
  if (next && next.opensAtMs >= next.closesAtMs) return 'the next opening is empty';
  if (isOpen) return checkOpen(next, minute, isOpenAt);
  const opensAt = firstMinute(minute, SEARCH_MINUTES, isOpenAt);
  if (opensAt === null)
    return next && next.opensAtMs < (minute + SEARCH_MINUTES) * MINUTE_MS ? `opens too early: ${show(next)}` : null;
  if (next?.opensAtMs !== opensAt * MINUTE_MS) return `opens at ${iso(opensAt)}, not ${show(next)}`;
  return checkEnd(next, opensAt, isOpenAt);
}

function checkOpen(opening: Opening | null, minute: number, isOpenAt: (minute: number) => boolean): string | null {
  if (!opening) return 'is open, and has no opening';
  let first = minute;
  while (minute - first < ENDS_MINUTES && isOpenAt(first - 1)) first--;
  const isCut = minute - first === ENDS_MINUTES;
  if (isCut ? opening.opensAtMs > first * MINUTE_MS : opening.opensAtMs !== first * MINUTE_MS)
    return `opened at ${iso(first)}, not ${show(opening)}`;
  return checkEnd(opening, minute, isOpenAt);
}

function checkEnd(opening: Opening, from: number, isOpenAt: (minute: number) => boolean): string | null {
  const closesAt = firstMinute(from, ENDS_MINUTES, (minute) => !isOpenAt(minute));
  const isRight =
    closesAt === null
      ? opening.closesAtMs >= (from + ENDS_MINUTES) * MINUTE_MS
      : opening.closesAtMs === closesAt * MINUTE_MS;
  return isRight ? null : `closes at ${closesAt === null ? 'a later time' : iso(closesAt)}, not ${show(opening)}`;
}

type Opening = { opensAtMs: number; closesAtMs: number };

function readingsOf({ window, blackoutDates, zones, lawfulHours }: HoursCase): Reading[] {
  return [
    ...zones.map((timeZone) => ({ timeZone, hours: { window, closedDates: blackoutDates } })),
    ...zones
      .filter(isUnderUsLaw)
      .flatMap((timeZone) => lawfulHours.map((hours) => ({ timeZone, hours: { window: hours, closedDates: [] } }))),
  ];
}

function makeLaw(hours: HoursCase['window']): LawfulRule {
  return {
    id: 'us-test',
    name: 'A law of the United States',
    country: 'US',
    territories: US_TERRITORIES,
    purpose: 'telemarketing',
    hours,
    source: 'none',
    sourceUrl: 'none',
    verifiedAt: null,
    enabledByDefault: false,
  };
}

function firstMinute(from: number, count: number, isIt: (minute: number) => boolean): number | null {
  for (let minute = from; minute < from + count; minute++) if (isIt(minute)) return minute;
  return null;
}

function iso(minute: number): string {
  return new Date(minute * MINUTE_MS).toISOString();
}

function show(opening: Opening | null): string {
  return opening ? `${iso(opening.opensAtMs / MINUTE_MS)} to ${iso(opening.closesAtMs / MINUTE_MS)}` : 'never';
}
