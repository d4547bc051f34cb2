import { ERRORS } from '../error-table.js';
import type { Operation } from '../operation.js';

type Header = { description: string; schema: { type: 'string' | 'integer' } };

const text = (description: string): Header => ({ description, schema: { type: 'string' } });
export const HEADERS = {
  'X-Request-Id': text('The id of the request: the one that was sent, or one of ours'),
  RateLimit: text('How many requests are left, and for how many seconds (draft 8 of httpapi)'),
  'RateLimit-Policy': text('How many requests are taken in how many seconds'),
  'Retry-After': { description: 'After how many seconds to come again', schema: { type: 'integer' } },
  'Idempotency-Replayed': text('`true`: the answer of the first request with this Idempotency-Key'),
  'WWW-Authenticate': text('That a key is needed, or what is wrong with the one that was sent'),
  'Content-Disposition': text('The name of the file'),
  'Accept-Ranges': text('`bytes` where a range may be asked for'),
  'Content-Length': {
    description: 'How many bytes follow; left out where the provider does not say',
    schema: { type: 'integer' },
  },
  'Content-Range': text('Which bytes these are, and of how many'),
  Location: text('Where the new thing, or the next page, is; left out of an answer that is given again'),
  ETag: text('The version of what is answered, for If-Match; left out of an answer that is given again'),
} as const satisfies Record<string, Header>;
type HeaderName = keyof typeof HEADERS;

/** Of what is downloaded. */
const FILE_TYPES = ['text/csv', 'application/jsonl', 'audio/*'];
const WAITING_STATUSES = [429, 503];

/** The headers that an answer of an operation may have, as the document's components name them. */
export function responseHeaders(operation: Operation, status: number): Record<string, { $ref: string }> {
  const { role, method, responses, errorCodes } = operation;
  const spec = responses[status];
  const codes = errorCodes.filter((code) => ERRORS[code].status === status);
  const waits = WAITING_STATUSES.includes(status) || codes.includes('request_in_progress');
  const names: HeaderName[] = [
    'X-Request-Id',
    ...(role === null ? [] : (['RateLimit', 'RateLimit-Policy'] as const)),
    ...(waits ? (['Retry-After'] as const) : []),
    ...(role !== null && method === 'post' ? (['Idempotency-Replayed'] as const) : []),
    ...(codes.includes('unauthorized') ? (['WWW-Authenticate'] as const) : []),
    ...(FILE_TYPES.includes(spec?.contentType ?? '') ? (['Content-Disposition'] as const) : []),
    ...(codes.includes('precondition_failed') ? (['ETag'] as const) : []),
    ...(status === 302 ? (['Location'] as const) : []),
    ...(spec?.headers ?? []),
  ];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
