import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { moveImportRows } from '../../../store/batches/sweep-rows.js';
import { confirmImport, importOf, recipientsOf, rowsOf, uploadCsv } from '../support/imports.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
let batchId: string;
beforeAll(async () => {
  api = await startTestApi();
});
beforeEach(async () => {
  batchId = await draft(api, { recipients: [] });
});
afterAll(() => api.stop());

const CSV = 'phone_number,name,First Name\n+12025550111,Ada,A\nnonsense,Bad," =1+1"\n+1202,Short,"x ""y"""\n';

const upload = (content: string, query: Record<string, string> = {}, to = batchId) =>
  uploadCsv(api, to, content, query);
const edit = (importId: string, rowNumber: number, values: Record<string, string>, dryRun = false) =>
  send(api, 'editImportRow', { params: { importId, rowNumber: String(rowNumber) }, json: { values, dryRun } });
const csvOf = async (operation: string, params: Record<string, string>): Promise<string> =>
  (await send(api, operation, { params })).body as string;

describe('a rejected row', () => {
  it('moves to the accepted ones when it is mended, and its values reach the recipient byte for byte', async () => {
    const importId = await upload(CSV);
    const { body } = await edit(importId, 2, { phone_number: '(202) 555-0112' });
    expect(body.row).toMatchObject({ accepted: false, problems: [{ code: 'phone_without_country_code' }] });
    const mended = await edit(importId, 2, { phone_number: '+1 (202) 555-0112' });
    expect(mended.body).toMatchObject({
      row: { rowNumber: 2, accepted: true, problems: [] },
      import: { totalRows: 3, acceptedRows: 2, rejectedRows: 1, droppedRows: 0 },
    });
    expect(mended.body.row.recipient).toMatchObject({ originalPhoneNumber: '+1 (202) 555-0112' });
    expect((await rowsOf(api, importId, false)).map(({ rowNumber }: { rowNumber: number }) => rowNumber)).toEqual([3]);
    expect((await confirmImport(api, importId)).body).toMatchObject({ status: 'CONFIRMED', rowsOutstanding: false });
    expect(await recipientsOf(api, batchId)).toMatchObject([
      { phoneNumber: '+12025550111' },
      { phoneNumber: '+12025550112', variables: { name: 'Bad', 'First Name': ' =1+1' } },
    ]);
  });

  it('keeps new values that are not right yet, with what is wrong now, and leaves the counts alone', async () => {
    const importId = await upload(CSV);
    const { body } = await edit(importId, 3, { phone_number: '', name: 'New' });
    expect(body.row).toMatchObject({ cells: { phone_number: '', name: 'New' }, problems: [{ code: 'phone_empty' }] });
    expect(body.import).toMatchObject({ acceptedRows: 1, rejectedRows: 2 });
    expect((await rowsOf(api, importId, false))[1]).toEqual(body.row);
  });

  it('is only checked by a dry run', async () => {
    const importId = await upload(CSV);
    const before = [await importOf(api, importId), await rowsOf(api, importId, false)];
    expect((await edit(importId, 2, { phone_number: '+12025550112' }, true)).body.row.accepted).toBe(true);
    expect((await edit(importId, 2, { phone_number: '12' }, true)).body.row.problems).toMatchObject([
      { field: 'phoneNumber', code: 'phone_too_short' },
    ]);
    expect([await importOf(api, importId), await rowsOf(api, importId, false)]).toEqual(before);
  });

  it('has fixed keys, is not there under another number, and is no longer than in a file', async () => {
    const importId = await upload(CSV);
    const unknown = await edit(importId, 2, { 'first name': 'x' });
    expect([unknown.status, unknown.problem.errors]).toMatchObject([422, [{ field: 'values.first name' }]]);
    expect((await edit(importId, 99, {})).problem.code).toBe('not_found');
    expect((await edit(importId, 2, { name: 'x'.repeat(5_000) }, true)).problem.errors).toMatchObject([
      { field: 'values', code: 'too_big' },
    ]);
    for (const dryRun of [true, false])
      expect((await edit(importId, 2, { name: 'a\0b' }, dryRun)).status).toBeLessThan(500);
  });

  it('with too many cells is mended by emptying the last ones', async () => {
    const importId = await upload('phone_number,name\n+12025550111,Lovelace,Ada\n');
    expect((await rowsOf(api, importId, false))[0]).toMatchObject({ cells: { 'column 3': 'Ada' } });
    expect((await edit(importId, 1, { name: 'Lovelace, Ada', 'column 3': '' })).body.row).toMatchObject({
      accepted: true,
      recipient: { name: 'Lovelace, Ada' },
    });
  });

  it('is checked by the country and the agents that the upload was checked by', async () => {
    const importId = await upload('phone_number,override_agent_id\n12,\n12,\n', { defaultCountry: 'ES' });
    expect(
      (await edit(importId, 1, { phone_number: '612 345 678', override_agent_id: 'nobody' })).body.row,
    ).toMatchObject({ accepted: false, problems: [{ code: 'agent_unknown' }] });
    expect((await edit(importId, 1, { override_agent_id: 'agent-1' })).body.row).toMatchObject({
      accepted: true,
      recipient: { phoneNumber: '+34612345678', overrideAgentId: 'agent-1' },
    });
  });

  it('that is mended is called in the hours of its own zone, like one that was right at once', async () => {
    const to = await draft(api, { recipients: [], hoursIn: 'recipient' });
    const importId = await upload('phone_number,timezone\n+12125550123,\nx,\nx,\n', {}, to);
    await edit(importId, 2, { phone_number: '+12125550124' });
    await edit(importId, 3, { phone_number: '+12125550125', timezone: 'Asia/Tokyo' });
    await confirmImport(api, importId);
    const { rows } = await api.db.pool.query(
      'SELECT zone_set FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal',
      [parsePublicId('batch', to)],
    );
    const [right, mended, named] = rows.map((row: { zone_set: string }) => row.zone_set);
    expect(right).not.toBe('');
    expect([mended, named]).toEqual([right, 'Asia/Tokyo']);
  });

  it('moves once, however many edit it at the same time, and no count is lost', async () => {
    const bad = Array.from({ length: 6 }, () => 'x').join('\n');
    const importId = await upload(`phone_number\n${bad}\n`);
    const edits = Array.from({ length: 18 }, (_, index) =>
      edit(importId, 1 + (index % 6), { phone_number: `+1202555012${index % 6}` }),
    );
    const codes = (await Promise.all(edits)).map(({ status, problem }) => (status === 200 ? 'edited' : problem.code));
    expect(codes.filter((code) => code === 'edited')).toHaveLength(6);
    expect(codes.filter((code) => code === 'import_row_accepted')).toHaveLength(12);
    expect(await importOf(api, importId)).toMatchObject({ totalRows: 6, acceptedRows: 6, rejectedRows: 0 });
    expect(await rowsOf(api, importId, true)).toHaveLength(6);
  });

  it('keeps the values of both, when two edit different ones at the same time', async () => {
    const importId = await upload(CSV);
    await Promise.all([edit(importId, 2, { name: 'One' }), edit(importId, 2, { 'First Name': 'Two' })]);
    expect((await rowsOf(api, importId, false))[0].cells).toEqual({
      phone_number: 'nonsense',
      name: 'One',
      'First Name': 'Two',
    });
  });

  it('that is mended while the import is confirmed becomes a recipient, or the edit is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const to = await draft(api, { recipients: [] });
      const importId = await upload('phone_number\n+12025550111\nx\n', {}, to);
      const [edited] = await Promise.all([
        edit(importId, 2, { phone_number: '+12025550112' }),
        confirmImport(api, importId),
      ]);
      // As the sweeper does: the confirm leaves its rows to it while the edit holds the import.
      while (await moveImportRows(api.db.pool, parsePublicId('import', importId) ?? ''));
      const expected = edited.status === 200 ? 2 : 1;
      expect([edited.status, (await recipientsOf(api, to)).length]).toEqual([expected === 2 ? 200 : 409, expected]);
      expect((await importOf(api, importId)).acceptedRows).toBe(expected);
    }
  });
});

