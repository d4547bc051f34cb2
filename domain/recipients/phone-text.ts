import { quoted } from '../field-problem.js';

/** What a cell holds when its text is taken for a number: `+` and digits, or digits alone. */
export type PhoneText =
  | {
      ok: true;
      digits: string;
      /** Whether nothing parts the digits, as in a number that a spreadsheet keeps: it drops the zeros in front. */
      isPlain: boolean;
      /** The same without the trunk zero that was written in brackets, as in `+49 (0)30 …`. */
      withoutTrunkZero: string | null;
    }
  | { ok: false; code: PhoneTextProblemCode; message: string };

export type PhoneTextProblemCode =
  | 'phone_empty'
  | 'phone_too_long'
  | 'phone_lost_digits'
  | 'phone_calculated'
  | 'phone_extension'
  | 'phone_several'
  | 'phone_not_digits';

/** Longer texts are no number; the patterns below see no more than this. */
const TEXT_LENGTH_MAX = 200;
/** A part of so many digits may be a whole number. */
const WHOLE_DIGITS_MIN = 7;
/** What is taken off around a number may be nested: an apostrophe before `="tel:…"`. */
const WRAPPINGS_MAX = 4;
const EXAMPLE = '+12025550123';
const AS_TEXT = `format the column as text and enter the number again, like ${EXAMPLE}`;

/** As most numbers without `+` are written. */
const DIGITS_ALONE = /^\d+$/;
const PRINTABLE_ASCII = /^[ -~]*$/;
/** Format characters, variation selectors and blank letters. */
const INVISIBLE = /[\p{Cf}\p{DI}]/gu;
/** Superscripts, fractions, Roman numerals: which digits are meant is not certain. */
const OTHER_NUMERALS = /[\p{No}\p{Nl}]/u;
const DIGIT = /\p{Nd}/u;
/** Hyphens and dashes of every kind, minus signs, and the long vowel mark that Japanese texts have in their place. */
const DASH = '\\p{Pd}\\u2212\\u2796\\u02d7\\u2043\\u30fc';

