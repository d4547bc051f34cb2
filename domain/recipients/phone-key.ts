import { callingCodeIn, type E164Number } from './fast-e164.js';
import { parseE164, readingsOf } from './phone-readings.js';

/** Shorter numbers are extensions of a private exchange: the same digits ring another phone at another account. */
const EXTENSION_DIGITS_MAX = 6;

/** Where a number is dialled from, which decides what its digits mean. */
export type DialledFrom = {
  providerAccountId: string;
  /** The countries in which digits without `+` may be read: that of the from-number, and the default country. */
  countries: readonly string[];
};

export type PhoneKeys = {
  /** One for every spelling of a number: duplicates, the frequency cap and "one live call to a number" go by it. */
  key: string;
  /** Every other number that the digits may ring: a suppression of one of them stops the recipient too. */
  otherKeys: string[];
  /** The readings that are valid numbers, the likeliest first. */
  numbers: E164Number[];
};

/**
 * The keys of digits that are dialled as they are written. A valid number with `+` has itself as its key and needs no look
 * here. What is no valid number anywhere is known by its digits, with or without `+` or `00`.
 */
export function phoneKeysOf(phone: string, { providerAccountId, countries }: DialledFrom): PhoneKeys {
  const digits = phone.replace('+', '');
  if (digits.length <= EXTENSION_DIGITS_MAX)
    return { key: `${providerAccountId}/${digits}`, otherKeys: [digits], numbers: [] };
  const bare = phone.replace(/^(?:\+|00)/, '');
  const withPlus = parseE164(`+${bare}`);
  const local = phone.startsWith('+') ? [] : countries.flatMap((country) => localNumbers(phone, country));
  const numbers = withPlus ? [withPlus, ...local] : local;
  const [first] = numbers;
  const key = first?.phone ?? `+${bare}`;
  const possible = phone.startsWith('+') ? [] : countries.map((country) => `+${callingCodeIn(country)}${bare}`);
  const others = new Set([...numbers.map((number) => number.phone), `+${bare}`, phone, ...possible]);
  others.delete(key);
  return { key, otherKeys: [...others], numbers };
}

/** The key of a number that must not be called: what is no valid number is known by its digits. */
export function suppressionKeyOf(phone: string): string {
  const digits = phone.replace('+', '');
  return digits.length <= EXTENSION_DIGITS_MAX ? digits : `+${phone.replace(/^(?:\+|00)/, '')}`;
}

function localNumbers(digits: string, country: string): E164Number[] {
  const { national, abroad } = readingsOf({ digits, isPlain: false }, country);
  return abroad ? [abroad, ...national] : national;
}
