import { shapeProblem } from '../../../platform/json-shape.js';
import { ApiError } from '../errors.js';

/** No document of ours is larger: a list of numbers to suppress has 10,000, a row of a file that is mended has some thousand cells. */
const BOUNDS = { depthMax: 64, valuesMax: 12_000, namesMax: 5_000 };
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The value of a JSON text, whose shape is looked at first. @throws ApiError */
export function parseJson(bytes: Buffer): unknown {
  const problem = shapeProblem(bytes, BOUNDS);
  if (!problem) return parseText(withoutMark(bytes).toString('utf8'));
  const { code, message } = problem;
  throw new ApiError('validation_failed', `The body is not valid: it ${message}. Send less at a time.`, {
    errors: [{ field: 'body', code, message: `the body ${message}` }],
  });
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
