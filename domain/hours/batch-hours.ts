import type { HolidayCalendar } from './holidays.js';
import { zonesOfNumber } from './number-zones.js';
import { openingsToWrite, type ZoneSetOpening } from './openings-written.js';
import { lawfulRulesFor, RULE_PACKS } from './rule-packs/rule-packs.js';
import { TEST_PURPOSE, type BatchPurpose, type LawfulRule } from './rule-packs/lawful-rule.js';
import type { CallWindow } from './window.js';
import { BATCH_ZONE_SET, nextOpeningForZoneSet, zoneSetKey, zonesOfKey } from './zone-sets.js';

/** Recipients of whom nobody knows where they are: no opening is ever written for them. */
export const UNKNOWN_ZONE_SET = '?';

/** Who takes it on that a batch calls outside the lawful hours of its purpose, and why. Audited. */
export type LawfulOverride = { name: string; by: string; at: string; reason: string };

/** Whose clock the hours of a batch are read by, and what narrows them beside its window. */
export type BatchHoursSpec = {
  hoursIn: 'batch' | 'recipient';
  /** What becomes of a recipient whose zone nobody knows. */
  unknownZone: 'hold' | 'batch';
  blackoutDates: readonly string[];
  holidays: readonly HolidayCalendar[];
  /** Null: no lawful hours apply. */
  purpose: BatchPurpose | null;
  lawfulOverride: LawfulOverride | null;
};

export const PLAIN_HOURS: BatchHoursSpec = {
  hoursIn: 'batch',
  unknownZone: 'hold',
  blackoutDates: [],
  holidays: [],
  purpose: null,
  lawfulOverride: null,
};

/**
 * A test call may ring at every hour that all rule packs allow at the place of its number: nobody says what it is for. Where nobody
 * knows the place, never. An override lifts both.
 */
export function testCallHours(lawfulOverride: LawfulOverride | null): BatchHoursSpec {
  const unknownZone = lawfulOverride ? 'batch' : 'hold';
  return { ...PLAIN_HOURS, hoursIn: 'recipient', unknownZone, purpose: TEST_PURPOSE, lawfulOverride };
}

/** Openings of some zone sets, until when they are complete, and by which version of the zone data. */
export type PlannedOpenings = {
  openings: readonly ZoneSetOpening[];
  zoneSets: readonly string[];
  untilMs: number;
  zoneData: string;
};

/** What openings were planned for: they are refused when the batch's hours, or the workspace's rule packs, are others by now. */
export type PlannedFor = { hoursVersion: number; rulePacksVersion: number };

export type HoursToPlan = BatchHoursSpec & {
  window: CallWindow;
  timeZone: string;
  zoneSets: readonly string[];
  /** Ids of the rule packs that the workspace has on; null: those that are on by default. */
  rulePacks: readonly string[] | null;
  nowMs: number;
  zoneData: string;
};

/** Whether it matters where each recipient is: for hours in its own zone, or for laws that are read at its place. */
function readsRecipientZones({ hoursIn, purpose }: Pick<BatchHoursSpec, 'hoursIn' | 'purpose'>): boolean {
  return hoursIn === 'recipient' || RULE_PACKS.some((rule) => rule.purpose === purpose);
}

/** The zone set of a recipient: of its own zone if it names one, else of its number. */
export function zoneSetOf(
  recipient: { phone: string; timeZone: string | null },
  spec: Pick<BatchHoursSpec, 'hoursIn' | 'purpose' | 'unknownZone'>,
): string {
  if (!readsRecipientZones(spec)) return BATCH_ZONE_SET;
  const zones = recipient.timeZone === null ? zonesOfNumber(recipient.phone).zones : [recipient.timeZone];
  if (zones.length > 0) return zoneSetKey(zones);
  return spec.unknownZone === 'batch' ? BATCH_ZONE_SET : UNKNOWN_ZONE_SET;
}

/** The openings to write for a batch now: of every zone set but the unknown one, which stays shut. */
export function planHours({
  zoneSets,
  window,
  timeZone,
  rulePacks,
  nowMs,
  zoneData,
  ...spec
}: HoursToPlan): PlannedOpenings {
  const { blackoutDates, holidays, hoursIn } = spec;
  const planned = openingsToWrite({
    rule: { window, blackoutDates, holidays },
    zoneSets: zoneSets.filter((zoneSet) => zoneSet !== UNKNOWN_ZONE_SET),
    batchZone: timeZone,
    hoursIn,
    lawful: lawfulHoursOf(spec, rulePacks),
    nowMs,
  });
  return { ...planned, zoneSets, zoneData };
}

/**
 * The first instant from `fromMs` on at which the hours of a batch allow a call to a zone set; null when there is none within
 * 400 days, or nobody knows the zone.
 */
export function nextAllowedMs(
  zoneSet: string,
  fromMs: number,
  { window, timeZone, rulePacks, ...spec }: Omit<HoursToPlan, 'zoneSets' | 'nowMs' | 'zoneData'>,
): number | null {
  if (zoneSet === UNKNOWN_ZONE_SET) return null;
  const { blackoutDates, holidays, hoursIn } = spec;
  const zones = zonesOfKey(zoneSet, timeZone);
  const next = nextOpeningForZoneSet({
    rule: { window, blackoutDates, holidays },
    zones,
    ruleZones: hoursIn === 'batch' ? [timeZone] : zones,
    lawful: lawfulHoursOf(spec, rulePacks),
    nowMs: fromMs,
  });
  return next && Math.max(next.opensAtMs, fromMs);
}

/** The strictest of them and of the window wins. An override lifts them all. */
export function lawfulHoursOf(
  { purpose, lawfulOverride }: Pick<BatchHoursSpec, 'purpose' | 'lawfulOverride'>,
  rulePacks: readonly string[] | null,
): LawfulRule[] {
  return purpose === null || lawfulOverride !== null ? [] : lawfulRulesFor(purpose, rulePacks ?? undefined);
}
