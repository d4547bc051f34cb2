const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

export type ShapeBounds = { depthMax: number; valuesMax: number; namesMax: number };
export type ShapeProblem = { code: 'too_deep' | 'too_many_values' | 'too_many_names'; message: string };

/**
 * What is too much in a JSON text; null when it is within its bounds. One pass over its bytes, before it is parsed: what it takes to
 * build a value, to check it and to tell what is wrong with it grows with the values and names in it, and not with its length.
 * Lists and objects count as values. A text that is no JSON may have any answer.
 */
export function shapeProblem(bytes: Buffer, { depthMax, valuesMax, namesMax }: ShapeBounds): ShapeProblem | null {
  let depth = 0;
  let values = 1;
  let names = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === COMMA) values += 1;
    else if (byte === COLON) names += 1;
    else {
      const deeper = depthAfter(byte);
      depth += deeper;
      if (deeper > 0) values += 1;
    }
    if (depth > depthMax) return { code: 'too_deep', message: `is nested deeper than ${depthMax} levels` };
    if (values > valuesMax) return { code: 'too_many_values', message: `has more than ${valuesMax} values` };
    if (names > namesMax) return { code: 'too_many_names', message: `has more than ${namesMax} fields` };
  }
  return null;
}

/** The place of the quote that ends the string which begins at `from`; the length of the text when nothing ends it. */
export function endOfString(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return Math.min(at, bytes.length);
}

/** `{` and `[` are one deeper, `}` and `]` one less deep. */
export function depthAfter(byte: number | undefined): -1 | 0 | 1 {
  if (byte === 0x7b || byte === 0x5b) return 1;
  return byte === 0x7d || byte === 0x5d ? -1 : 0;
}
