import { IANAZone } from 'luxon';
import { z } from 'zod';
import { quoted } from '../field-problem.js';
import { zoneNames } from './zone-names.js';

export type TimeZoneReading = { ok: true; timeZone: string } | { ok: false; message: string };

/** Longer than every name of a zone: the rest of a longer text is not looked at. */
const NAME_LENGTH_MAX = 64;
/** ASCII only: the small letter of the Kelvin sign is a k. */
const LIKE_A_NAME = /^[\x21-\x7e]{1,64}$/;
const CITIES_NAMED_MAX = 3;
const OFFSET = /^(?:utc|gmt)?[+-]\d/i;
const EXPECTED = 'Write the area and city, like Europe/Madrid';

/** Whether this machine's zone data have a name: it does not change while the process runs, and asking Intl takes 50 µs. */
const isKnownHere = new Map<string, boolean>();

/** What letters and old names without an area are likely to mean. Many mean several places, so none is taken for one. */
const LIKELY: Readonly<Record<string, string>> = {
  ADT: 'America/Halifax',
  AEDT: 'Australia/Sydney',
  AEST: 'Australia/Sydney',
  AET: 'Australia/Sydney',
  AKST: 'America/Anchorage',
  ART: 'America/Argentina/Buenos_Aires or Africa/Cairo',
  AST: 'America/Halifax or Asia/Riyadh',
  BST: 'Europe/London or Asia/Dhaka',
  CDT: 'America/Chicago',
  CEST: 'Europe/Paris',
  CET: 'Europe/Paris',
  CST: 'America/Chicago or Asia/Shanghai',
  CST6CDT: 'America/Chicago',
  EDT: 'America/New_York',
  EEST: 'Europe/Athens',
  EET: 'Europe/Athens',
  EST: 'America/New_York',
  EST5EDT: 'America/New_York',
  GMT: 'UTC or Europe/London',
  GST: 'Asia/Dubai',
  HST: 'Pacific/Honolulu',
  IST: 'Asia/Kolkata, Europe/Dublin or Asia/Jerusalem',
  JST: 'Asia/Tokyo',
  KSA: 'Asia/Riyadh',
  MDT: 'America/Denver',
  MET: 'Europe/Paris',
  MSK: 'Europe/Moscow',
  MST: 'America/Denver or America/Phoenix',
  MST7MDT: 'America/Denver',
  PDT: 'America/Los_Angeles',
  PKT: 'Asia/Karachi',
  PST: 'America/Los_Angeles or Asia/Manila',
  PST8PDT: 'America/Los_Angeles',
  SST: 'Pacific/Pago_Pago or Asia/Singapore',
  UAE: 'Asia/Dubai',
  UCT: 'UTC',
  WET: 'Europe/Lisbon',
  Z: 'UTC',
  ZULU: 'UTC',
};

/**
 * Reads the name of a time zone: an area and a city of the IANA database, or `UTC`. Small and capital letters are the same;
 * the zone has the spelling of the database, and links such as `US/Eastern` stay as they are. Letters such as `AST`,
 * names without an area, `Etc/…`, `SystemV/…` and offsets are refused: they name no place, and many mean several. The message
 * says what is likely meant.
 */
export function readTimeZone(text: string): TimeZoneReading {
  const name = text.trim();
  const timeZone = LIKE_A_NAME.test(name) ? zoneNames().get(name.toLowerCase()) : undefined;
  if (timeZone !== undefined && isInZoneData(timeZone)) return { ok: true, timeZone };
  const advice = adviceFor(name.slice(0, NAME_LENGTH_MAX));
  return { ok: false, message: `${quoted(text)} is not an IANA time zone by area and city. ${advice}` };
}

/** The one schema of a zone: every field of the API that takes one. */
export const timeZoneSchema = z
  .string()
  .transform((text, ctx) => {
    const reading = readTimeZone(text);
    if (reading.ok) return reading.timeZone;
    ctx.addIssue({ code: 'custom', message: reading.message });
    return z.NEVER;
  })
  .meta({
    format: 'iana-time-zone',
    description: 'An IANA time zone by area and city, or UTC',
    examples: ['Europe/Madrid'],
  });

function isInZoneData(name: string): boolean {
  const known = isKnownHere.get(name) ?? IANAZone.isValidZone(name);
  isKnownHere.set(name, known);
  return known;
}

function adviceFor(name: string): string {
  if (OFFSET.test(name)) return `${EXPECTED}: an offset does not say when its clock changes`;
  const likely = LIKELY[name.toUpperCase()] ?? citiesNamed(name) ?? zoneMeantBy(name);
  return likely === null ? EXPECTED : `${name}: ${likely}? ${EXPECTED}`;
}

/** `madrid` or `New York`: the zones whose city it is. */
function citiesNamed(name: string): string | null {
  const city = `/${name.toLowerCase().replaceAll(' ', '_').split('/').at(-1) ?? ''}`;
  if (city === '/') return null;
  const found = [...zoneNames()].filter(([small]) => small.endsWith(city)).map(([, zone]) => zone);
  return found.length === 0 ? null : found.slice(0, CITIES_NAMED_MAX).join(' or ');
}

/** `Egypt`, `Japan`: names without an area that the database keeps for one of its zones. */
function zoneMeantBy(name: string): string | null {
  if (!IANAZone.isValidZone(name)) return null;
  const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
  return zoneNames().get(timeZone.toLowerCase()) ?? null;
}
