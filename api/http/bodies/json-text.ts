import { ApiError } from '../errors.js';

/** No document of ours is nested so deep, nor has so many values: a list of numbers to suppress has 10,000. */
const DEPTH_MAX = 64;
const VALUES_MAX = 20_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The value of a JSON text. Its shape is looked at first, in one pass over its bytes: what it takes to build a value, to
 * check it and to tell what is wrong with it grows with the number of values in it, and not with its length.
 * @throws ApiError
 */
export function parseJson(bytes: Buffer): unknown {
  checkShape(bytes);
  return parseText(withoutMark(bytes).toString('utf8'));
}

/** @throws ApiError */
export function parseText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (err) {
    throw invalidJson(err);
  }
}

export function invalidJson(cause?: unknown): ApiError {
  return new ApiError('invalid_json', 'The body is not valid JSON. Send a complete JSON document.', { cause });
}

/** The text without the byte order mark that some programs put in front of it. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? bytes.subarray(3) : bytes;
}

/** The place of the quote that ends the string which begins at `from`; the length of the text when nothing ends it. */
export function endOfString(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, bytes.length);
}

/** `{` and `[` are one deeper, `}` and `]` one less deep. In ASCII the two kinds of brackets differ by one bit. */
export function depthAfter(byte: number | undefined): -1 | 0 | 1 {
  if (byte === 0x7b || byte === 0x5b) return 1;
  return byte === 0x7d || byte === 0x5d ? -1 : 0;
}

function checkShape(bytes: Buffer): void {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === COMMA) values += 1;
    else depth += depthAfter(byte);
    if (depth > DEPTH_MAX) throw refused('too_deep', `is nested deeper than ${DEPTH_MAX} levels`);
    if (values > VALUES_MAX) throw refused('too_many_values', `has more than ${VALUES_MAX} values`);
  }
}

function refused(code: string, what: string): ApiError {
  const message = `the body ${what}`;
  return new ApiError('validation_failed', `The body is not valid: it ${what}. Send less at a time.`, {
    errors: [{ field: 'body', code, message }],
  });
}
