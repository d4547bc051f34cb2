import fc from 'fast-check';
import { parsePhoneNumberFromString, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json';

/** A valid number of a country, in the forms in which it is written there. */
export type ValidNumber = {
  e164: string;
  /** National digits without trunk prefix. */
  national: string;
  /** As the country writes it, when that has a trunk prefix. */
  withTrunkPrefix: string | null;
};

/** Where the metadata keeps the patterns of a country's types of number. */
const TYPES = 11;
/** A pattern may make numbers that are another type's, another country's of the calling code, or the same again. */
const TRIES_PER_NUMBER = 3;

/** All countries with a numbering plan, by their ISO code. */
export const COUNTRIES = Object.keys(metadata.countries) as CountryCode[];

/** At most so many valid numbers of a country, of all its types in turn, made from the patterns of its plan. */
export function validNumbersOf(country: CountryCode, count: number, seed: number): ValidNumber[] {
  const plan = (metadata.countries as unknown as Record<string, unknown[]>)[country] ?? [];
  const callingCode = String(plan[0]);
  const patterns = ((plan[TYPES] as ([string] | 0)[] | undefined) ?? [])
    .flatMap((type) => (type === 0 || type[0] === '' ? [] : [type[0]]))
    .map((pattern) => pattern.replaceAll('\\d', '[0-9]'));
  const found = new Map<string, ValidNumber>();
  const perType = Math.ceil((count * TRIES_PER_NUMBER) / Math.max(1, patterns.length));
  const made = patterns.map((pattern) =>
    fc.sample(fc.stringMatching(new RegExp(`^(?:${pattern})$`)), { numRuns: perType, seed }),
  );
  for (let turn = 0; turn < perType && found.size < count; turn++) {
    for (const ofType of made) {
      if (found.size >= count) break;
      const e164 = `+${callingCode}${ofType[turn] ?? ''}`;
      const parsed = found.has(e164) ? undefined : parsePhoneNumberFromString(e164, { extract: false });
      if (parsed?.isValid() && parsed.country === country && parsed.number === e164 && e164.length <= 16)
        found.set(e164, formsOf(parsed));
    }
  }
  return [...found.values()];
}

function formsOf(parsed: PhoneNumber): ValidNumber {
  const written = parsed.formatNational();
  const digits = written.replace(/\D/g, '');
  const hasPrefix = digits !== parsed.nationalNumber && digits.length > parsed.nationalNumber.length;
  return { e164: parsed.number, national: parsed.nationalNumber, withTrunkPrefix: hasPrefix ? written : null };
}
