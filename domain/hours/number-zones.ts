import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { AREA_CODE_ZONES } from './area-code-zones.js';
import { callingCodeOf, fastE164 } from '../recipients/fast-e164.js';
import { zonesOfCountry } from './zone-countries.js';

/** `number`: the digits tell the area. `country`: only the country is known, so all its zones count. `unknown`: no zone is. */
export type ZoneConfidence = 'number' | 'country' | 'unknown';

/** Where a number may ring. A call is allowed only when every one of the zones allows it. */
export type NumberZones = { zones: readonly string[]; confidence: ZoneConfidence; source: string };

const NORTH_AMERICA = '1';
const AREA_CODE = /^\+1(\d{3})/;

/** Filled at first use. Every answer is shared, so a million numbers make no more than a few hundred of them. */
let answersByAreaCode: Map<string, NumberZones> | null = null;
const answersByCountry = new Map<string, NumberZones>();

/**
 * The zones in which an E.164 number may ring, sorted: those of its area code in North America, else all of its country. Mobile and
 * toll-free numbers tell no area, and elsewhere the public data places fixed lines in wrong zones (docs/adr/0011).
 */
export function zonesOfNumber(phone: string): NumberZones {
  const code = callingCodeOf(phone);
  if (code === null) return { zones: [], confidence: 'unknown', source: 'no country code' };
  if (code === NORTH_AMERICA) {
    answersByAreaCode ??= indexAreaCodes();
    const answer = answersByAreaCode.get(AREA_CODE.exec(phone)?.[1] ?? '');
    if (answer) return answer;
  }
  const country = fastE164(phone)?.country ?? parsePhoneNumberFromString(phone, { extract: false })?.country;
  return country ? answerOfCountry(country) : { zones: [], confidence: 'unknown', source: `+${code} is no country` };
}

function indexAreaCodes(): Map<string, NumberZones> {
  return new Map(
    Object.entries(AREA_CODE_ZONES).flatMap(([key, codes]) =>
      codes
        .split(' ')
        .map((code) => [code, { zones: key.split('|'), confidence: 'number', source: `area code ${code}` }] as const),
    ),
  );
}

function answerOfCountry(country: string): NumberZones {
  const known = answersByCountry.get(country);
  if (known) return known;
  const zones = zonesOfCountry(country).sort();
  const answer: NumberZones =
    zones.length === 0
      ? { zones, confidence: 'unknown', source: `no zones are known for ${country}` }
      : { zones, confidence: 'country', source: zones.length === 1 ? `country ${country}` : `all zones of ${country}` };
  answersByCountry.set(country, answer);
  return answer;
}
