import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readSettings, type Settings } from '../../../platform/settings.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

const MEGABYTE = 1_048_576;

let api: TestApi;
beforeAll(async () => {
  // The limits that the product ships with.
  api = await startTestApi({ settings: readSettings({}) });
});
afterAll(() => api.stop());

const everythingOf = async () =>
  (
    await api.db.pool.query(
      'SELECT (SELECT count(*) FROM imports) AS imports, (SELECT count(*) FROM import_rows) AS rows',
    )
  ).rows;

describe('a file that cannot be an import', () => {
  it.each<[string, () => Uint8Array, number, string]>([
    ['50 MB without a line end', () => Buffer.alloc(50 * MEGABYTE, 'x'), 422, 'csv_unreadable'],
    ['51 MB', () => withHeaders(51 * MEGABYTE, '+12025550111,Ada\n'), 413, 'file_too_large'],
    [
      'a zip called .csv',
      () => Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(MEGABYTE, 7)]),
      415,
      'file_not_csv',
    ],
    ['1,001 columns', () => Buffer.from(`phone_number${columns(1_000)}\n+12025550111\n`), 422, 'csv_headers'],
  ])('is refused and leaves nothing: %s', async (_what, make, status, code) => {
    const params = { batchId: await draft(api) };
    const content = make();
    const before = await everythingOf();
    const refused = await send(api, 'createImport', { params, file: { name: 'people.csv', content } });
    expect([refused.status, refused.problem.code]).toEqual([status, code]);
    expect(await everythingOf()).toEqual(before);
  });

  it('is not one of 50 MB without a line end below good headers: that is one bad row', async () => {
    const params = { batchId: await draft(api) };
    const content = withHeaders(50 * MEGABYTE, 'x');
    const { body } = await send(api, 'createImport', { params, file: { name: 'people.csv', content } });
    expect(body).toMatchObject({ status: 'REVIEW', totalRows: 1, acceptedRows: 0, rejectedRows: 1 });
  });

  it.each<[string, Partial<Settings>, string, RegExp]>([
    ['rows', { csvRowsMax: 3 }, '+12025550111\n'.repeat(4), /more than 3 rows/],
    [
      'bytes of its rows',
      { importBytesMax: 1_048_576 },
      'x\n'.repeat(20_000),
      /more than 1 MiB, [\d,]+ of them so far, [\d,]+ rejected/,
    ],
  ])('has a limit of %s, which is told; nothing stays', async (_what, limit, rows, message) => {
    const small = await startTestApi({ settings: { ...readSettings({}), ...limit } });
    const params = { batchId: await draft(small) };
    const file = { name: 'a.csv', content: Buffer.from(`phone_number\n${rows}`) };
    const { status, problem } = await send(small, 'createImport', { params, file });
    const { rows: kept } = await small.db.pool.query('SELECT FROM import_rows');
    await small.stop();
    expect([status, problem.code, problem.detail, kept.length]).toEqual([
      413,
      'import_too_large',
      expect.stringMatching(message),
      0,
    ]);
  });

  it('keeps little of cells beyond the headers, however many they are', async () => {
    const params = { batchId: await draft(api) };
    const content = Buffer.from(`phone_number\n+12025550111,${'a,'.repeat(20_000)}\n`);
    const { body } = await send(api, 'createImport', { params, file: { name: 'people.csv', content } });
    const rejected = (
      await send(api, 'listImportRows', { params: { importId: body.id }, query: { accepted: 'false' } })
    ).body.data;
    expect(Object.keys(rejected[0].cells).length).toBeLessThan(60);
  });

  it('is not one of 1,000 columns', async () => {
    const params = { batchId: await draft(api) };
    const content = `phone_number${columns(999)}\n+12025550111\n`;
    expect((await send(api, 'createImport', { params, file: { name: 'people.csv', content } })).body.acceptedRows).toBe(
      1,
    );
  });
});

function columns(count: number): string {
  return Array.from({ length: count }, (_, index) => `,c${index}`).join('');
}

function withHeaders(bytes: number, fill: string): Buffer {
  return Buffer.concat([Buffer.from('phone_number,name\n'), Buffer.alloc(bytes - 18, fill)]);
}
