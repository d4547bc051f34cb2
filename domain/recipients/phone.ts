import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max';
import { quoted } from '../field-problem.js';
import { callingCodeOf, countriesWithNumber, fastE164, type E164Number, type NumberType } from './fast-e164.js';
import { phoneKeysOf, type DialledFrom, type PhoneKeys } from './phone-key.js';
import {
  chooseReadings,
  E164_DIGITS_MAX,
  parseE164,
  readingsOf,
  type DigitsWithoutPlus,
  type NumbersWithoutPlus,
} from './phone-readings.js';
import { readPhoneText, type PhoneTextProblemCode } from './phone-text.js';

export type PhoneCheckOptions = {
  /** Drops the E.164 rule only: digits, an optional `+` and a minimum remain, and the digits are dialled as written. */
  skipPhoneCheck: boolean;
  /** ISO 3166 code of the country in which numbers without `+` are read; see `isPhoneCountry`. */
  defaultCountry?: string | undefined;
  /** How numbers without `+` are read; `unambiguous` when left out. `national` needs a default country. */
  numbersWithoutPlus?: NumbersWithoutPlus | undefined;
  /** Least number of digits, 7 unless a custom SIP account allows short extensions. */
  minDigits?: number | undefined;
  /** What gives the keys of a number with the skip flag; without it there are none. */
  dialledFrom?: DialledFrom | undefined;
  /** Takes numbers whose calls cost much more than others, too: see `COSTLY_TYPES`. */
  allowCostlyNumbers?: boolean | undefined;
};

export type PhoneProblemCode =
  | PhoneTextProblemCode
  | 'phone_too_short'
  | 'phone_without_country_code'
  | 'phone_ambiguous'
  | 'phone_costly'
  | 'phone_invalid';

/** Which reading of a number without `+` is a valid number: what a whole column says of how it was written. */
export type PhoneFit = 'national' | 'international' | 'both';

export type PhoneCheck =
  | {
      ok: true;
      phone: string;
      country: string | null;
      repaired: boolean;
      fit: PhoneFit | undefined;
      /** Of a number that is dialled as it is written; every other is its own key. */
      keys: PhoneKeys | undefined;
    }
  | { ok: false; code: PhoneProblemCode; message: string; fit: PhoneFit | undefined };

export const PHONE_DIGITS_MIN = 7;
/** Longer than E.164's 15, because a number with the skip flag may carry a trunk prefix. */
const PHONE_DIGITS_MAX = 32;
const EXAMPLE = '+12025550123';

/**
 * Numbers whose calls the caller pays more for than for any other, by libphonenumber's types: premium rate; shared cost, where
 * the caller's part is above the usual rate; personal numbers, whose forwarding the caller pays.
 */
const COSTLY_TYPES: Partial<Record<NumberType, string>> = {
  PREMIUM_RATE: 'a premium-rate number',
  SHARED_COST: 'a shared-cost number',
  PERSONAL_NUMBER: 'a personal number, whose forwarding the caller pays',
};

/**
 * The one check of a number to call. It is accepted as it is written, or mended where only one reading is possible, or refused
 * with the reason: no mending makes another valid number. The number returned is the parsed one: the raw text of `+44 0…` must
 * never be dialled. Messages start with `phone '…'`, ready for a row prefix.
 */
export function checkPhone(raw: string, options: PhoneCheckOptions): PhoneCheck {
  if (!options.skipPhoneCheck) {
    const clean = fastE164(raw);
    if (clean) return accept(raw, clean, options);
  }
  const text = readPhoneText(raw);
  if (!text.ok) return { ...text, fit: undefined };
  const { digits, withoutTrunkZero } = text;
  const length = digits.replace('+', '').length;
  const minDigits = options.minDigits ?? PHONE_DIGITS_MIN;
  // Small countries have short national numbers: with the country's code in front they are long enough.
  const isNational = options.defaultCountry !== undefined && !options.skipPhoneCheck && !/^\+|^00/.test(digits);
  if (length < minDigits && !isNational) return tooShort(raw, length, minDigits);
  if (length > PHONE_DIGITS_MAX) return tooLong(raw, length, PHONE_DIGITS_MAX);
  if (options.skipPhoneCheck) return acceptAsWritten(raw, digits, options);
  if (digits.startsWith('+') || digits.startsWith('00')) {
    return checkInternational(raw, [digits, ...(withoutTrunkZero === null ? [] : [withoutTrunkZero])], options);
  }
  // After a country code a zero in brackets is a trunk prefix: the digits before it are no national number.
  const isInternational = withoutTrunkZero !== null && options.numbersWithoutPlus === 'national';
  return checkWithoutPlus(raw, text, isInternational ? { ...options, numbersWithoutPlus: 'unambiguous' } : options);
}

/** The country of a valid number with `+`; null for other texts, and for numbers of no country. */
export function countryOf(phone: string): string | null {
  return parseE164(phone)?.country ?? null;
}

/** Whether numbers without `+` can be read in this country, given as an upper-case ISO 3166 code such as `ES`. */
export function isPhoneCountry(country: string): country is CountryCode {
  return isSupportedCountry(country);
}

/**
 * A number that may be logged or shown in Temporal: `+1•••••••1234`. The bullets are always seven, so that the length says
 * nothing; a short number keeps its last two digits at most.
 */
export function maskPhone(phone: string): string {
  const code = callingCodeOf(phone);
  const head = code === null ? phone.slice(0, 1) : `+${code}`;
  const rest = phone.slice(head.length);
  const shown = rest.length >= 8 ? 4 : rest.length >= 5 ? 2 : 0;
  return `${head}•••••••${rest.slice(rest.length - shown)}`;
}

