import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { callingCodeOf, fastE164 } from './fast-e164.js';

export type PhoneCheckOptions = {
  /** Drops the E.164 rule only: digits, an optional `+` and a minimum remain, and the digits are dialled as written. */
  skipPhoneCheck: boolean;
  /** ISO 3166 code of the country in which numbers without `+` are read; see `isPhoneCountry`. */
  defaultCountry?: string;
  /** Least number of digits, 7 unless a custom SIP account allows short extensions. */
  minDigits?: number;
};

export type PhoneProblemCode =
  | 'phone_empty'
  | 'phone_lost_digits'
  | 'phone_not_digits'
  | 'phone_too_short'
  | 'phone_too_long'
  | 'phone_without_country_code'
  | 'phone_invalid';

export type PhoneCheck =
  | { ok: true; phone: string; country: string | null; repaired: boolean }
  | { ok: false; code: PhoneProblemCode; message: string };

export const PHONE_DIGITS_MIN = 7;
/** Longer than E.164's 15, because a number with the skip flag may carry a trunk prefix. */
const PHONE_DIGITS_MAX = 32;
const EXAMPLE = '+12025550123';
const QUOTED_LENGTH_MAX = 40;

const SCIENTIFIC = /^'?\+?\d+(?:[.,]\d+)?e\+?\d+$/i;
const PLAIN_DIGITS = /^\+?\d+$/;
/** What spreadsheets write for a number kept as a decimal. More zeros may be the last digits of the number. */
const TRAILING_ZEROS = /^(\+?\d+)[.,]00?$/;
/** Spaces of every width, hyphens and dashes, dots, brackets, and the invisible marks that address books put around numbers. */
const SEPARATORS = /[\s\-.()[\]\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/**
 * The one check of a number to call. Repairs come before the rule, and the number returned is the parsed one: the raw
 * text of `+44 0…` must never be dialled. Messages start with `phone '…'`, ready for a row prefix.
 */
export function checkPhone(raw: string, options: PhoneCheckOptions): PhoneCheck {
  if (!options.skipPhoneCheck) {
    const clean = fastE164(raw);
    if (clean) return { ok: true, phone: clean.phone, country: clean.country, repaired: false };
  }
  const text = raw.replace(/^[\s\ufeff\u200b-\u200f\u202a-\u202e]+|[\s\u200b-\u200f\u202a-\u202e]+$/g, '');
  if (text === '') return problem('phone_empty', `phone is empty; expected like ${EXAMPLE}`);
  if (SCIENTIFIC.test(text)) return problem('phone_lost_digits', lostDigitsMessage(text));

  const digits = stripFormatting(text);
  if (!PLAIN_DIGITS.test(digits)) {
    return problem('phone_not_digits', `phone ${quoted(raw)} is not a phone number; expected like ${EXAMPLE}`);
  }
  const length = digits.replace('+', '').length;
  const minDigits = options.minDigits ?? PHONE_DIGITS_MIN;
  if (length < minDigits) {
    const found = `has ${length} digit${length === 1 ? '' : 's'}; at least ${minDigits} are needed`;
    return problem('phone_too_short', `phone ${quoted(raw)} ${found}`);
  }
  if (length > PHONE_DIGITS_MAX) {
    return problem(
      'phone_too_long',
      `phone ${quoted(raw)} has ${length} digits; at most ${PHONE_DIGITS_MAX} are allowed`,
    );
  }
  if (options.skipPhoneCheck) return { ok: true, phone: digits, country: null, repaired: digits !== raw };
  return checkE164(raw, digits, options.defaultCountry);
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

function stripFormatting(text: string): string {
  const unquoted = text.replace(/^['’‘]/, '').trim();
  return (TRAILING_ZEROS.exec(unquoted)?.[1] ?? unquoted).replace(SEPARATORS, '');
}

function checkE164(raw: string, digits: string, defaultCountry: string | undefined): PhoneCheck {
  const international = digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
  if (!international.startsWith('+') && defaultCountry === undefined) {
    return problem('phone_without_country_code', missingPlusMessage(raw, international));
  }
  const parsed =
    fastE164(international) ??
    parseValid(international, international.startsWith('+') ? undefined : (defaultCountry as CountryCode));
  if (!parsed) return problem('phone_invalid', invalidMessage(raw, international, defaultCountry));
  return { ok: true, ...parsed, repaired: parsed.phone !== raw };
}

function parseValid(text: string, defaultCountry: CountryCode | undefined) {
  const parsed = parsePhoneNumberFromString(text, { extract: false, ...(defaultCountry && { defaultCountry }) });
  if (!parsed?.isValid() || parsed.ext !== undefined) return null;
  return { phone: parsed.number as string, country: parsed.country ?? null };
}

function missingPlusMessage(raw: string, digits: string): string {
  const withPlus = parseValid(`+${digits}`, undefined);
  const hint = withPlus ? `write ${withPlus.phone} if that is meant` : `write the country code, like ${EXAMPLE}`;
  return `phone ${quoted(raw)} has no + and country code; ${hint}, or import with a default country`;
}

function invalidMessage(raw: string, digits: string, defaultCountry: string | undefined): string {
  if (!digits.startsWith('+')) {
    return `phone ${quoted(raw)} is not a valid number in ${defaultCountry ?? ''}, the default country; expected like ${EXAMPLE}`;
  }
  const where =
    callingCodeOf(digits) === null ? 'begins with no known country code' : 'is not a valid number in its country';
  return `phone ${quoted(raw)} ${where}; expected like ${EXAMPLE}`;
}

function lostDigitsMessage(text: string): string {
  return (
    `phone ${quoted(text)} is in scientific notation, so a spreadsheet has already dropped digits; ` +
    `format the column as text and enter the number again, like ${EXAMPLE}`
  );
}

function quoted(raw: string): string {
  return `'${raw.length > QUOTED_LENGTH_MAX ? `${raw.slice(0, QUOTED_LENGTH_MAX)}…` : raw}'`;
}

function problem(code: PhoneProblemCode, message: string): PhoneCheck {
  return { ok: false, code, message };
}
