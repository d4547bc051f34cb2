import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealCursor } from '../../api/http/bodies/page-cursors.js';
import { writeCursor } from '../../api/http/paging.js';
import { parsePublicId } from '../../domain/ids.js';
import { makeCalls } from './support/calls.js';
import { apiDocument, type Documented } from './support/document.js';
import { carrierAccount, CSV, draft, newMember, reviewedImport } from './support/requests.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const TWO = [{ phoneNumber: '+12025550111' }, { phoneNumber: '+12025550112' }];
const create = async (operationId: string, json: unknown): Promise<unknown> => send(api, operationId, { json });

/** Of every list, a request that finds two things and more. */
const LISTS: Record<string, () => Promise<Sent>> = {
  listBatches: async () => (await draft(api), await draft(api), {}),
  listBatchEvents: async () => {
    const params = { batchId: await draft(api) };
    await send(api, 'renameBatch', { params, json: { name: 'Again' } });
    return { params };
  },
  listRecipients: async () => ({ params: { batchId: await draft(api, { recipients: TWO }) } }),
  searchRecipients: async () => ({
    params: { batchId: await draft(api, { recipients: TWO }) },
    json: { text: '+1202' },
  }),
  listImports: async () => {
    const batchId = await draft(api);
    for (const name of ['a.csv', 'b.csv'])
      await send(api, 'createImport', { params: { batchId }, file: { name, content: CSV } });
    return { params: { batchId } };
  },
  listJobs: async () => {
    const params = { batchId: await draft(api) };
    for (const status of ['FAILED', 'PENDING'])
      await send(api, 'beginJob', { params, json: { kind: 'remove', filter: { status } } });
    return { params };
  },
  listImportRows: async () => ({ params: { importId: await reviewedImport(api) } }),
  listDuplicates: async () => ({
    params: { importId: await reviewedImport(api, `${CSV}${CSV.split('\n').slice(1).join('\n')}`) },
  }),
  listAgents: async () => {
    const providerAccountId = await carrierAccount(api);
    await create('createAgent', { providerAccountId, providerAgentId: 'agent-x', name: 'Eva' });
    return {};
  },
  listPhoneNumbers: async () => {
    const providerAccountId = await carrierAccount(api);
    await create('createPhoneNumber', { providerAccountId, phoneNumber: '+12025552999' });
    return {};
  },
  listProviderAccounts: async () => (await carrierAccount(api), {}),
  listApiKeys: async () => ({}),
  listMembers: async () => (await newMember(api), await newMember(api), {}),
  listCalls: async () => {
    await makeCalls(api, [{ at: '2026-01-01T00:00:00Z' }, { at: '2026-01-01T00:00:01Z' }]);
    return {};
  },
  listAudit: async () => (await draft(api), {}),
  listSuppressions: async () => suppressed(),
  searchSuppressions: async () => (await suppressed(), { json: { text: '+1202557' } }),
};

async function suppressed(): Promise<Sent> {
  await create('addSuppressions', { phoneNumbers: ['+12025570001', '+12025570002'] });
  return {};
}

/** The operations whose document has a cursor, in the query or in the body. */
function listsOfDocument(): string[] {
  const hasCursor = ({ parameters = [], requestBody }: Documented): boolean =>
    parameters.some(({ name }) => name === 'cursor') ||
    requestBody?.content['application/json']?.schema.properties?.['cursor'] !== undefined;
  const every = Object.values(apiDocument.paths).flatMap((methods) => Object.values(methods));
  return every.filter(hasCursor).map(({ operationId }) => operationId);
}

const ask = (id: string, { json, ...sent }: Sent, page: { limit?: number; cursor?: string }): Promise<Received> =>
  json === undefined
    ? send(api, id, {
        ...sent,
        query: Object.fromEntries(Object.entries(page).map(([key, value]) => [key, `${value}`])),
      })
    : send(api, id, { ...sent, json: { ...json, ...page } });

/** What names the list: cursors of ours that nobody was given are sealed with it. */
const scopeOf = (id: string, { params }: Sent) => ({
  id,
  params: params && Object.fromEntries(Object.entries(params).map(([name, value]) => [name, uuidIn(value)])),
});
const uuidIn = (publicId: string) => parsePublicId('batch', publicId) ?? parsePublicId('import', publicId);

