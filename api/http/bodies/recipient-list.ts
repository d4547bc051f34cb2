import type { FieldCode } from '../../../domain/field-codes.js';
import { depthAfter, endOfString } from '../../../platform/json-shape.js';
import { createPause } from '../../../platform/pause.js';
import { CHUNK_ROWS_MAX } from '../../../store/batches/sweep-rows.js';
import { ApiError } from '../errors.js';
import { invalidJson, parseJson, parseText, withoutMark } from './json-text.js';

/** Recipients of one request: they are written in one step. */
export const RECIPIENTS_MAX = CHUNK_ROWS_MAX;
/** As a row of a CSV file. */
const RECIPIENT_BYTES_MAX = 65_536;
/** Its metadata may have 32 levels. */
const DEPTH_MAX = 64;
const FIELD = 'recipients';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const EMPTY_LIST = Buffer.from('[]');

/**
 * The value of a JSON object that holds a long list of recipients. They are cut out of the text and parsed one by one, with pauses for
 * all other requests; the rest is a small body like any other. What is too much is refused as soon as that is seen.
 * @throws ApiError
 */
export async function parseRecipientList(sent: Buffer, restBytesMax: number): Promise<unknown> {
  const bytes = withoutMark(sent);
  const start = findList(bytes.subarray(0, restBytesMax));
  const list = start === null ? null : await readList(bytes, start);
  if (start === null || list === null) return parseRest(bytes, restBytesMax);
  const rest = parseRest(Buffer.concat([bytes.subarray(0, start), EMPTY_LIST, bytes.subarray(list.end)]), restBytesMax);
  const body = rest as Record<string, unknown>;
  // A text that repeats the name means its last value, which has not been cut out.
  if (!isEmptyList(body[FIELD])) throw new ApiError('invalid_json', `The body has ${FIELD} twice. Send one list.`);
  body[FIELD] = list.recipients;
  return body;
}

function parseRest(bytes: Buffer, bytesMax: number): unknown {
  if (bytes.length <= bytesMax) return parseJson(bytes);
  const message = `The body has more than ${Math.floor(bytesMax / 1024)} KiB beside its ${FIELD}. Upload many recipients as CSV: POST /v1/batches/{batchId}/imports.`;
  throw new ApiError('body_too_large', message);
}

/** The place of the bracket that begins the list; null when the object has none here. */
function findList(bytes: Buffer): number | null {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== QUOTE) {
      depth += depthAfter(bytes[at]);
      continue;
    }
    const end = endOfString(bytes, at);
    const start = depth === 1 ? listAfterName(bytes, at, end) : null;
    if (start !== null) return start;
    at = end;
  }
  return null;
}

/** The place of the bracket after `"recipients":`, or null. */
function listAfterName(bytes: Buffer, from: number, end: number): number | null {
  const colon = skipSpace(bytes, end + 1);
  const start = skipSpace(bytes, colon + 1);
  if (bytes[colon] !== COLON || bytes[start] !== OPEN) return null;
  return parseText(bytes.toString('utf8', from, end + 1)) === FIELD ? start : null;
}

async function readList(bytes: Buffer, start: number): Promise<{ recipients: unknown[]; end: number }> {
  const pause = createPause();
  const recipients: unknown[] = [];
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE) return { recipients, end: at + 1 };
  for (;;) {
    if (recipients.length === RECIPIENTS_MAX) throw tooMany();
    const end = endOfRecipient(bytes, at, recipients.length);
    recipients.push(parseText(bytes.toString('utf8', at, end)));
    const next = skipSpace(bytes, end);
    if (bytes[next] === CLOSE) return { recipients, end: next + 1 };
    if (bytes[next] !== COMMA) throw invalidJson();
    at = skipSpace(bytes, next + 1);
    await pause();
  }
}

/** The place after one value of the list: where its brackets are closed, or before what ends it. */
function endOfRecipient(bytes: Buffer, from: number, index: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    if (at - from > RECIPIENT_BYTES_MAX) throw tooLarge(index);
    const byte = bytes[at];
    if (depth === 0 && (byte === COMMA || byte === CLOSE || isSpace(byte))) return at;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else depth += depthAfter(byte);
    if (depth < 0) throw invalidJson();
    if (depth > DEPTH_MAX) throw refused(index, 'too_deep', `is nested deeper than ${DEPTH_MAX} levels`);
    if (depth === 0 && (byte === QUOTE || depthAfter(byte) < 0)) return endWithin(at + 1, from, index);
  }
  throw invalidJson();
}

/** A string may end beyond the bound. */
function endWithin(end: number, from: number, index: number): number {
  if (end - from > RECIPIENT_BYTES_MAX) throw tooLarge(index);
  return end;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function tooMany(): ApiError {
  const advice = 'Send fewer, or upload a CSV: POST /v1/batches/{batchId}/imports.';
  return new ApiError(
    'too_many_recipients',
    `There are more than ${RECIPIENTS_MAX} recipients in one request. ${advice}`,
  );
}

function tooLarge(index: number): ApiError {
  return refused(index, 'too_large', `has more than ${RECIPIENT_BYTES_MAX / 1024} KiB`);
}

function refused(index: number, code: FieldCode, what: string): ApiError {
  const field = `${FIELD}[${index}]`;
  return new ApiError('validation_failed', `The body is not valid: ${field} ${what}. Nobody was added.`, {
    errors: [{ field, code, message: `${field} ${what}` }],
  });
}
