import { COUNTRY_ZONES } from './country-zones.js';

/** By every name that the table and Intl have for a zone. Filled at first use (about 20 ms). */
let countriesOfZone: Map<string, Set<string>> | null = null;

/** Zones that stand for all the clocks of a country: those that show the same time for years have one place. Empty when it is unknown. */
export function zonesOfCountry(country: string): string[] {
  const groups = Object.hasOwn(COUNTRY_ZONES, country) ? COUNTRY_ZONES[country] : undefined;
  return groups?.split('|').flatMap((group) => group.split(' ').slice(0, 1)) ?? [];
}

/** Whether a place with this zone may lie in one of the countries. A zone of no known country, such as `UTC`, may lie anywhere. */
export function mayLieIn(timeZone: string, countries: readonly string[]): boolean {
  countriesOfZone ??= indexZones();
  const found = countriesOfZone.get(timeZone) ?? countriesOfZone.get(canonicalZone(timeZone));
  return !found || countries.some((country) => found.has(country));
}

function indexZones(): Map<string, Set<string>> {
  const index = new Map<string, Set<string>>();
  for (const [country, groups] of Object.entries(COUNTRY_ZONES))
    for (const zone of groups.split(/[ |]/))
      for (const name of new Set([zone, canonicalZone(zone)]))
        index.set(name, (index.get(name) ?? new Set()).add(country));
  return index;
}

/** The name that Intl prefers: the same for `US/Eastern` and `America/New_York`. */
function canonicalZone(timeZone: string): string {
  return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
}
