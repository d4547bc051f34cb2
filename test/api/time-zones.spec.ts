import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../repo/repo-files.js';
import { apiDocument as document, type Schema } from './support/document.js';
import { rowsOf, uploadCsv } from './support/imports.js';
import { batchBody, draft, firstRecipient, reviewedImport } from './support/requests.js';
import { send, startTestApi, type Sent, type TestApi } from './support/test-api.js';

let api: TestApi;
/** What is refused changes nothing, so that one batch will do. */
let batchId: string;
let recipientId: string;
beforeAll(async () => {
  api = await startTestApi();
  batchId = await draft(api, { hoursIn: 'recipient' });
  recipientId = await firstRecipient(api, batchId);
});
afterAll(() => api.stop());

async function cancelled(): Promise<string> {
  const batchId = await draft(api, { submit: true });
  await send(api, 'cancelBatch', { params: { batchId } });
  return batchId;
}

const PLACE = { phoneNumber: '+12125550123', hoursIn: 'recipient' };
const personIn = (timeZone: string) => [{ phoneNumber: '+12025550111', timeZone }];

/** An address has no room for more. */
const inAddress = (text: string) => text.slice(0, 500);

/** A request for every field of the document that takes a zone, with that zone in it. */
const REQUESTS: Record<string, (timeZone: string) => Promise<Sent>> = {
  'createBatch timeZone': async (timeZone) => ({ json: batchBody(api, { timeZone }) }),
  'updateBatch timeZone': async (timeZone) => ({ params: { batchId }, json: { timeZone } }),
  'canCallNow timeZone': async (timeZone) => ({ json: { ...PLACE, hoursIn: 'batch', timeZone } }),
  'canCallNow recipientTimeZone': async (timeZone) => ({ json: { ...PLACE, recipientTimeZone: timeZone } }),
  'retryBatch timeZone': async (timeZone) => ({ params: { batchId: await cancelled() }, json: { timeZone } }),
  'updateRecipient timeZone': async (timeZone) => ({
    params: { recipientId },
    json: { timeZone },
  }),
  'createBatch recipients timeZone': async (timeZone) => ({
    json: batchBody(api, { hoursIn: 'recipient', recipients: personIn(timeZone) }),
  }),
  'getSeries timeZone': async (timeZone) => ({ query: { timeZone: inAddress(timeZone) } }),
  'getBatchSeries timeZone': async (timeZone) => ({
    params: { batchId },
    query: { timeZone: inAddress(timeZone) },
  }),
  'fixImport timeZone': async (timeZone) => ({
    params: { importId: await reviewedImport(api) },
    json: { code: 'time_zone_unknown', action: 'zone', cell: 'EST', timeZone, dryRun: true },
  }),
  'addRecipients recipients timeZone': async (timeZone) => ({
    params: { batchId },
    json: { recipients: personIn(timeZone) },
  }),
};

/** The Kelvin sign is a k in small letters; a dotless i is none. */
const STRANGE = [
  'Asia/\u212aolkata',
  'As\u0131a/Kolkata',
  '\u0415urope/Madrid',
  '\uff25urope/Madrid',
  'Europe/Madrid\u202e',
  'Europe\u2215Madrid',
  'Europe/Mad\u00adrid',
  'Europe/Madri\u0301d',
  'Europe/Madrid\0',
  'Europe/Madrid\ud800',
  'Europe//Madrid',
  '../Europe/Madrid',
  '__proto__',
  'constructor',
  'u'.repeat(8_000),
  '\u{1f4a5}'.repeat(2_000),
];

/** `operation field` of every property of a request that is called like a zone. */
function zoneFields(): Map<string, Schema> {
  const found = new Map<string, Schema>();
  for (const methods of Object.values(document.paths))
    for (const { operationId, requestBody, parameters = [] } of Object.values(methods)) {
      for (const { name, schema } of parameters)
        if (/time_?zone/i.test(name)) found.set(`${operationId} ${name}`, schema);
      for (const { schema } of Object.values(requestBody?.content ?? {})) collect(schema, operationId, found);
    }
  return found;
}

