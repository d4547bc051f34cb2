import { shapeProblem } from '../platform/json-shape.js';

/** Escapes that JSON allows and PostgreSQL does not: NUL, and halves of surrogate pairs. */
const ESCAPE_TO_CHECK = /\\u(?:0000|d[89a-f])/i;
// eslint-disable-next-line no-control-regex -- the control character is what is looked for
const NUL = /\u0000/g;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** A transcript of a megabyte, in which each word has its times, is within it. */
const BOUNDS = { depthMax: 64, valuesMax: 100_000, namesMax: 100_000 };

type Branch = Record<string | number, unknown>;

/**
 * What a provider says, as JSON that PostgreSQL can store: NULs are dropped and lone surrogates replaced. Undefined when it
 * is not JSON, or more than any provider says.
 */
export function parseJson(text: string): unknown {
  if (shapeProblem(Buffer.from(text), BOUNDS)) return undefined;
  try {
    // In an object, so that a text alone has a place too.
    const root = { value: JSON.parse(text) as unknown };
    if (ESCAPE_TO_CHECK.test(text)) makeStorable(root);
    return root.value;
  } catch {
    return undefined;
  }
}

/** In place: with a reviver it takes many times as long. */
function makeStorable(branch: Branch): void {
  for (const key of Array.isArray(branch) ? branch.keys() : Object.keys(branch)) {
    const value = branch[key];
    if (typeof value === 'string') branch[key] = storable(value);
    else if (typeof value === 'object' && value !== null) makeStorable(value as Branch);
  }
}

function storable(text: string): string {
  return text.replace(NUL, '').replace(LONE_SURROGATE, '\uFFFD');
}
