import { isTimeZoneHeader } from '../imports/csv-headers.js';
import { readTimeZone } from '../hours/time-zone.js';

/** The zone that a variable of a recipient names (`timezone`, `Time Zone`); null when none does. Two that differ cannot be read. */
export function zoneOfVariables(variables: object): { ok: true; timeZone: string } | { ok: false } | null {
  const written = Object.entries(variables)
    .filter(([name, value]) => isTimeZoneHeader(name) && String(value).trim() !== '')
    .map(([, value]) => readTimeZone(String(value).trim()));
  const zones = new Set(written.map((reading) => (reading.ok ? reading.timeZone : null)));
  const [timeZone] = zones;
  if (timeZone === undefined) return null;
  return zones.size === 1 && timeZone !== null ? { ok: true, timeZone } : { ok: false };
}
