import { DateTime } from 'luxon';
import { zonesOfNumber, type NumberZones, type ZoneConfidence } from './number-zones.js';
import { computeOpenings, type HoursRule } from './openings.js';
import type { LawfulRule } from './rule-packs/lawful-rule.js';
import { lawfulIn, nextOpeningForZoneSet } from './zone-sets.js';

export const CANNOT_CALL_CODES = [
  'TIME_ZONE_UNKNOWN',
  'OUTSIDE_WINDOW',
  'BLACKOUT_DATE',
  'PUBLIC_HOLIDAY',
  'LAWFUL_HOURS',
] as const;
export type CannotCallCode = (typeof CANNOT_CALL_CODES)[number];
export type CannotCallReason = { code: CannotCallCode; zone?: string; message: string };

export type CanCallInput = {
  phone: string;
  rule: HoursRule;
  /** In whose zone the rule is read; lawful hours are always read where the called party may be. */
  hoursIn: 'batch' | 'recipient';
  /** Null when the hours are the recipient's, and recipients without a known zone are held. */
  batchZone: string | null;
  /** The zone that the recipient's row names; it outranks the number. */
  recipientZone?: string | undefined;
  /** What becomes of a recipient whose zone nobody knows: held (the default), or called in the batch's hours. */
  unknownZone?: 'hold' | 'batch' | undefined;
  lawful: readonly LawfulRule[];
  atMs: number;
};

export type CanCall = {
  allowed: boolean;
  reasons: CannotCallReason[];
  /** Where the called party may be. */
  zones: readonly string[];
  confidence: ZoneConfidence | 'recipient';
  source: string;
  /** The first instant from `atMs` on at which a call is allowed; null when there is none in 400 days, or nobody can tell. */
  nextMs: number | null;
};

/** Whether the hours allow a call at an instant, if not why, and when next. */
export function canCall(input: CanCallInput): CanCall {
  const { rule, hoursIn, batchZone, unknownZone, lawful, atMs } = input;
  const place = placeOf(input);
  const known = place.zones.length > 0;
  const inBatchZone = batchZone === null ? [] : [batchZone];
  const zones = known || unknownZone !== 'batch' ? place.zones : inBatchZone;
  const ruleZones = hoursIn === 'batch' ? inBatchZone : zones;
  // Without laws to keep, a batch in its own hours need not know where anybody is.
  const lawZones = hoursIn === 'batch' && lawful.length === 0 ? inBatchZone : zones;
  if (ruleZones.length === 0 || lawZones.length === 0)
    return { ...place, allowed: false, reasons: [unknownReason(place.source)], nextMs: null };

  const reasons = [
    ...ruleZones.flatMap((zone) => ruleReasons(rule, zone, atMs)),
    ...lawZones.flatMap((zone) => lawReasons(lawful, zone, atMs)),
  ];
  const next = nextOpeningForZoneSet({ rule, zones: lawZones, ruleZones, lawful, nowMs: atMs });
  return { ...place, allowed: reasons.length === 0, reasons, nextMs: next && Math.max(next.opensAtMs, atMs) };
}

type Place = Omit<NumberZones, 'confidence'> & { confidence: CanCall['confidence'] };

function placeOf({ phone, recipientZone }: CanCallInput): Place {
  if (recipientZone === undefined) return zonesOfNumber(phone);
  return { zones: [recipientZone], confidence: 'recipient', source: 'the time zone of the recipient' };
}

function unknownReason(source: string): CannotCallReason {
  return {
    code: 'TIME_ZONE_UNKNOWN',
    message: `Nobody knows what time it is at the called party's place (${source}): give the recipient's time zone.`,
  };
}

/** One reason at most: the date where the window alone would allow the call, else the window. */
function ruleReasons({ window, blackoutDates, holidays }: HoursRule, zone: string, atMs: number): CannotCallReason[] {
  if (isOpen({ window, blackoutDates, holidays }, zone, atMs)) return [];
  const here = localTime(zone, atMs);
  if (!isOpen({ window }, zone, atMs))
    return [{ code: 'OUTSIDE_WINDOW', zone, message: `It is ${here}: outside the window.` }];
  if (!isOpen({ window, blackoutDates }, zone, atMs))
    return [{ code: 'BLACKOUT_DATE', zone, message: `It is ${here}: the hours belong to a blackout date.` }];
  return [{ code: 'PUBLIC_HOLIDAY', zone, message: `It is ${here}: the hours belong to a public holiday.` }];
}

function lawReasons(lawful: readonly LawfulRule[], zone: string, atMs: number): CannotCallReason[] {
  return lawfulIn(zone, lawful)
    .filter(({ hours }) => !isOpen({ window: hours }, zone, atMs))
    .map(({ name, source }) => ({
      code: 'LAWFUL_HOURS',
      zone,
      message: `It is ${localTime(zone, atMs)}: outside the lawful hours of ${source} (${name}).`,
    }));
}

function isOpen(rule: HoursRule, timeZone: string, atMs: number): boolean {
  return computeOpenings({ ...rule, timeZone, fromMs: atMs, untilMs: atMs + 1 }).length > 0;
}

function localTime(zone: string, atMs: number): string {
  return DateTime.fromMillis(atMs, { zone, locale: 'en' }).toFormat(`HH:mm 'on' cccc, yyyy-MM-dd, 'in' `) + zone;
}