const UUID = '0190a6f2-c8e8-4b4f-9d1e-2a3b4c5d6e7f';
const TIMES = [
  '2026-99-99 00:00:00+00',
  '2026-02-28 24:01:00+00',
  '2026-02-28 00:00:00+16',
  '2026-02-28 00:00:00+00:60',
  '2026-01-01T00:00:00.0000Z',
  '2026-13-01 00:00:00+00',
  '2026-02-30 00:00:00+00',
  '2026-06-30 23:59:60+00',
  '2026-01-01 00:00:00+99',
  '0000-01-01 00:00:00+00',
  '99999-01-01 00:00:00+00',
  '2026-13-01T00:00:00.000Z',
  '2026-02-30T00:00:00.000Z',
  '0000-01-01T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  'infinity',
  'now',
  '',
];
const NUMBERS = ['9'.repeat(10), '9'.repeat(16), '9'.repeat(400), '-1', '1.5', '1e9', 'NaN', '0x10', ' 1', '١'];
/** No list has any of them. */
const VALUES: unknown[] = [
  ...[
    null,
    true,
    1,
    'x',
    {},
    { length: 2 },
    [],
    [[]],
    [null],
    [null, null],
    [1],
    [1, 2],
    [{}, {}],
    [UUID],
    ['a', 'b', 'c'],
  ],
  ...TIMES.map((time) => [time, UUID]),
  ...['x', '', UUID.toUpperCase(), `${UUID}\n`, 'x'.repeat(300), '\0'].map((id) => ['2026-01-01 00:00:00+00', id]),
  ...NUMBERS.slice(1).map((number) => [number]),
  ...NUMBERS.slice(1).map((number) => ['WAITING', number]),
  ['waiting', '1'],
  ['\0', '1'],
  [['WAITING'], ['1']],
];

describe('a cursor', () => {
  it('is tried of every list of the document', () => {
    expect(listsOfDocument().sort()).toEqual(Object.keys(LISTS).sort());
  });

  describe.each(Object.keys(LISTS))('of %s', (id) => {
    let request: Sent;
    let cursor: string;
    beforeAll(async () => {
      request = await LISTS[id]!();
      cursor = (await ask(id, request, { limit: 1 })).body.nextCursor;
    });
    const refuses = async (wrong: string): Promise<void> => {
      const { status, problem } = await ask(id, request, { cursor: wrong });
      expect([wrong, status, problem.errors?.[0]]).toEqual([
        wrong,
        422,
        expect.objectContaining({ field: 'cursor', message: expect.stringMatching(/leave it out to begin|500/) }),
      ]);
    };

    it('leads on to the next page', async () => {
      const { status, body } = await ask(id, request, { limit: 1, cursor });
      expect([status, body.data.length]).toEqual([200, 1]);
    });

    it('that was changed in one place, cut or doubled is refused', async () => {
      // Every place, and every cut: api/http/bodies/page-cursors.spec.ts.
      const places = [0, 5, 11, 12, 13, Math.trunc(cursor.length / 2), cursor.length - 1];
      const changed = places.map((at) => cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1));
      const cut = places.filter((at) => at > 0).map((at) => cursor.slice(0, at));
      const others = [`${cursor}${cursor}`, `${cursor}=`, ` ${cursor}`, `${cursor}\0`, 'x'.repeat(501), '%', '💥'];
      for (const wrong of [...changed, ...cut, cursor.slice(1), ...others]) await refuses(wrong);
    });

    it('of another list, or of the same list of another thing, is refused', async () => {
      for (const otherId of Object.keys(LISTS).filter((candidate) => candidate !== id))
        await refuses((await ask(otherId, await LISTS[otherId]!(), { limit: 1 })).body.nextCursor);
      if (request.params) await refuses((await ask(id, await LISTS[id]!(), { limit: 1 })).body.nextCursor);
    });

    it('with other types, numbers and times inside is refused, though it looks like one of ours', async () => {
      // So that it is refused for what is inside.
      expect(sealCursor(scopeOf(id, request), cursor.slice(12))).toBe(cursor);
      for (const values of VALUES)
        await refuses(sealCursor(scopeOf(id, request), writeCursor(values as readonly string[])));
    });
  });
});
