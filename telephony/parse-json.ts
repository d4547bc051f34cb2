/** Escapes that JSON allows and PostgreSQL does not: NUL, and halves of surrogate pairs. */
const ESCAPE_TO_CHECK = /\\u(?:0000|d[89a-f])/i;
// eslint-disable-next-line no-control-regex -- the control character is what is looked for
const NUL = /\u0000/g;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** What is nested deeper is no event of any provider, and too deep for what writes it down. */
const DEPTH_MAX = 64;

type Branch = Record<string | number, unknown>;

/**
 * What a provider says, as JSON that PostgreSQL can store: NULs are dropped and lone surrogates replaced. Undefined when it
 * is not JSON.
 */
export function parseJson(text: string): unknown {
  try {
    // In an object, so that a text alone has a place too.
    const root = { value: JSON.parse(text) as unknown };
    return makeStorable(root, ESCAPE_TO_CHECK.test(text)) ? root.value : undefined;
  } catch {
    return undefined;
  }
}

/** In place, level by level: a megabyte of small values takes twenty times as long with a reviver. @returns false for what is too deep */
function makeStorable(root: Branch, hasEscapes: boolean): boolean {
  let level = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) return false;
    const next: Branch[] = [];
    for (const branch of level) {
      for (const key of Array.isArray(branch) ? branch.keys() : Object.keys(branch)) {
        const value = branch[key];
        if (typeof value === 'object' && value !== null) next.push(value as Branch);
        else if (hasEscapes && typeof value === 'string') branch[key] = storable(value);
      }
    }
    level = next;
  }
  return true;
}

function storable(text: string): string {
  return text.replace(NUL, '').replace(LONE_SURROGATE, '\uFFFD');
}
