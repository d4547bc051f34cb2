import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { confirmImport, recipientsOf, rowsOf } from '../support/imports.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

type Options = { columns?: unknown; query?: Record<string, string>; batchId?: string };

async function upload(content: string, { columns, query = {}, batchId }: Options = {}): Promise<Received> {
  const params = { batchId: batchId ?? (await draft(api, { recipients: [] })) };
  const file = { name: 'people.csv', content, ...(columns !== undefined && { columns }) };
  return send(api, 'createImport', { params, file, query });
}
const shown = (body: { columns: { takenAs: string; how: string }[] }): [string, string][] =>
  body.columns.map(({ takenAs, how }) => [takenAs, how]);
const FOUND = ['phoneNumber', 'found'];

describe('the columns of an upload', () => {
  it('are each told with what they were taken for, by their headers', async () => {
    const { body } = await upload('phone_number,Name,,city,error\n+12025550111,Ada,,Rome,x\n');
    expect(shown(body)).toEqual([
      FOUND,
      ['name', 'found'],
      ['ignored', 'found'],
      ['variable', 'found'],
      ['ignored', 'found'],
    ]);
    expect(body.columns[2]).toEqual({
      ...{ column: 3, header: '', takenAs: 'ignored', how: 'found' },
      explanation: 'it has no header',
    });
    expect(body.columns[4].explanation).toContain('Dialwright');
    const list = await send(api, 'listImports', { params: { batchId: body.batchId } });
    expect(list.body.data[0].columns).toBeNull();
  });

  it('are what the upload says, also for rows that are mended later', async () => {
    const content = 'Mobile,Who,Notes,name\n+12025550111,Ada,secret,x\n12a,Bob,hidden,y\n';
    const columns = { Mobile: 'phoneNumber', Who: 'name', Notes: 'ignored', name: 'variable' };
    const batchId = await draft(api, { recipients: [] });
    const { body } = await upload(content, { columns, batchId, query: { autoConfirm: 'false' } });
    expect(shown(body)).toEqual([
      ['phoneNumber', 'chosen'],
      ['name', 'chosen'],
      ['ignored', 'chosen'],
      ['variable', 'chosen'],
    ]);
    const params = { importId: body.id, rowNumber: '2' };
    const mended = await send(api, 'editImportRow', { params, json: { values: { Mobile: '+12025550112' } } });
    expect(mended.body.row).toMatchObject({ accepted: true, recipient: { name: 'Bob', variables: { name: 'y' } } });
    await confirmImport(api, body.id);
    const [ada] = await recipientsOf(api, batchId);
    expect(ada).toMatchObject({ phoneNumber: '+12025550111', name: 'Ada', variables: { name: 'x' } });
    expect(JSON.stringify(ada)).not.toContain('secret');
  });

  it('that were chosen to be variables still forbid calls, and those that are left out say that they do not', async () => {
    const content = 'phone_number,dnc\n+12025550111,yes\n';
    expect((await upload(content, { columns: { dnc: 'variable' } })).body).toMatchObject({ rejectedRows: 1 });
    const { body } = await upload(content, { columns: { dnc: 'ignored' } });
    expect(body).toMatchObject({ acceptedRows: 1, warnings: [{ code: 'order_without_effect' }] });
  });

  it.each<[string, unknown, string]>([
    ['a header that the file does not have', { Phone: 'phoneNumber' }, 'unknown_column'],
    ['two phone columns', { name: 'phoneNumber' }, 'duplicate_column'],
    ['no phone column', { phone_number: 'variable' }, 'no_phone_column'],
    ['a column that is always left out', { error: 'variable' }, 'unknown_column'],
    ['what is no JSON', '{', 'invalid'],
    ['another kind', { name: 'person' }, 'invalid'],
    ['a list', [], 'invalid'],
    ['a name that is taken by the language', '{"__proto__":"name"}', 'invalid'],
    ['more than fits', { ['x'.repeat(70_000)]: 'name' }, 'too_large'],
  ])('are refused when they name %s', async (_what, columns, code) => {
    const { status, problem } = await upload('phone_number,name,error\n+12025550111,Ada,\n', { columns });
    expect([status, problem.errors[0]?.code]).toEqual([422, code]);
    expect(problem.detail.length).toBeGreaterThan(30);
  });

  it('count for an Idempotency-Key: other columns are another request', async () => {
    const params = { batchId: await draft(api, { recipients: [] }) };
    const headers = { 'idempotency-key': 'columns-1' };
    const file = { name: 'a.csv', content: 'phone_number,a\n+12025550111,x\n' };
    const first = await send(api, 'createImport', { params, headers, file: { ...file, columns: { a: 'ignored' } } });
    expect(first.status).toBe(201);
    const other = await send(api, 'createImport', { params, headers, file: { ...file, columns: { a: 'name' } } });
    expect(other.problem.code).toBe('idempotency_key_reused');
  });
});

