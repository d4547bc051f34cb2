/** Escapes that JSON allows and PostgreSQL does not: NUL, and halves of surrogate pairs. */
const ESCAPE_TO_CHECK = /\\u(?:0000|d[89a-f])/i;
// eslint-disable-next-line no-control-regex -- the control character is what is looked for
const NUL = /\u0000/g;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/**
 * What a provider says, as JSON that PostgreSQL can store: NULs are dropped and lone surrogates replaced. Undefined when it
 * is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(
      text,
      ESCAPE_TO_CHECK.test(text)
        ? (_key, value: unknown) => (typeof value === 'string' ? storable(value) : value)
        : undefined,
    );
  } catch {
    return undefined;
  }
}

function storable(text: string): string {
  return text.replace(NUL, '').replace(LONE_SURROGATE, '\uFFFD');
}
