/**
 * Writes domain/hours/area-code-zones.ts and domain/hours/country-zones.ts again from newer data:
 *
 *   node --import tsx dev/build/write-number-zones.ts <map_data.txt> <zone.tab>
 *
 * The first is `resources/timezones/map_data.txt` of Google's libphonenumber (Apache-2.0), the second is part of the
 * IANA time zone database (public domain; many systems have it as /usr/share/zoneinfo/zone.tab).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { format } from 'prettier';

const NORTH_AMERICA = '1';
const AREA_CODE_DIGITS = 3;
/** Zones of a country that show the same time throughout these years share one place in its set. */
const SAME_CLOCK_YEARS = 10;
const SAMPLE_MS = 6 * 3_600_000;

/**
 * Area codes laid over another: the data knows the towns of the first only, or guesses wrong, so the others take over
 * its zones. From the public plan of the North American numbering administrator.
 */
const OVERLAYS: readonly (readonly string[])[] = [
  ['208', '986'],
  ['250', '236', '257', '672', '778'],
  ['270', '364'],
  ['306', '474', '639'],
  ['418', '367', '581'],
  ['423', '729'],
  ['541', '458'],
  ['606', '761'],
  ['709', '879'],
  ['812', '930'],
  ['850', '448'],
];

const [mapFile, zoneTabFile] = process.argv.slice(2);
if (!mapFile || !zoneTabFile) throw new Error('Name map_data.txt of libphonenumber and zone.tab of the IANA database.');

const googleZones = readMap(readFileSync(mapFile, 'utf8'));
const favoured = new Set([...googleZones.values()].flat().map(canonical));
const countries = readZoneTab(readFileSync(zoneTabFile, 'utf8'));
const standIns = new Map(
  [...countries.values()].flatMap((groups) =>
    groups.flatMap((group) => group.map((zone) => [canonical(zone), group[0] ?? zone] as const)),
  ),
);

await write('domain/hours/area-code-zones.ts', areaCodeTable());
await write('domain/hours/country-zones.ts', countryTable());

/** Zones by prefix, digits without `+`. */
function readMap(text: string): Map<string, string[]> {
  const rows = text.split('\n').flatMap((line) => {
    const [digits, names] = line.split('|');
    return line.startsWith('#') || !digits || !names ? [] : [[digits, names.split('&')] as const];
  });
  return new Map(rows);
}

/** The zones of each country, in groups that show the same time; names that Google's data knows come first. */
function readZoneTab(text: string): Map<string, string[][]> {
  const zones = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [country, , zone] = line.split('\t');
    if (!line.startsWith('#') && country && zone) zones.set(country, [...(zones.get(country) ?? []), zone]);
  }
  // Ascension, Tristan da Cunha and Kosovo have calling codes, but no line in zone.tab.
  for (const country of getCountries())
    if (!zones.has(country)) zones.set(country, googleZones.get(getCountryCallingCode(country)) ?? []);
  return new Map([...zones].map(([country, names]) => [country, groupByClock(names)]));
}

function groupByClock(zones: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  const sorted = [...zones].sort((a, b) => Number(favoured.has(canonical(b))) - Number(favoured.has(canonical(a))));
  for (const zone of sorted) {
    const clock = clockOf(zone);
    groups.set(clock, [...(groups.get(clock) ?? []), zone]);
  }
  return [...groups.values()];
}

function clockOf(zone: string): string {
  const clock = new Intl.DateTimeFormat('en', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  const year = new Date().getUTCFullYear();
  let shown = '';
  for (let atMs = Date.UTC(year, 0, 1); atMs < Date.UTC(year + SAME_CLOCK_YEARS, 0, 1); atMs += SAMPLE_MS)
    shown += clock.format(atMs);
  return shown;
}

/** Older tables say Asia/Calcutta, newer ones Asia/Kolkata: Intl knows that they are the same. */
function canonical(zone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
}

/** All zones that any exchange of an area code is in: people keep their number when they move within its area. */
function areaCodeTable(): string {
  const zonesOfCode = new Map<string, Set<string>>();
  for (const [digits, names] of googleZones) {
    if (!digits.startsWith(NORTH_AMERICA) || digits.length <= AREA_CODE_DIGITS) continue;
    const code = digits.slice(1, 1 + AREA_CODE_DIGITS);
    const zones = zonesOfCode.get(code) ?? new Set();
    for (const name of names) zones.add(standIns.get(canonical(name)) ?? name);
    zonesOfCode.set(code, zones);
  }
  for (const [base, ...others] of OVERLAYS) {
    const zones = zonesOfCode.get(base ?? '');
    if (zones) for (const code of others) zonesOfCode.set(code, zones);
  }
  const codesOfSet = new Map<string, string[]>();
  for (const [code, zones] of zonesOfCode) {
    const key = [...zones].sort().join('|');
    codesOfSet.set(key, [...(codesOfSet.get(key) ?? []), code]);
  }
  const lines = [...codesOfSet].map(([key, codes]) => `'${key}': '${codes.sort().join(' ')}',`);
  return `/**
 * The North American area codes of each set of time zones. From the time zone data of Google's libphonenumber, licensed
 * under the Apache License 2.0; joined to area codes by dev/build/write-number-zones.ts.
 */
export const AREA_CODE_ZONES: Readonly<Record<string, string>> = {
${lines.sort().join('\n')}
};`;
}

function countryTable(): string {
  const lines = [...countries].map(
    ([country, groups]) => `${country}: '${groups.map((group) => group.join(' ')).join('|')}',`,
  );
  return `/**
 * The IANA zones of each country (ISO 3166): \`zone zone|zone\`, where those before a \`|\` show the same time for the next
 * ${SAME_CLOCK_YEARS} years as far as is known, so that the first can stand for all. From zone.tab of the IANA time zone database,
 * which is in the public domain; written by dev/build/write-number-zones.ts.
 */
export const COUNTRY_ZONES: Readonly<Record<string, string>> = {
${lines.join('\n')}
};`;
}

async function write(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { parser: 'typescript', singleQuote: true, printWidth: 120 }));
}
