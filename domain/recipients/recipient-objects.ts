import { isUnstorable, quoted, unstorable, type FieldProblem, type Findings } from '../field-problem.js';

/** Our own key at providers that keep metadata: the attempt's id travels in it. */
const ATTEMPT_ID_KEY = 'dialwright_attempt_id';
const METADATA_DEPTH_MAX = 32;

/** RFC 3261 token, and no line break in a value: a header must not be able to start another. */
const SIP_HEADER_NAME = /^X-[A-Za-z0-9!%*_+`'~.-]+$/;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** A JSON object, given as one or as its text. Errors are reported to `found`, and the result is then empty. */
export function checkMetadata(
  value: string | Record<string, unknown> | undefined,
  found: Findings,
): Record<string, unknown> {
  if (value === undefined) return {};
  const metadata = readObject('metadata', value, '{"customer_id":"cust_123"}', found);
  if (Object.hasOwn(metadata, ATTEMPT_ID_KEY)) {
    const message = `metadata must not contain ${ATTEMPT_ID_KEY}, which Dialwright sets; rename the key`;
    found.errors.push({ field: 'metadata', code: 'metadata_key_reserved', message });
  }
  inspectMetadata(metadata, found);
  return metadata;
}

export function checkSipHeaders(
  value: string | Record<string, unknown> | undefined,
  found: Findings,
): Record<string, string> {
  if (value === undefined) return {};
  const headers: Record<string, string> = {};
  const object = readObject('customSipHeaders', value, '{"X-Customer":"123"}', found);
  for (const [name, text] of Object.entries(object)) {
    const problem = sipHeaderProblem(name, text);
    if (problem) found.errors.push({ field: 'customSipHeaders', ...problem });
    else setOwn(headers, name, text as string);
  }
  return headers;
}

/** Assigns without touching the prototype: a column may well be called `__proto__`. */
export function setOwn<T>(record: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__')
    Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
  else record[key] = value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readObject(
  field: 'metadata' | 'customSipHeaders',
  value: string | Record<string, unknown>,
  example: string,
  found: Findings,
): Record<string, unknown> {
  if (typeof value !== 'string') return value;
  // An unstorable text has been reported already.
  if (value.trim() === '' || isUnstorable(value)) return {};
  const words = field === 'metadata' ? 'metadata' : 'custom sip headers';
  const parsed = parseJson(value);
  if (isRecord(parsed)) return parsed;
  const what = parsed === undefined ? 'is not JSON' : 'is JSON, but not an object';
  found.errors.push({
    field,
    code: 'not_a_json_object',
    message: `${words} ${quoted(value)} ${what}; expected like ${example}`,
  });
  return {};
}

/** Walks with its own stack: a 64 KiB cell of brackets is deeper than the call stack. */
function inspectMetadata(metadata: Record<string, unknown>, found: Findings): void {
  const todo: { value: unknown; path: string; depth: number }[] = [{ value: metadata, path: 'metadata', depth: 0 }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { value, path, depth } = next;
    if (depth > METADATA_DEPTH_MAX) {
      found.errors.push({
        field: 'metadata',
        code: 'metadata_too_deep',
        message: `metadata is nested deeper than ${METADATA_DEPTH_MAX} levels`,
      });
      return;
    }
    if (typeof value === 'string' && isUnstorable(value)) found.errors.push(unstorable('metadata', path));
    if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      const message = `${path} is a number of more than 15 digits, and its last ones may be lost; put quotes around it`;
      found.warnings.push({ field: 'metadata', code: 'metadata_number_too_long', message });
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, child] of Object.entries(value)) {
      if (isUnstorable(key)) found.errors.push(unstorable('metadata', path));
      todo.push({ value: child, path: `${path}.${key}`, depth: depth + 1 });
    }
  }
}

function sipHeaderProblem(name: string, value: unknown): Omit<FieldProblem, 'field'> | null {
  if (!SIP_HEADER_NAME.test(name)) {
    return {
      code: 'sip_header_name',
      message: `custom sip header ${quoted(name)} must start with X- and hold letters, digits and dashes`,
    };
  }
  if (typeof value !== 'string') {
    return {
      code: 'sip_header_value',
      message: `custom sip header ${quoted(name)} must be a text; put quotes around it`,
    };
  }
  if (CONTROL_CHARACTER.test(value) || isUnstorable(value)) {
    return {
      code: 'sip_header_value',
      message: `custom sip header ${quoted(name)} must not contain line breaks or control characters`,
    };
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