describe('a file in which no header says phone', () => {
  it('has its phone column guessed by the cells, and is not confirmed by itself', async () => {
    const rows = Array.from({ length: 10 }, (_, at) => `${at},+1202555${1000 + at}`).join('\n');
    const { body } = await upload(`Id,Contact\n${rows}\n`, { query: { autoConfirm: 'true' } });
    expect(body).toMatchObject({ status: 'REVIEW', acceptedRows: 10 });
    expect(body.columns[1]).toMatchObject({
      takenAs: 'phoneNumber',
      how: 'guessed',
      explanation: '10 of the first 10 cells are phone numbers',
    });
    expect(body.warnings).toMatchObject([{ code: 'phone_column_guessed', column: 2 }]);
    const params = { importId: body.id };
    expect((await send(api, 'confirmImport', { params })).body.status).toBe('CONFIRMED');
  });

  it('has its rejected rows mended with the column that was guessed', async () => {
    const google = readFileSync(new URL('files/google-contacts.csv', import.meta.url), 'utf8');
    const { body } = await upload(google);
    expect(body.columns[3]).toMatchObject({ header: 'Phone 1 - Value', takenAs: 'phoneNumber', how: 'guessed' });
    const { body: short } = await upload('Contact\n+12025550111\n+12025550112\n+12025550113\n+12025550114\n12a\n');
    const params = { importId: short.id, rowNumber: '5' };
    const mended = await send(api, 'editImportRow', { params, json: { values: { Contact: '+12025550115' } } });
    expect(mended.body.row.accepted).toBe(true);
  });

  it.each([
    ['two columns have numbers', 'Home,Work\n+12025550111,+12025550112\n', 'Home'],
    ['digits may be anything', 'Id,Name\n2025550111,Ada\n', 'Id'],
    ['too few cells are numbers', 'Contact\n+12025550111\n+12025550112\nx\n', 'Contact'],
    ['the first row is a person', '+12025550111,Ada\n+12025550112,Bob\n', 'looks like data'],
  ])('is refused when %s', async (_what, content, named) => {
    const { status, problem } = await upload(content);
    expect([status, problem.errors[0]?.code]).toEqual([422, 'no_phone_column']);
    expect(problem.detail).toContain(named);
  });
});

describe('a file with a title above its headers', () => {
  const TITLED = 'Customers in March\n\nas of today,x\nphone_number,name\n+12025550111,Ada\n12a,Bob\n';

  it('is read from the row that the upload names; row 1 is the first below it', async () => {
    const { body } = await upload(TITLED, { query: { headerRow: '3' } });
    expect(body).toMatchObject({ totalRows: 2, acceptedRows: 1, rejectedRows: 1 });
    expect(await rowsOf(api, body.id, true)).toMatchObject([{ rowNumber: 1, recipient: { name: 'Ada' } }]);
  });

  it('is refused without that, with the row to name', async () => {
    const { problem } = await upload(TITLED);
    expect([problem.code, problem.detail]).toEqual(['csv_headers', expect.stringContaining('headers in row 3')]);
  });

  it.each([
    ['0', 422, 'too_small'],
    ['51', 422, 'too_big'],
    ['x', 422, 'wrong_type'],
    ['9', 422, 'header_row_missing'],
  ])('is refused with the header row %s', async (headerRow, status, code) => {
    const received = await upload(TITLED, { query: { headerRow } });
    expect([received.status, received.problem.errors[0]?.code]).toEqual([status, code]);
  });

  it('may have a broken line above them', async () => {
    const { body } = await upload('a "title\nphone_number\n+12025550111\n', { query: { headerRow: '2' } });
    expect(body).toMatchObject({ totalRows: 1, acceptedRows: 1 });
  });
});

describe('the separator of an upload', () => {
  it.each([
    ['comma', 'phone_number,a;b\n+12025550111,1;2\n', ['phone_number', 'a;b']],
    ['semicolon', 'phone_number;a,b,c\n+12025550111;1,2,3\n', ['phone_number', 'a,b,c']],
    ['tab', 'phone_number\ta,b,c\n+12025550111\t1,2,3\n', ['phone_number', 'a,b,c']],
    ['bar', 'sep=;\nphone_number|a;b\n+12025550111|1;2\n', ['phone_number', 'a;b']],
  ])('is %s when it says so, whatever else the file looks like', async (separator, content, headers) => {
    const { body } = await upload(content, { query: { separator } });
    expect(body.columns.map(({ header }: { header: string }) => header)).toEqual(headers);
    expect(body).toMatchObject({ acceptedRows: 1 });
  });

  it('is found by the column that was chosen to be the phone', async () => {
    const content = 'Mobile;note, and more, of it\n+12025550111;a, b, c\n';
    const { body } = await upload(content, { columns: { Mobile: 'phoneNumber' } });
    expect(shown(body)).toEqual([
      ['phoneNumber', 'chosen'],
      ['variable', 'found'],
    ]);
  });
});
