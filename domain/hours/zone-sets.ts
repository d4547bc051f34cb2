import { computeOpenings, type HoursRule, type Opening } from './openings.js';
import type { LawfulRule } from './rule-packs/lawful-rule.js';
import { mayLieIn } from './zone-countries.js';

/** Separates the zones in a key; no name of a zone contains it. */
const SEPARATOR = '|';
/** The key of a recipient whose hours are read in the zone of its batch alone. */
export const BATCH_ZONE_SET = '';

const HOUR_MS = 3_600_000;
const AHEAD_MS = 48 * HOUR_MS;
/** A weekly window opens within nine days, unless its openings fall on closed days, or in a skipped hour or day. */
const SEARCH_AHEAD_MS = [AHEAD_MS, 9 * 24 * HOUR_MS, 400 * 24 * HOUR_MS];

export type ZoneSetHours = {
  rule: HoursRule;
  /** Where the called party may be: lawful hours are read there, and the rule too unless `ruleZones` says otherwise. */
  zones: readonly string[];
  ruleZones?: readonly string[] | undefined;
  lawful?: readonly LawfulRule[] | undefined;
};

/** The canonical text of a set of zones. */
export function zoneSetKey(zones: readonly string[]): string {
  return [...new Set(zones)].sort().join(SEPARATOR);
}

/** The zones of a key; of the batch's own key, the batch's zone. */
export function zonesOfKey(key: string, batchZone: string): string[] {
  return key === BATCH_ZONE_SET ? [batchZone] : key.split(SEPARATOR);
}

/**
 * The openings that touch `[fromMs, untilMs)` in which every zone allows a call, by the rule and by every lawful rule of its place: the
 * strictest wins. No zones means that nobody knows where the called party is: never open.
 */
export function openingsForZoneSet(input: ZoneSetHours & { fromMs: number; untilMs: number }): Opening[] {
  const { rule, zones, lawful = [], fromMs, untilMs } = input;
  const ruleZones = input.ruleZones ?? zones;
  if (zones.length === 0 || ruleZones.length === 0) return [];
  const readings = [
    ...ruleZones.map((timeZone) => ({ ...rule, timeZone })),
    ...zones.flatMap((timeZone) => lawfulIn(timeZone, lawful).map(({ hours }) => ({ window: hours, timeZone }))),
  ];
  let common: Opening[] | null = null;
  for (const reading of readings) {
    const openings = computeOpenings({ ...reading, fromMs, untilMs });
    common = common ? intersect(common, openings) : openings;
    if (common.length === 0) return [];
  }
  return (common ?? []).filter((opening) => opening.closesAtMs > fromMs && opening.opensAtMs < untilMs);
}

/** The opening that contains `nowMs`, else the first one after it; null when there is none in 400 days. */
export function nextOpeningForZoneSet(input: ZoneSetHours & { nowMs: number }): Opening | null {
  return openingsAheadForZoneSet(input)[0] ?? null;
}

/** The openings of the next 48 hours, the current one included, and at least the next opening however far (400 days at most). */
export function openingsAheadForZoneSet({ nowMs, ...input }: ZoneSetHours & { nowMs: number }): Opening[] {
  for (const aheadMs of SEARCH_AHEAD_MS) {
    const openings = openingsForZoneSet({ ...input, fromMs: nowMs, untilMs: nowMs + aheadMs });
    if (openings.length > 0) return aheadMs === AHEAD_MS ? openings : openings.slice(0, 1);
  }
  return [];
}

/** The rules that hold in a zone. One that may lie in a rule's country is held to it: better too strict than unlawful. */
export function lawfulIn(timeZone: string, lawful: readonly LawfulRule[]): LawfulRule[] {
  return lawful.filter((rule) => mayLieIn(timeZone, [rule.country, ...rule.territories]));
}

/** Both lists are sorted and free of overlaps, and so is the result. */
function intersect(some: readonly Opening[], others: readonly Opening[]): Opening[] {
  const common: Opening[] = [];
  let other = 0;
  for (const { opensAtMs, closesAtMs } of some) {
    while ((others[other]?.closesAtMs ?? Infinity) <= opensAtMs) other++;
    for (let next = other; (others[next]?.opensAtMs ?? Infinity) < closesAtMs; next++) {
      const { opensAtMs: from, closesAtMs: until } = others[next] as Opening; // the loop's condition found it
      common.push({ opensAtMs: Math.max(opensAtMs, from), closesAtMs: Math.min(closesAtMs, until) });
    }
  }
  return common;
}