describe('the file of rejected rows', () => {
  it('has the headers of the upload and says what is wrong; mended, it can be uploaded again', async () => {
    const headers = 'zeta,phone_number,=formula,,a';
    const csv = `${headers}\n-1,12a,'=x,out,@b\n,+12025550111,,,\n'+2,+1202,"say ""hi""",, c \n`;
    const rejected = await csvOf('getRejectedRows', { importId: await upload(csv) });
    expect(rejected.replace('\ufeff', '').split('\r\n')[0]).toBe("zeta,phone_number,'=formula,a,error");
    expect(rejected).toContain("phone '12a' is not a phone number");
    const mended = rejected.replace(',12a,', ',+12025550112,').replace(",'+1202,", ',+12025550113,');
    const importId = await upload(mended);
    expect(await importOf(api, importId)).toMatchObject({
      acceptedRows: 2,
      rejectedRows: 0,
      warnings: [{ code: 'export_column' }],
    });
    const recipients = (await rowsOf(api, importId, true)).map(({ recipient }: { recipient: unknown }) => recipient);
    expect(recipients).toMatchObject([
      { phoneNumber: '+12025550112', variables: { zeta: '-1', '=formula': "'=x", a: '@b' } },
      { phoneNumber: '+12025550113', variables: { zeta: "'+2", '=formula': 'say "hi"', a: ' c ' } },
    ]);
  });

  it('uploaded unmended, rejects the same rows for the same reasons, again and again', async () => {
    const csv = "phone_number,name\n12a,'=Ada\n+12025550111,Lovelace,Ada\n+12025550111,a,b,c\n1.2E+10,\n";
    const [first, second] = [await upload(csv), await draft(api, { recipients: [] })];
    const again = await upload(await csvOf('getRejectedRows', { importId: first }), {}, second);
    const reasons = async (importId: string) =>
      (await rowsOf(api, importId, false)).map(({ problems }: { problems: { code: string }[] }) =>
        problems.filter(({ code }) => code !== 'missing_cells').map(({ code }) => code),
      );
    expect(await reasons(again)).toEqual(await reasons(first));
    expect((await rowsOf(api, again, false))[0].cells).toEqual({ phone_number: '12a', name: "'=Ada" });
    expect(await csvOf('getRejectedRows', { importId: again })).toContain('Lovelace');
  });

  it('holds every rejected row, in order, also after the confirm, and none of the accepted ones', async () => {
    const importId = await upload(
      `phone_number\n+12025550111\n${Array.from({ length: 2_300 }, (_, i) => `bad${i}`).join('\n')}\n`,
    );
    await confirmImport(api, importId);
    const lines = (await csvOf('getRejectedRows', { importId })).trimEnd().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',')[0])).toEqual(Array.from({ length: 2_300 }, (_, i) => `bad${i}`));
  });
});