/** With `+` or `00`: one number, but where a zero in brackets or the default country allows another. */
function checkInternational(raw: string, written: readonly string[], options: PhoneCheckOptions): PhoneCheck {
  const found = written.flatMap((digits) => {
    if (digits.startsWith('+')) return parseE164(digits) ?? [];
    // In Japan, Korea and Thailand national numbers begin with 00 too.
    const { defaultCountry } = options;
    const countries = defaultCountry === undefined ? countriesWithNumber(digits) : [defaultCountry];
    const national = countries.flatMap((country) => readingsOf({ digits, isPlain: false }, country).national);
    return [parseE164(`+${digits.slice(2)}`) ?? [], ...national].flat();
  });
  const [number] = found;
  if (!number) {
    const digits = (written[0] ?? '').replace(/^\+|^00/, '');
    if (digits.length > E164_DIGITS_MAX) return tooLong(raw, digits.length, E164_DIGITS_MAX);
    const isUnknown = callingCodeOf(`+${digits}`) === null;
    const where = isUnknown ? 'begins with no known country code' : 'is not a valid number in its country';
    return problem('phone_invalid', `phone ${quoted(raw)} ${where}; expected like ${EXAMPLE}`);
  }
  const other = found.find(({ phone }) => phone !== number.phone);
  return other ? ambiguous(raw, [number, other]) : accept(raw, number, options);
}

function checkWithoutPlus(raw: string, written: DigitsWithoutPlus, options: PhoneCheckOptions): PhoneCheck {
  const { digits } = written;
  const { defaultCountry, numbersWithoutPlus = 'unambiguous' } = options;
  const readings = readingsOf(written, defaultCountry);
  const withPlus = readings.international ?? readings.foreign;
  const fit = fitOf([...readings.national, ...readings.zerosPutBack], withPlus);
  if (defaultCountry === undefined) {
    if (numbersWithoutPlus === 'international' && withPlus) return accept(raw, withPlus, options, fit);
    const hint = withPlus ? `write ${withPlus.phone} if that is meant` : `write the country code, like ${EXAMPLE}`;
    const message = `phone ${quoted(raw)} has no + and country code; ${hint}, or import with a default country`;
    return problem('phone_without_country_code', message, fit);
  }
  const [number, other] = chooseReadings(readings, { digits, choice: numbersWithoutPlus, country: defaultCountry });
  if (number && other) return ambiguous(raw, [number, other], fit);
  if (number) return accept(raw, number, options, fit);
  if (digits.length > E164_DIGITS_MAX) return tooLong(raw, digits.length, E164_DIGITS_MAX);
  if (digits.length < PHONE_DIGITS_MIN) return tooShort(raw, digits.length, PHONE_DIGITS_MIN);
  const where = `is not a valid number in ${defaultCountry}, the default country`;
  const hint = withPlus ? `write ${withPlus.phone} if its + was lost` : `expected like ${EXAMPLE}`;
  return problem('phone_invalid', `phone ${quoted(raw)} ${where}; ${hint}`, fit);
}

function fitOf(national: readonly E164Number[], withPlus: E164Number | null): PhoneFit | undefined {
  if (national.length === 0) return withPlus ? 'international' : undefined;
  return withPlus ? 'both' : 'national';
}

function accept(raw: string, number: E164Number, options: PhoneCheckOptions, fit?: PhoneFit): PhoneCheck {
  const { phone, country } = number;
  if (isRefusedAsCostly(number, options)) return tooCostly(raw, number, fit);
  return { ok: true, phone, country, repaired: phone !== raw, fit, keys: undefined };
}

function acceptAsWritten(raw: string, digits: string, options: PhoneCheckOptions): PhoneCheck {
  const keys = options.dialledFrom && phoneKeysOf(digits, options.dialledFrom);
  const costly = keys?.numbers.find((number) => isRefusedAsCostly(number, options));
  if (costly) return tooCostly(raw, costly);
  return { ok: true, phone: digits, country: null, repaired: digits !== raw, fit: undefined, keys };
}

function isRefusedAsCostly({ type }: E164Number, { allowCostlyNumbers }: PhoneCheckOptions): boolean {
  return type !== null && COSTLY_TYPES[type] !== undefined && !allowCostlyNumbers;
}

function tooCostly(raw: string, { type }: E164Number, fit?: PhoneFit): PhoneCheck {
  const why = `is ${type && COSTLY_TYPES[type]}: calls to it cost more than others`;
  return problem(
    'phone_costly',
    `phone ${quoted(raw)} ${why}; leave it out, or set allowCostlyNumbers of the batch`,
    fit,
  );
}

function ambiguous(raw: string, [one, other]: readonly [E164Number, E164Number], fit?: PhoneFit): PhoneCheck {
  const advice = 'write the one that is meant, or say with numbersWithoutPlus how the column is written';
  return problem('phone_ambiguous', `phone ${quoted(raw)} can be ${one.phone} or ${other.phone}; ${advice}`, fit);
}

function tooShort(raw: string, length: number, digitsMin: number): PhoneCheck {
  const found = `has ${length} digit${length === 1 ? '' : 's'}; at least ${digitsMin} are needed`;
  return problem('phone_too_short', `phone ${quoted(raw)} ${found}`);
}

function tooLong(raw: string, length: number, digitsMax: number): PhoneCheck {
  return problem('phone_too_long', `phone ${quoted(raw)} has ${length} digits; at most ${digitsMax} are allowed`);
}

function problem(code: PhoneProblemCode, message: string, fit?: PhoneFit): PhoneCheck {
  return { ok: false, code, message, fit };
}
