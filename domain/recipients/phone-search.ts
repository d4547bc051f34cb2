/** What a person types to find a number: `+`, digits and what stands between them. */
const PHONE_LIKE = /^\+?[\d\s().-]+$/;
const WHOLE_NUMBER = /^\+\d{7,15}$/;
const DIGIT = /\p{Nd}/u;
/** Texts that are searched are shorter; beyond it nothing is looked at. */
const TEXT_LENGTH_MAX = 200;

export type PhoneSearch = {
  /** The number, when the text is a whole one in international form; else null. */
  whole: string | null;
  /** What to look for in numbers. */
  part: string;
};

/**
 * Reads a text as a number that is looked for, or as a part of one: digits of any script, `00` for `+`, and without the zero
 * that stands for a country's own numbers. Null when it is no number.
 */
export function readPhoneSearch(text: string): PhoneSearch | null {
  const plain = toAsciiDigits(text.slice(0, TEXT_LENGTH_MAX).normalize('NFKC'))
    .replace(/\p{Cf}/gu, '')
    .trim();
  if (!PHONE_LIKE.test(plain) || !DIGIT.test(plain)) return null;
  const digits = plain.replace(/\(0\)/, '').replace(/[^+\d]/g, '');
  const international = digits.replace(/^00/, '+');
  const part = international.replace(/^0+(?=\d)/, '');
  return { whole: WHOLE_NUMBER.test(international) ? international : null, part };
}

/** Digits of a script stand in a row of ten: the value of one is how many stand before it. */
function toAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0; // a match has one
    let value = 0;
    while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value++;
    return String(value);
  });
}
