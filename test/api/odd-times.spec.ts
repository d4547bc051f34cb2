import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiDocument as document, type Schema } from './support/document.js';
import { batchBody, cancelled, draft, firstRecipient } from './support/requests.js';
import { send, startTestApi, type Sent, type TestApi } from './support/test-api.js';

let api: TestApi;
/** What is refused changes nothing, so that one batch will do. */
let batchId: string;
let recipientId: string;
beforeAll(async () => {
  api = await startTestApi();
  batchId = await draft(api);
  recipientId = await firstRecipient(api, batchId);
});
afterAll(() => api.stop());

const person = (field: string, time: string) => [{ phoneNumber: '+12025550111', [field]: time }];
const newBatch = (name: string) => async (time: string) => ({ json: batchBody(api, { [name]: { at: time } }) });
const policy = (notAfter: string) => ({ maxAttempts: 2, notAfter });
const changed = (json: (time: string) => unknown) => async (time: string) => ({
  params: { batchId },
  json: json(time),
});
const query = (name: string) => async (time: string) => ({ query: { [name]: time } });
const ofBatch = (name: string) => async (time: string) => ({ params: { batchId }, query: { [name]: time } });

/** A request for every field of the document that takes a time, with that time in it. */
const REQUESTS: Record<string, (time: string) => Promise<Sent>> = {
  'createBatch start.at': newBatch('start'),
  'createBatch end.at': newBatch('end'),
  'createBatch retryPolicy.notAfter': async (time) => ({ json: batchBody(api, { retryPolicy: policy(time) }) }),
  'createBatch recipients.notBefore': async (time) => ({
    json: batchBody(api, { recipients: person('notBefore', time) }),
  }),
  'createBatch recipients.notAfter': async (time) => ({
    json: batchBody(api, { recipients: person('notAfter', time) }),
  }),
  'updateBatch start.at': changed((at) => ({ start: { at } })),
  'updateBatch end.at': changed((at) => ({ end: { at } })),
  'updateBatch retryPolicy.notAfter': changed((time) => ({ retryPolicy: policy(time) })),
  'retryBatch end.at': async (at) => ({ params: { batchId: await cancelled(api) }, json: { end: { at } } }),
  'addRecipients recipients.notBefore': changed((time) => ({ recipients: person('notBefore', time) })),
  'addRecipients recipients.notAfter': changed((time) => ({ recipients: person('notAfter', time) })),
  'updateRecipient notBefore': async (time) => ({ params: { recipientId }, json: { notBefore: time } }),
  'updateRecipient notAfter': async (time) => ({ params: { recipientId }, json: { notAfter: time } }),
  'beginJob change.notBefore': changed((notBefore) => ({ kind: 'edit', filter: {}, change: { notBefore } })),
  'beginJob change.notAfter': changed((notAfter) => ({ kind: 'edit', filter: {}, change: { notAfter } })),
  'createApiKey expiresAt': async (time) => ({ json: { name: 'Key', role: 'viewer', expiresAt: time } }),
  'listAudit from': query('from'),
  'listAudit until': query('until'),
  'exportAudit from': query('from'),
  'exportAudit until': query('until'),
  ...Object.fromEntries(
    ['listCalls', 'exportCalls', 'exportCallLines', 'getSeries'].flatMap((operation) => [
      [`${operation} from`, query('from')],
      [`${operation} until`, query('until')],
    ]),
  ),
  ...Object.fromEntries(
    ['createdFrom', 'createdTo'].flatMap((name) => [
      [`listBatches ${name}`, query(name)],
      [`listSuppressions ${name}`, query(name)],
      [`listImports ${name}`, ofBatch(name)],
    ]),
  ),
  'getBatchSeries from': ofBatch('from'),
  'getBatchSeries until': ofBatch('until'),
  'canCallNow at': async (at) => ({ json: { phoneNumber: '+12125550123', hoursIn: 'recipient', at } }),
};

const NO_TIMES = [
  '2026-02-30T00:00:00Z',
  '2027-02-29T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-12-01T24:00:00Z',
  '2026-12-01T24:00:01Z',
  '2026-12-01T23:60:00Z',
  '2026-12-31T23:59:60Z',
  '2026-12-01T00:00:00+25:00',
  '2026-12-01T00:00:00+00:60',
  '2026-12-01T00:00:00+99:99',
  '0000-01-01T00:00:00Z',
  '0000-12-31T23:59:59-23:59',
  '0001-01-01T00:00:00+01:00',
  '9999-12-31T23:59:59-01:00',
  '10000-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '２０２６-12-01T00:00:00Z',
  '٢٠٢٦-12-01T00:00:00Z',
  '2026-12-01',
  '1796083200000',
  'infinity',
  'now()',
  `2026-12-01T00:00:00.${'0'.repeat(5_000)}Z`,
  '',
];
/** Those that exist, however far: of other calendars, of the first and the last day that RFC 3339 has. */
const FAR_TIMES = [
  '0001-01-01T00:00:00Z',
  '1447-09-30T00:00:00Z',
  '2569-02-28T00:00:00Z',
  '5787-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-12-01T00:00:00+23:59',
  '2026-12-01T00:00:00-23:59',
];

/** `operation field` of every parameter and every property of a request that takes a time. */
function timeFields(): string[] {
  const found = new Set<string>();
  for (const { operationId, parameters = [], requestBody } of Object.values(document.paths).flatMap((methods) =>
    Object.values(methods),
  )) {
    for (const { name, schema } of parameters) if (schema.format === 'date-time') found.add(`${operationId} ${name}`);
    for (const { schema } of Object.values(requestBody?.content ?? {})) collect(schema, operationId, [], found);
  }
  return [...found];
}

function collect(schema: unknown, operation: string, path: readonly string[], found: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { $ref, properties, ...rest } = schema as Schema;
  if ($ref) collect(document.components.schemas[$ref.split('/').at(-1) ?? ''], operation, path, found);
  if (rest.format === 'date-time' || path.at(-1) === 'at') found.add(`${operation} ${path.join('.')}`);
  for (const [name, property] of Object.entries(properties ?? {})) collect(property, operation, [...path, name], found);
  for (const part of Object.values(rest)) collect(part, operation, path, found);
}

describe('a time', () => {
  it('is tried in every field of the document that takes one', () => {
    expect(timeFields().sort()).toEqual(Object.keys(REQUESTS).sort());
  });

  it.each(Object.keys(REQUESTS))('%s: is refused when it does not exist, in the words of the field', async (field) => {
    const [operation, path] = field.split(' ') as [string, string];
    const word = path.endsWith('.at') ? path.split('.')[0]! : path.split('.').at(-1)!;
    const wrong: unknown[] = [];
    for (const time of NO_TIMES) {
      const { status, problem } = await send(api, operation, await REQUESTS[field]!(time));
      const told = JSON.stringify([problem.detail, problem.errors]);
      if (status !== 422 || !told.includes(word)) wrong.push([time, status, told]);
    }
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(REQUESTS))('%s: is taken or refused, however far it is', async (field) => {
    for (const time of FAR_TIMES) {
      const { status } = await send(api, field.split(' ')[0]!, await REQUESTS[field]!(time));
      expect([time, status < 500]).toEqual([time, true]);
    }
  });
});
