import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../../platform/settings.js';
import { publicId } from '../../../domain/ids.js';
import { countRows } from '../support/count-rows.js';
import { recipientsOf, rowsOf } from '../support/imports.js';
import { accountBody, batchBody, carrierAccount, draft, firstRecipient, reviewedImport } from '../support/requests.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  // The limits that the product ships with.
  api = await startTestApi({ settings: readSettings({}) });
});
afterAll(() => api.stop());

/** As text: an object literal would set the prototype. */
const raw = (body: string): Pick<Sent, 'raw'> => ({ raw: { body, type: 'application/json' } });
const KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

describe('a key that every object has', () => {
  it.each(KEYS)('%s names no column of a row', async (key) => {
    const importId = await reviewedImport(api);
    const params = { importId, rowNumber: '3' };
    const before = await rowsOf(api, importId, false);
    const body = `{"values":{"phone_number":"+12025550119","${key}":"x"}}`;
    const { status, problem } = await send(api, 'editImportRow', { params, ...raw(body) });
    expect([status, problem.errors[0]?.field]).toEqual([422, `values.${key}`]);
    expect(await rowsOf(api, importId, false)).toEqual(before);
  });

  it.each(KEYS)('%s names no credential of an account', async (key) => {
    const accounts = await api.db.prisma.providerAccount.count();
    const account = JSON.stringify(accountBody(api)).replace('"apiKey"', `"${key}":"x","apiKey"`);
    const created = await send(api, 'createProviderAccount', raw(account));
    const params = { providerAccountId: await carrierAccount(api) };
    const updated = await send(api, 'updateProviderAccount', { params, ...raw(`{"credentials":{"${key}":"x"}}`) });
    for (const { status, problem } of [created, updated])
      expect([status, problem.errors[0]?.field]).toEqual([422, `credentials.${key}`]);
    expect(await api.db.prisma.providerAccount.count()).toBe(accounts + 1);
  });

  it.each(KEYS)('%s is a field of no body', async (key) => {
    const before = await countRows(api);
    const params = { batchId: await draft(api) };
    for (const [id, body] of [
      ['createBatch', JSON.stringify(batchBody(api)).replace('{', `{"${key}":1,`)],
      ['updateBatch', `{"${key}":1}`],
      ['updateBatch', `{"limits":{"${key}":1}}`],
      ['updateBatch', `{"window":{"${key}":[["09:00","10:00"]]}}`],
      ['updateBatch', `{"retryPolicy":{"outcomes":{"${key}":{"attempts":2,"delayMinutes":1}}}}`],
    ] as const) {
      const { status, problem } = await send(api, id, { ...(id === 'updateBatch' && { params }), ...raw(body) });
      expect([body, status, problem.errors[0]]).toEqual([
        body,
        422,
        expect.objectContaining({ code: 'unknown_field' }),
      ]);
    }
    expect(await countRows(api)).toEqual({ ...before, batches: before.batches + 1 });
  });

  it('__proto__ is the name of no variable that is changed or sent to a test call', async () => {
    const batchId = await draft(api);
    const before = await recipientsOf(api, batchId);
    const params = { recipientId: await firstRecipient(api, batchId) };
    const called = { phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId) };
    const variables = '"variables":{"city":"Rome","__proto__":"x"}';
    const changed = await send(api, 'updateRecipient', { params, ...raw(`{${variables}}`) });
    const tested = await send(api, 'testCall', {
      params: called,
      ...raw(`{"phoneNumber":"+442079460119",${variables}}`),
    });
    for (const { status, problem } of [changed, tested])
      expect([status, problem.errors[0]?.field]).toEqual([422, 'variables.__proto__']);
    expect(await recipientsOf(api, batchId)).toEqual(before);
  });

  it.each(KEYS)('%s is a variable of a recipient that is sent, like any other', async (key) => {
    const recipient = `{"phoneNumber":"+12025550111","variables":{"${key}":"x"}}`;
    const params = { batchId: await draft(api) };
    const { status } = await send(api, 'addRecipients', { params, ...raw(`{"recipients":[${recipient}]}`) });
    expect(status).toBe(201);
    const [, added] = await recipientsOf(api, params.batchId);
    expect(Object.entries(added.variables)).toEqual([[key, 'x']]);
  });
});

describe('an upload', () => {
  const upload = (
    id: string,
    params: Record<string, string>,
    files: readonly [string, string][],
  ): Promise<Received> => {
    const parts = files.map(
      ([field, csv]) =>
        `--x\r\nContent-Disposition: form-data; name="${field}"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n${csv}\r\n`,
    );
    return send(api, id, {
      params,
      raw: { body: `${parts.join('')}--x--\r\n`, type: 'multipart/form-data; boundary=x' },
    });
  };

  it.each([
    ['under one name', ['file', 'file']],
    ['under two names', ['file', 'other']],
    ['under two names, ours last', ['other', 'file']],
  ])('of two files %s is refused, and nothing of it is kept', async (_how, names) => {
    const batchId = await draft(api);
    const before = await countRows(api);
    const files = names.map((name, index) => [name, `phone_number\n+1202555011${index}\n`] as [string, string]);
    for (const [id, params] of [
      ['createImport', { batchId }],
      ['importSuppressions', {}],
    ] as const) {
      const { status, problem } = await upload(id, params, files);
      expect([status, problem.code, problem.detail]).toEqual([
        400,
        'bad_request',
        'The form has more than one file. Send one file at a time, in a field named file.',
      ]);
    }
    expect(await countRows(api)).toEqual(before);
    expect((await send(api, 'listSuppressions')).body.data).toEqual([]);
  });
});

describe('a time zone of 8 MB', () => {
  const zone = 'x'.repeat(8_000_000);

  it.each([
    ['createBatch', 'body_too_large', async () => ({ json: batchBody(api, { timeZone: zone }) })],
    [
      'updateBatch',
      'body_too_large',
      async () => ({ params: { batchId: await draft(api) }, json: { timeZone: zone } }),
    ],
    [
      'addRecipients',
      'validation_failed',
      async () => ({
        params: { batchId: await draft(api) },
        json: { recipients: [{ phoneNumber: '+12025550111', timeZone: zone }] },
      }),
    ],
    [
      'canCallNow',
      'body_too_large',
      async () => ({ json: { phoneNumber: '+12025550111', hoursIn: 'batch', timeZone: zone } }),
    ],
  ])('in %s is too large', async (id, code, make) => {
    const { status, problem } = await send(api, id, await make());
    expect([status < 500, problem.code]).toEqual([true, code]);
  });
});
