import type { HoursRule, Opening } from './openings.js';
import type { LawfulRule } from './rule-packs/lawful-rule.js';
import { nextOpeningForZoneSet, openingsAheadForZoneSet, zonesOfKey } from './zone-sets.js';

/** How far ahead the openings of a batch are written down. */
const WRITTEN_AHEAD_MS = 48 * 3_600_000;

/** An opening of the recipients of one zone set. */
export type ZoneSetOpening = Opening & { zoneSet: string };

export type BatchHours = {
  rule: HoursRule;
  /** Keys; `''` is the batch's own zone. */
  zoneSets: readonly string[];
  batchZone: string;
  /** Whether the rule is read in the zones of a recipient (the default) or in the batch's zone; lawful hours are always the recipient's. */
  hoursIn?: 'batch' | 'recipient' | undefined;
  lawful: readonly LawfulRule[];
  nowMs: number;
};

/**
 * The openings to write for a batch now, and until when they are complete. For each zone set they end with one that begins after
 * that, however far it is, so that a run that is parked at any time before always has a time to wait for. A set without any within 400
 * days has none.
 */
export function openingsToWrite(hours: BatchHours): { openings: ZoneSetOpening[]; untilMs: number } {
  const untilMs = hours.nowMs + WRITTEN_AHEAD_MS;
  const openings = hours.zoneSets.flatMap((zoneSet) =>
    openingsOfSet(zoneSet, hours, untilMs).map((opening) => ({ zoneSet, ...opening })),
  );
  return { openings, untilMs };
}

function openingsOfSet(zoneSet: string, { rule, batchZone, hoursIn, lawful, nowMs }: BatchHours, untilMs: number) {
  const zones = zonesOfKey(zoneSet, batchZone);
  const hours = { rule, zones, ruleZones: hoursIn === 'batch' ? [batchZone] : zones, lawful };
  const openings = openingsAheadForZoneSet({ ...hours, nowMs });
  const last = openings.at(-1);
  if (!last || last.opensAtMs >= untilMs) return openings;
  const further = nextOpeningForZoneSet({ ...hours, nowMs: Math.max(last.closesAtMs, untilMs) });
  return further ? [...openings, further] : openings;
}
