import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import {
  callingCodeIn,
  fastE164,
  fastNational,
  hasTrunkPrefix,
  hasVariableLength,
  isNationalNumber,
  isNoE164,
  trunkPrefixOf,
  type E164Number,
} from './fast-e164.js';

/** How a number without `+` and country code is read, where a default country is known. */
export const NUMBERS_WITHOUT_PLUS = ['unambiguous', 'national', 'international'] as const;
export type NumbersWithoutPlus = (typeof NUMBERS_WITHOUT_PLUS)[number];

/** ITU-T E.164: a number has at most 15 digits, its country code included. */
export const E164_DIGITS_MAX = 15;

/** As many as a number begins with at most: a trunk prefix, and the free-phone numbers of India. */
const LOST_ZEROS = ['0', '00', '000'];

export type DigitsWithoutPlus = {
  digits: string;
  /** Whether they may have been kept as a number by a spreadsheet, which drops the zeros in front. */
  isPlain: boolean;
};

/** Every valid number that digits without `+` may be. A number that is both is in both lists. */
export type PhoneReadings = {
  /** Of the default country, as it is dialled there: with trunk prefix and without. */
  national: E164Number[];
  /** The same, with the zeros put back that a spreadsheet dropped. */
  zerosPutBack: E164Number[];
  /** The digits with a `+` in front, when that is a number of the default country. */
  international: E164Number | null;
  /** The same, when it is another country's. */
  foreign: E164Number | null;
  /** After the default country's own prefix for calls abroad: it says as clearly as `+` that a country code follows. */
  abroad: E164Number | null;
};

/** Every reading of the digits of a number without `+`. Without a country there are only those of numbers whose `+` was lost. */
export function readingsOf({ digits, isPlain }: DigitsWithoutPlus, country: string | undefined): PhoneReadings {
  // No country code begins with 0.
  const withPlus = digits.startsWith('0') ? null : parseE164(`+${digits}`);
  if (country === undefined)
    return { national: [], zerosPutBack: [], international: null, foreign: withPlus, abroad: null };
  const callingCode = callingCodeIn(country);
  const isOwn = (number: E164Number) => number.phone.startsWith(`+${callingCode}`);
  const dialled = parseNational(digits, country);
  // The library takes a country code without its + for one where nothing else is valid: that is no national number.
  const isNational =
    dialled && isOwn(dialled) && (dialled.phone !== withPlus?.phone || hasTrunkPrefix(digits, country));
  // A number may begin with what looks like a trunk prefix, or like the prefix for calls abroad.
  const trunkPrefix = trunkPrefixOf(country) ?? '0';
  const written = digits.startsWith('0') && trunkPrefix === '0' ? [digits, digits.slice(1)] : [digits];
  const hasLostZeros = isPlain && !digits.startsWith('0');
  const put = hasLostZeros ? LOST_ZEROS.map((lost) => lost + digits) : [];
  // Of a trunk prefix such as 06 the rest is still there.
  const restored = hasLostZeros && /^0./.test(trunkPrefix) ? parseNational(`0${digits}`, country) : null;
  const valid = (national: string) =>
    isNationalNumber(national, country) ? (parseE164(`+${callingCode}${national}`) ?? []) : [];
  const isInternational = withPlus !== null && isOwn(withPlus);
  return {
    national: distinct([...(isNational ? [dialled] : []), ...written.flatMap(valid)]),
    zerosPutBack: distinct([...present([restored]), ...put.flatMap(valid)]),
    international: isInternational ? withPlus : null,
    foreign: isInternational ? null : withPlus,
    abroad: dialled && !isOwn(dialled) ? dialled : null,
  };
}

/**
 * The readings that count, by what the upload says: one is the number, two that differ make it ambiguous. Digits that begin
 * with 0 are never read as international: no country code does.
 */
export function chooseReadings(
  readings: PhoneReadings,
  { digits, choice, country }: { digits: string; choice: NumbersWithoutPlus; country: string },
): E164Number[] {
  const { national, zerosPutBack, international, foreign, abroad } = readings;
  if (choice === 'international' && !digits.startsWith('0')) return present([international, foreign]);
  // Who says that the numbers are national means them as they are, where that is possible.
  if (choice !== 'unambiguous')
    return distinct(national.length > 0 ? national : [...zerosPutBack, ...present([abroad])]);
  const own = [...national, ...zerosPutBack, ...present([abroad, international])];
  // Where a country's numbers have one length, hardly any other country's number is one of them.
  const other = foreign && own.length > 0 && hasVariableLength(country) ? [foreign] : [];
  return distinct([...own, ...other]);
}

/** A number with `+`, when it is valid. @returns the parsed number: in `+44 0…` the zero is dropped */
export function parseE164(text: string): E164Number | null {
  return fastE164(text) ?? (isNoE164(text) ? null : parse(text));
}

function parseNational(digits: string, country: string): E164Number | null {
  // The country was checked where it came in: `isPhoneCountry`.
  return fastNational(digits, country) ?? parse(digits, country as CountryCode);
}

function parse(text: string, defaultCountry?: CountryCode): E164Number | null {
  const parsed = parsePhoneNumberFromString(text, { extract: false, ...(defaultCountry && { defaultCountry }) });
  if (!parsed?.isValid() || parsed.ext !== undefined || parsed.number.length > 1 + E164_DIGITS_MAX) return null;
  return { phone: parsed.number, country: parsed.country ?? null, type: parsed.getType() ?? null };
}

function distinct(numbers: readonly E164Number[]): E164Number[] {
  return numbers.filter((number, index) => numbers.findIndex(({ phone }) => phone === number.phone) === index);
}

function present(numbers: readonly (E164Number | null)[]): E164Number[] {
  return numbers.filter((number) => number !== null);
}