const FIRST_QUOTES = /^['"`‘’‚‛“”„‟«»‹›′″\s]+/;
const LAST_QUOTE = /['"`‘’‚‛“”„‟«»‹›′″\s,;]/;
const LABEL =
  /^(?:(?:tel|tél|telefon|telefono|teléfono|telephone|téléphone|phone|ph|p|t|mobile|mob|m|cell|c|handy|whatsapp|callto|тел|телефон)\s?[.:]+|(?:tel|telefon|telephone|phone|mobile|mob|cell|handy)\s)\s*(?:\/\/)?/iu;
const SIGNED = new RegExp(`^[+\\s]*[${DASH}]|[${DASH}]\\s*$`, 'u');
const IN_BRACKETS = /^\([^()]*\)$/;
const SCIENTIFIC = new RegExp(`^\\+?\\d[\\d.,]*(?:e|[x×*]10\\^)[+${DASH}]?\\d+$`, 'iu');
const THOUSANDS = /^\+?\d{1,3}(?:,\d{2,3})+(?:\.\d*)?$/;
const ONE_COMMA = /^([^,\p{L}]+),(\d{1,2})$/u;
const ONE_DOT = /^([^.,\p{L}]+)\.(\d+)$/u;
const NUMBER_PART = new RegExp(`^[+\\d\\s.()[\\]/${DASH}]*`, 'u');
/** What follows a number and is dialled after the answer: words for an extension, pauses, and keys. */
const EXTENSION_WORD =
  /^[\s,;]*(?:extension|extn|ext|x|доб|вн|внутр|interno|int|anexo|ramal|poste|durchwahl|dw|apparat|app|分机|內線|内線|내선|تحويلة|p|w)[\s.:=#]*\d/iu;
const EXTENSION_KEY = /^\s*[,;#*][\d,;#*\s]+$/;
const SEPARATORS = new RegExp(`[\\s.()[\\]/_·•‧∙⋅${DASH}]`, 'gu');
const PLAIN_DIGITS = /^\+?\d+$/;
const TRUNK_ZERO = /^((?:\+|00)?[1-9]\d{0,2})\(0\)/;

/**
 * Takes a text for a number. What people and spreadsheets put around a number is taken off; what changes the number, or
 * may, is refused with its reason: a sign, decimals, lost digits, an extension. Digits of every script are digits.
 */
export function readPhoneText(raw: string): PhoneText {
  if (raw.length > TEXT_LENGTH_MAX) {
    return problem('phone_too_long', `phone ${quoted(raw)} is longer than ${TEXT_LENGTH_MAX} characters`);
  }
  if (DIGITS_ALONE.test(raw)) return { ok: true, digits: raw, isPlain: true, withoutTrunkZero: null };
  const plain = toPlainText(raw);
  const text = plain === null ? '' : unwrap(plain);
  if (plain !== null && text === '') return problem('phone_empty', `phone is empty; expected like ${EXAMPLE}`);
  const compact = text.replace(/\s+/g, '');
  const refused = findCalculation(raw, text, compact) ?? findSecondPart(raw, text);
  if (refused) return refused;
  const digits = withoutDecimals(compact).replace(SEPARATORS, '');
  if (!PLAIN_DIGITS.test(digits)) {
    return problem('phone_not_digits', `phone ${quoted(raw)} is not a phone number; expected like ${EXAMPLE}`);
  }
  const withoutTrunkZero = compact.replace(TRUNK_ZERO, '$1');
  return {
    ok: true,
    digits,
    isPlain: digits === withoutDecimals(text),
    withoutTrunkZero: withoutTrunkZero === compact ? null : withoutDecimals(withoutTrunkZero).replace(SEPARATORS, ''),
  };
}

/** The text without invisible characters, in the plain form of every character; null where it has numerals that are no digits. */
function toPlainText(raw: string): string | null {
  if (PRINTABLE_ASCII.test(raw)) return raw;
  const visible = raw.replace(INVISIBLE, '').replace(/\u00b4/g, "'");
  if (OTHER_NUMERALS.test(visible)) return null;
  return visible
    .normalize('NFKC')
    .replace(/\u066b/g, '.')
    .replace(/\u066c/g, ',')
    .replace(/\p{Nd}/gu, digitOf);
}

/** Unicode has the ten digits of each script in a row, and rows that touch begin with a zero too. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String((code - zero) % 10);
}

function unwrap(plain: string): string {
  let text = plain;
  for (let i = 0; i < WRAPPINGS_MAX; i++) {
    const inner = withoutQuotes(text).replace(/^=/, '').replace(LABEL, '');
    if (inner === text) break;
    text = inner;
  }
  return text;
}

function withoutQuotes(text: string): string {
  let end = text.length;
  while (LAST_QUOTE.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(0, end).replace(FIRST_QUOTES, '');
}

/** What shows that a spreadsheet took the number for an amount, and calculated or rounded it. */
function findCalculation(raw: string, text: string, compact: string): PhoneText | null {
  if (!/\d/.test(text)) return null;
  if (SCIENTIFIC.test(compact)) {
    const why = 'is in scientific notation, so a spreadsheet has already dropped digits';
    return problem('phone_lost_digits', `phone ${quoted(raw)} ${why}; ${AS_TEXT}`);
  }
  if (SIGNED.test(text) || IN_BRACKETS.test(text)) {
    const why = 'has a sign or brackets around it, and a phone number has no sign: a spreadsheet has calculated it';
    return problem('phone_calculated', `phone ${quoted(raw)} ${why}; ${AS_TEXT}`);
  }
  if (THOUSANDS.test(compact) || hasDecimals(compact)) {
    const why =
      'is written like an amount, with decimals or thousands separators: a spreadsheet may have calculated it';
    return problem('phone_calculated', `phone ${quoted(raw)} ${why}; ${AS_TEXT}`);
  }
  return null;
}

function hasDecimals(compact: string): boolean {
  const comma = ONE_COMMA.exec(compact);
  if (comma) return !/^0+$/.test(comma[2] ?? '') && digitCount(comma[1] ?? '') >= WHOLE_DIGITS_MIN;
  const [, whole = '', decimals = ''] = ONE_DOT.exec(compact) ?? [];
  if (digitCount(whole) < WHOLE_DIGITS_MIN) return false;
  if (decimals.length <= 2) return !/^0+$/.test(decimals);
  // A number that a spreadsheet keeps has neither a + nor a zero in front: these are a text, and the dot parts its digits.
  return /^[1-9]\d*$/.test(whole);
}

/** Takes off the `.0` that spreadsheets write for a number kept as a decimal. More zeros may be digits of the number. */
function withoutDecimals(compact: string): string {
  const [, whole = '', decimals = ''] = ONE_COMMA.exec(compact) ?? ONE_DOT.exec(compact) ?? [];
  const isWhole = PLAIN_DIGITS.test(whole) || digitCount(whole) >= WHOLE_DIGITS_MIN;
  return isWhole && /^00?$/.test(decimals) ? whole : compact;
}

/** What follows a number in its cell: an extension, or a second number. */
function findSecondPart(raw: string, text: string): PhoneText | null {
  const first = NUMBER_PART.exec(text)?.[0] ?? '';
  const rest = text.slice(first.length);
  if (digitCount(first) >= 3 && !ONE_COMMA.test(text.replace(/\s+/g, ''))) {
    const isShort = digitCount(rest) < WHOLE_DIGITS_MIN;
    if (EXTENSION_WORD.test(rest) || (isShort && EXTENSION_KEY.test(rest))) {
      const why = 'has an extension, and extensions are not dialled';
      return problem('phone_extension', `phone ${quoted(raw)} ${why}; leave it out, if the number alone is meant`);
    }
  }
  const parts = text.split('/');
  const isSecondWhole = digitCount(first) >= WHOLE_DIGITS_MIN && digitCount(rest) >= WHOLE_DIGITS_MIN;
  const isSlashed = parts.length === 2 && digitCount(parts[0] ?? '') >= WHOLE_DIGITS_MIN;
  const hasTwoPluses = digitCount(text) >= 2 * WHOLE_DIGITS_MIN && text.indexOf('+', 1) > 0;
  if (!isSecondWhole && !isSlashed && !hasTwoPluses) return null;
  return problem('phone_several', `phone ${quoted(raw)} holds more than one number; leave the one to call`);
}

function digitCount(text: string): number {
  return text.replace(/\D/g, '').length;
}

function problem(code: PhoneTextProblemCode, message: string): PhoneText {
  return { ok: false, code, message };
}