function collect(schema: unknown, where: string, found: Map<string, Schema>): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { $ref, properties, ...rest } = schema as Schema;
  if ($ref) collect(document.components.schemas[$ref.split('/').at(-1) ?? ''], where, found);
  for (const [name, property] of Object.entries(properties ?? {})) {
    if (/time_?zone/i.test(name)) found.set(`${where} ${name}`, property);
    collect(property, name === 'recipients' ? `${where} ${name}` : where, found);
  }
  for (const part of Object.values(rest)) collect(part, where, found);
}

describe('a time zone', () => {
  it('is taken by one schema in every field of the document', () => {
    const fields = zoneFields();
    expect([...fields.keys()].sort()).toEqual(Object.keys(REQUESTS).sort());
    expect([...fields.values()].map(({ format }) => format)).toEqual([...fields].map(() => 'iana-time-zone'));
  });

  it.each(Object.keys(REQUESTS))('%s: refuses letters and offsets, and says what to write', async (field) => {
    const operation = field.split(' ')[0]!;
    for (const zone of ['AST', 'BST', 'EST', 'EST5EDT', 'Etc/GMT+5', '+03:00']) {
      const { status, body } = await send(api, operation, await REQUESTS[field]!(zone));
      expect([zone, status]).toEqual([zone, 422]);
      expect(JSON.stringify(body)).toContain('Write the area and city, like Europe/Madrid');
    }
    const { body } = await send(api, operation, await REQUESTS[field]!('EST'));
    expect(JSON.stringify(body)).toContain('EST: America/New_York?');
  });

  it.each(Object.keys(REQUESTS))('%s: refuses letters that look alike, or cannot be seen', async (field) => {
    const [operation] = field.split(' ') as [string];
    const wrong: unknown[] = [];
    for (const zone of STRANGE) {
      const { status, body } = await send(api, operation, await REQUESTS[field]!(zone));
      if (status !== 422 || !/time_?zone/i.test(JSON.stringify(body.errors)))
        wrong.push([zone.slice(0, 40), status, body]);
    }
    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(REQUESTS))('%s: takes area and city in any letters', async (field) => {
    for (const zone of ['Europe/Madrid', 'europe/madrid', 'US/Eastern'])
      expect((await send(api, field.split(' ')[0]!, await REQUESTS[field]!(zone))).status).toBeLessThan(300);
  });

  it('is kept in its own spelling, and links stay as they are', async () => {
    const zones = { 'europe/madrid': 'Europe/Madrid', 'us/eastern': 'US/Eastern', utc: 'UTC' };
    for (const [written, kept] of Object.entries(zones)) {
      const batch = { timeZone: written, hoursIn: 'recipient', recipients: personIn(written) };
      const batchId = await draft(api, batch);
      const { body } = await send(api, 'getBatch', { params: { batchId } });
      const { body: page } = await send(api, 'listRecipients', { params: { batchId } });
      expect([body.timeZone, page.data[0].zones.names]).toEqual([kept, [kept]]);
    }
  });

  it('AST, BST and EST in a file reject their rows; area and city are taken', async () => {
    const csv = fs.readFileSync(path.join(ROOT, 'test/api/imports/files/zones.csv'), 'utf8');
    const importId = await uploadCsv(api, await draft(api, { hoursIn: 'recipient' }), csv);
    const rejected = await rowsOf(api, importId, false);
    expect(rejected.map(({ rowNumber }: { rowNumber: number }) => rowNumber)).toEqual([1, 2, 3]);
    expect(JSON.stringify(rejected)).toContain('AST: America/Halifax or Asia/Riyadh?');
    const accepted = await rowsOf(api, importId, true);
    expect(accepted.map(({ rowNumber }: { rowNumber: number }) => rowNumber)).toEqual([4, 5]);
  });
});
