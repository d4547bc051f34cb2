import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { failLostImports, forgetReplacedRows, reopenImport } from '../../../store/imports/create-import.js';
import { confirmImport, importOf, recipientsOf, rowsOf, uploadCsv } from '../support/imports.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';

let api: TestApi;
let batchId: string;
let importId: string;
beforeAll(async () => {
  api = await startTestApi();
});
const CSV = 'phone_number,Who,city\n612345678,Bea,Roma\n+12025550111,Ada,\n12a,Cy,Oslo\n';
beforeEach(async () => {
  batchId = await draft(api, { recipients: [] });
  importId = await uploadCsv(api, batchId, CSV);
});
afterAll(() => api.stop());

type Options = { columns?: unknown; query?: Record<string, string> };
const replace = (content: string | Uint8Array, { columns, query = {} }: Options = {}): Promise<Received> =>
  send(api, 'replaceImportFile', {
    params: { importId },
    file: { name: 'again.csv', content, ...(columns !== undefined && { columns }) },
    query,
  });
const seen = async () => [
  await importOf(api, importId),
  await rowsOf(api, importId, true),
  await rowsOf(api, importId, false),
];
const reopen = () =>
  reopenImport(api.db.pool, {
    ...{ importId: parsePublicId('import', importId)!, workspaceId: api.workspace.workspaceId, fileName: 'x.csv' },
  });
const heartbeatAt = (text: string): Promise<unknown> =>
  api.db.pool.query(`UPDATE imports SET heartbeat_at = dialwright_now() + $2::interval WHERE id = $1`, [
    parsePublicId('import', importId),
    text,
  ]);

describe('the file of an import that is uploaded again', () => {
  it('replaces its rows, counts and columns, by what is chosen now', async () => {
    const { status, body } = await replace(CSV, { columns: { Who: 'name' }, query: { defaultCountry: 'ES' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ id: importId, status: 'REVIEW', fileName: 'again.csv', totalRows: 3, acceptedRows: 2, rejectedRows: 1 },
      problems: [{ code: 'phone_not_digits', rejectedRows: 1 }],
    });
    expect(body.columns[1]).toMatchObject({ takenAs: 'name', how: 'chosen' });
    await confirmImport(api, importId);
    expect(await recipientsOf(api, batchId)).toMatchObject([
      { phoneNumber: '+34612345678', name: 'Bea' },
      { phoneNumber: '+12025550111', name: 'Ada' },
    ]);
  });

  it('takes the edits and the fix of before with the rows', async () => {
    const json = { code: 'phone_without_country_code', action: 'country', country: 'ES' };
    await send(api, 'fixImport', { params: { importId }, json });
    const { body } = await replace(CSV);
    expect(body).toMatchObject({ acceptedRows: 1, rejectedRows: 2, fix: null });
    expect((await send(api, 'undoImportFix', { params: { importId } })).problem.code).toBe('no_fix_to_undo');
    expect(await api.db.prisma.importFixRow.count({ where: { importId: parsePublicId('import', importId)! } })).toBe(0);
  });

  it.each<[string, string | Uint8Array, Options, string]>([
    ['has no phone column', 'name\nAda\n', {}, 'csv_headers'],
    ['has no rows', 'phone_number\n', {}, 'csv_empty'],
    ['is no CSV', 'PK\u0003\u0004', {}, 'file_not_csv'],
    ['has columns that it does not have', CSV, { columns: { Nobody: 'name' } }, 'csv_headers'],
    ['is too large', `phone_number\n${'+12025550111\n'.repeat(20_000)}`, {}, 'file_too_large'],
  ])('leaves the import as it was when it %s', async (_what, content, options, code) => {
    const before = await seen();
    expect((await replace(content, options)).problem.code).toBe(code);
    expect(await seen()).toEqual(before);
  });

  it('leaves the import as it was when its process dies', async () => {
    const json = { code: 'phone_not_digits', action: 'leaveOut' };
    await send(api, 'fixImport', { params: { importId }, json });
    const before = await seen();
    expect((await reopen()).is).toBe('receiving');
    expect(await importOf(api, importId)).toMatchObject({ status: 'RECEIVING', totalRows: 0 });
    expect(await rowsOf(api, importId, true)).toEqual(before[1]);
    await failLostImports(api.db.pool);
    expect(await importOf(api, importId)).toMatchObject({ status: 'RECEIVING' });
    await heartbeatAt('-1 minute');
    await failLostImports(api.db.pool);
    expect(await seen()).toEqual(before);
    // What was kept for the undo is still there.
    expect((await send(api, 'undoImportFix', { params: { importId } })).body.fix).toMatchObject({ undoneRows: 1 });
  });

  it('can be sent again after that, at once or when the first try is lost', async () => {
    await reopen();
    const early = await replace(CSV);
    expect([early.status, early.problem.code]).toEqual([409, 'import_not_in_review']);
    await heartbeatAt('-1 minute');
    expect((await replace(CSV, { query: { defaultCountry: 'ES' } })).body).toMatchObject({ acceptedRows: 2 });
    expect(await api.db.prisma.importRow.count({ where: { importId: parsePublicId('import', importId)! } })).toBe(3);
  });

  it('leaves no rows of an import that is discarded meanwhile', async () => {
    await reopen();
    expect((await send(api, 'discardImport', { params: { importId } })).body.status).toBe('DISCARDED');
    await forgetReplacedRows(api.db.pool, 2);
    await forgetReplacedRows(api.db.pool, 2);
    expect(await api.db.prisma.importRow.count({ where: { importId: parsePublicId('import', importId)! } })).toBe(0);
  });

  it('is refused once the import is confirmed, and while its rows are fixed', async () => {
    await api.db.pool.query(`UPDATE imports SET fix = '{}', fix_outstanding = true WHERE id = $1`, [
      parsePublicId('import', importId),
    ]);
    expect((await replace(CSV)).problem.code).toBe('import_fix_outstanding');
    await api.db.pool.query(`UPDATE imports SET fix = NULL, fix_outstanding = false WHERE id = $1`, [
      parsePublicId('import', importId),
    ]);
    await confirmImport(api, importId);
    expect((await replace(CSV)).problem.code).toBe('import_not_in_review');
  });
});
