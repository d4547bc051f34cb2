import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Operation } from '../../../api/http/operation.js';

/** A schema of the document, as far as tests look at it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  example?: unknown;
  default?: unknown;
  [key: string]: unknown;
};
export type Content = Record<string, { schema: Schema; example?: unknown }>;
export type Documented = {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content; headers?: Record<string, { schema: Schema }> }>;
};
export type ApiDocument = {
  paths: Record<string, Record<string, Documented>>;
  components: { schemas: Record<string, Schema> };
};

/** The document as it is served: a test of its own compares both. */
export const apiDocument = JSON.parse(readFileSync('openapi.json', 'utf8')) as ApiDocument;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat('iana-time-zone', true).addFormat('binary', true);
ajv.addSchema(apiDocument, 'api');

const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

const at = (within: unknown, place: readonly string[]): unknown =>
  place.reduce<unknown>((found, part) => (found as Record<string, unknown> | undefined)?.[part], within);

/** What is wrong with a value by the schema at a place of the document; null when it is right, or there is no such place. */
export function mistakesAt(place: readonly string[], value: unknown): string | null {
  // What many answers have in common is compiled once.
  const { $ref } = (at(apiDocument, place) ?? {}) as Schema;
  const validate = ajv.getSchema(`api${$ref ?? `#/${place.map(escaped).join('/')}`}`);
  if (!validate || validate(value)) return null;
  return ajv.errorsText(validate.errors);
}

/** Headers that an answer may have, or must have where they are declared. */
const SENT_WHEN_DECLARED = ['location', 'etag'];
const HEADERS = [
  ...[...SENT_WHEN_DECLARED, 'ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id', 'idempotency-replayed'],
  ...['www-authenticate', 'content-disposition'],
];

type Answered = { json: unknown; status: number; headers: Headers; received: unknown };

/** Compares a request that was taken, and its answer, with the document. @throws Error when one of both is not what it says */
export function checkDocumented({ id, path, method, responses }: Operation, answered: Answered): void {
  const { json, status, headers, received } = answered;
  const type = headers.get('content-type') ?? '';
  const place = ['paths', path, method];
  const told = (what: string, value: unknown): never => {
    throw new Error(`${id} ${status}: the document does not say ${what} in ${JSON.stringify(value)}`);
  };
  if (status < 300 && json !== undefined) {
    const wrong = mistakesAt([...place, 'requestBody', 'content', 'application/json', 'schema'], trimmed(json));
    if (wrong !== null) told(`that it takes: ${wrong}`, json);
  }
  const declared = Object.keys(apiDocument.paths[path]?.[method]?.responses[status]?.headers ?? {}).map((name) =>
    name.toLowerCase(),
  );
  for (const name of HEADERS) {
    const isSent = headers.get(name) !== null;
    if (isSent && !declared.includes(name)) told(`that it sends ${name}`, headers.get(name));
    const isFirst = headers.get('idempotency-replayed') === null;
    if (isFirst && !isSent && SENT_WHEN_DECLARED.includes(name) && declared.includes(name)) told('the truth', name);
  }
  if (!type.includes('json')) return;
  const [media] = type.split(';') as [string];
  const wrong = mistakesAt([...place, 'responses', String(status), 'content', media, 'schema'], received);
  if (wrong !== null) told(`that it answers: ${wrong}`, received);
  // What is not declared is taken out of it; so is a key `__proto__`, by zod.
  if (JSON.stringify(received).includes('"__proto__":')) return;
  const parsed = responses[status]?.schema?.safeParse(received);
  if (parsed?.success && !isDeepStrictEqual(JSON.parse(JSON.stringify(parsed.data)), received))
    told(`all of it, but ${JSON.stringify(parsed.data)}`, received);
}

/** No schema of JSON can say that spaces around a text do not count. */
function trimmed(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (_key, value: unknown) => (typeof value === 'string' ? value.trim() : value));
}
