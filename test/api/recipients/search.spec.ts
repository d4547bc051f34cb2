import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WEEKDAYS } from '../../../domain/hours/window.js';
import { batchBody, draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
let batchId: string;
beforeAll(async () => {
  api = await startTestApi();
  const recipients = NAMES.map((name, index) => ({ phoneNumber: `+3461234567${index}`, name }));
  batchId = await draft(api, { recipients });
});
afterAll(() => api.stop());

const NAMES = [
  'José Ñandú',
  'Seán O’Brien',
  'أحمد مصطفى',
  'فَاطِمَة إبراهيم',
  'Łukasz Straße',
  'Ada ٣',
  'Ωmega ДМИТРИЙ',
  '%',
];

const search = async (text: string): Promise<string[]> =>
  (await send(api, 'searchRecipients', { params: { batchId }, json: { text } })).body.data.map(
    ({ name }: { name: string }) => name,
  );

describe('a search of recipients', () => {
  it.each([
    ['jose', 0],
    ['JOSÉ ñ', 0],
    ['jose\u0301', 0],
    ['o’brien', 1],
    ["O'Brien", 1],
    ['obrien', 1],
    ['sean', 1],
    ['احمد', 2],
    ['أحمد', 2],
    ['مصطفي', 2],
    ['فاطمه', 3],
    ['فاطمة', 3],
    ['ابراهيم', 3],
    ['فـاطـمـة', 3],
    ['lukasz', 4],
    ['strasse', 4],
    ['ada 3', 5],
    ['ada ۳', 5],
    ['дмитрий', 6],
    ['%', 7],
  ])('finds by %j whom it means', async (text, index) => {
    expect(await search(text)).toEqual([NAMES[index]]);
  });

  it.each([
    '0034 612 345 671',
    '٠٠٣٤٦١٢٣٤٥٦٧١',
    '+34 (612) 345-671',
    '0034612345671',
    '34612345671',
    '0612345671',
    '345 671',
  ])('finds a number by %j', async (text) => {
    expect(await search(text)).toEqual([NAMES[1]]);
  });

  it.each(['_', 'joze', '\u064b', "'", '+35'])('finds nobody by %j', async (text) => {
    expect(await search(text)).toEqual([]);
  });
});

it('a search of batches and of suppressions finds the same way', async () => {
  const name = `Otoño ${randomUUID()} رقم ٧`;
  await draft(api, { name });
  for (const text of [name.toUpperCase().replace('Ñ', 'N'), name.replace('٧', '7')]) {
    const { body } = await send(api, 'listBatches', { query: { search: text } });
    expect(body.data.map((batch: { name: string }) => batch.name)).toEqual([name]);
  }
  await send(api, 'addSuppressions', { json: { phoneNumbers: ['+34699000111'], reason: 'Señor García asked us to' } });
  for (const text of ['senor garcia', '0034 699 000 111', '٦٩٩٠٠٠١١١'])
    expect((await send(api, 'searchSuppressions', { json: { text } })).body.data).toHaveLength(1);
});

it('weekdays come in their order in every answer, also in one that is given again', async () => {
  const range = [['09:00', '17:00']];
  const window = Object.fromEntries([...WEEKDAYS].reverse().map((day) => [day, range]));
  const sent = { json: batchBody(api, { window }), headers: { 'idempotency-key': randomUUID() } };
  const [first, again] = [await send(api, 'createBatch', sent), await send(api, 'createBatch', sent)];
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  const params = { batchId: first.body.id as string };
  const changed = await send(api, 'updateBatch', { params, json: { window } });
  const copy = await send(api, 'duplicateBatch', { params });
  const listed = await send(api, 'listBatches', { query: { limit: '1' } });
  const got = await send(api, 'getBatch', { params });
  const windows = [first.body, again.body, changed.body, copy.body, listed.body.data[0], got.body].map((body) =>
    Object.keys(body.window as object),
  );
  expect(windows).toEqual(windows.map(() => [...WEEKDAYS]));
  expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
  const events = await send(api, 'listBatchEvents', { params });
  const edits = events.body.data.filter(({ action }: { action: string }) => action === 'edit');
  expect(
    edits.map(({ detail }: { detail: { patch: { window: object } } }) => Object.keys(detail.patch.window)),
  ).toEqual([[...WEEKDAYS]]);
  const packs = await send(api, 'getRulePacks', {});
  for (const pack of packs.body.data) expect(Object.keys(pack.hours as object)).toEqual([...WEEKDAYS]);
});
