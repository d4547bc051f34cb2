import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../domain/ids.js';
import { moveImportRows } from '../../store/batches/sweep-rows.js';
import { claimOne, seedBatch } from '../support/seed.js';
import { batchBody, draft } from './requests.js';
import { send, startTestApi, type TestApi } from './test-api.js';

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

async function upload(content: string, query: Record<string, string> = {}, to = batchId): Promise<string> {
  const file = { name: 'people.csv', content };
  const { status, body } = await send(api, 'createImport', { params: { batchId: to }, file, query });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id as string;
}
const edit = (importId: string, rowNumber: number, values: Record<string, string>, dryRun = false) =>
  send(api, 'editImportRow', { params: { importId, rowNumber: String(rowNumber) }, json: { values, dryRun } });
const get = async (importId: string) => (await send(api, 'getImport', { params: { importId } })).body;
const rowsOf = async (importId: string, accepted: boolean) =>
  (await send(api, 'listImportRows', { params: { importId }, query: { accepted: String(accepted) } })).body.data;
const confirm = (importId: string, json: unknown = {}) => send(api, 'confirmImport', { params: { importId }, json });
const recipientsOf = async (id: string) => (await send(api, 'listRecipients', { params: { batchId: id } })).body.data;
const csvOf = async (operation: string, params: Record<string, string>): Promise<string> =>
  (await send(api, operation, { params })).body as string;
const phonesOf = (rows: { phoneNumber: string }[]): string[] => rows.map(({ phoneNumber }) => phoneNumber);

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
    expect(mended.body.row.content).toMatchObject({ repaired: true, original: '+1 (202) 555-0112' });
    expect((await rowsOf(importId, false)).map(({ rowNumber }: { rowNumber: number }) => rowNumber)).toEqual([3]);
    expect((await confirm(importId)).body).toMatchObject({ status: 'CONFIRMED', rowsOutstanding: false });
    expect(await recipientsOf(batchId)).toMatchObject([
      { phoneNumber: '+12025550111' },
      { phoneNumber: '+12025550112', variables: { name: 'Bad', 'First Name': ' =1+1' } },
    ]);
  });

  it('keeps new values that are not right yet, with what is wrong now, and leaves the counts alone', async () => {
    const importId = await upload(CSV);
    const { body } = await edit(importId, 3, { phone_number: '', name: 'New' });
    expect(body.row).toMatchObject({ content: { phone_number: '', name: 'New' }, problems: [{ code: 'phone_empty' }] });
    expect(body.import).toMatchObject({ acceptedRows: 1, rejectedRows: 2 });
    expect((await rowsOf(importId, false))[1]).toEqual(body.row);
  });

  it('is only checked by a dry run', async () => {
    const importId = await upload(CSV);
    const before = [await get(importId), await rowsOf(importId, false)];
    expect((await edit(importId, 2, { phone_number: '+12025550112' }, true)).body.row.accepted).toBe(true);
    expect((await edit(importId, 2, { phone_number: '12' }, true)).body.row.problems).toMatchObject([
      { field: 'phoneNumber', code: 'phone_too_short' },
    ]);
    expect([await get(importId), await rowsOf(importId, false)]).toEqual(before);
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
    expect((await rowsOf(importId, false))[0]).toMatchObject({ content: { 'column 3': 'Ada' } });
    expect((await edit(importId, 1, { name: 'Lovelace, Ada', 'column 3': '' })).body.row).toMatchObject({
      accepted: true,
      content: { name: 'Lovelace, Ada' },
    });
  });

  it('is checked by the country and the agents that the upload was checked by', async () => {
    const importId = await upload('phone_number,override_agent_id\n12,\n12,\n', { defaultCountry: 'ES' });
    expect(
      (await edit(importId, 1, { phone_number: '612 345 678', override_agent_id: 'nobody' })).body.row,
    ).toMatchObject({ accepted: false, problems: [{ code: 'agent_unknown' }] });
    expect((await edit(importId, 1, { override_agent_id: 'agent-1' })).body.row).toMatchObject({
      accepted: true,
      content: { phone: '+34612345678', overrideAgentId: 'agent-1' },
    });
  });

  it('that is mended is called in the hours of its own zone, like one that was right at once', async () => {
    const to = await draft(api, { recipients: [], hoursIn: 'recipient' });
    const importId = await upload('phone_number,timezone\n+12125550123,\nx,\nx,\n', {}, to);
    await edit(importId, 2, { phone_number: '+12125550124' });
    await edit(importId, 3, { phone_number: '+12125550125', timezone: 'Asia/Tokyo' });
    await confirm(importId);
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
    expect(await get(importId)).toMatchObject({ totalRows: 6, acceptedRows: 6, rejectedRows: 0 });
    expect(await rowsOf(importId, true)).toHaveLength(6);
  });

  it('keeps the values of both, when two edit different ones at the same time', async () => {
    const importId = await upload(CSV);
    await Promise.all([edit(importId, 2, { name: 'One' }), edit(importId, 2, { 'First Name': 'Two' })]);
    expect((await rowsOf(importId, false))[0].content).toEqual({
      phone_number: 'nonsense',
      name: 'One',
      'First Name': 'Two',
    });
  });

  it('that is mended while the import is confirmed becomes a recipient, or the edit is refused', async () => {
    for (let round = 0; round < 5; round++) {
      const to = await draft(api, { recipients: [] });
      const importId = await upload('phone_number\n+12025550111\nx\n', {}, to);
      const [edited] = await Promise.all([edit(importId, 2, { phone_number: '+12025550112' }), confirm(importId)]);
      // As the sweeper does: the confirm leaves its rows to it while the edit holds the import.
      while (await moveImportRows(api.db.pool, parsePublicId('import', importId) ?? ''));
      const expected = edited.status === 200 ? 2 : 1;
      expect([edited.status, (await recipientsOf(to)).length]).toEqual([expected === 2 ? 200 : 409, expected]);
      expect((await get(importId)).acceptedRows).toBe(expected);
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
    expect(await get(importId)).toMatchObject({
      acceptedRows: 2,
      rejectedRows: 0,
      warnings: [{ code: 'export_column' }],
    });
    const contents = (await rowsOf(importId, true)).map(({ content }: { content: unknown }) => content);
    expect(contents).toEqual([
      { phone: '+12025550112', variables: { zeta: '-1', '=formula': "'=x", a: '@b' } },
      { phone: '+12025550113', variables: { zeta: "'+2", '=formula': 'say "hi"', a: ' c ' } },
    ]);
  });

  it('uploaded unmended, rejects the same rows for the same reasons, again and again', async () => {
    const csv = "phone_number,name\n12a,'=Ada\n+12025550111,Lovelace,Ada\n+12025550111,a,b,c\n1.2E+10,\n";
    const [first, second] = [await upload(csv), await draft(api, { recipients: [] })];
    const again = await upload(await csvOf('getRejectedRows', { importId: first }), {}, second);
    const reasons = async (importId: string) =>
      (await rowsOf(importId, false)).map(({ problems }: { problems: { code: string }[] }) =>
        problems.filter(({ code }) => code !== 'missing_cells').map(({ code }) => code),
      );
    expect(await reasons(again)).toEqual(await reasons(first));
    expect((await rowsOf(again, false))[0].content).toEqual({ phone_number: '12a', name: "'=Ada" });
    expect(await csvOf('getRejectedRows', { importId: again })).toContain('Lovelace');
  });

  it('holds every rejected row, in order, also after the confirm, and none of the accepted ones', async () => {
    const importId = await upload(
      `phone_number\n+12025550111\n${Array.from({ length: 2_300 }, (_, i) => `bad${i}`).join('\n')}\n`,
    );
    await confirm(importId);
    const lines = (await csvOf('getRejectedRows', { importId })).trimEnd().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(',')[0])).toEqual(Array.from({ length: 2_300 }, (_, i) => `bad${i}`));
  });
});

describe('duplicates of an import', () => {
  const [ADA, GRACE, ALAN, EDSGER] = ['+12025550121', '+12025550122', '+12025550123', '+12025550124'] as const;
  const duplicates = async (importId: string, query: Record<string, string> = {}) =>
    (await send(api, 'listDuplicates', { params: { importId }, query })).body;

  async function prepare(): Promise<string> {
    await send(api, 'addRecipients', { params: { batchId }, json: { recipients: [{ phoneNumber: GRACE }] } });
    const other = await seedBatch(api.db, api.workspace, { phones: [ALAN] });
    const call = await claimOne(api.db, api.workspace, other);
    await api.db.pool.query(
      `UPDATE attempts SET slot_held = false, dialing_at = dialwright_now() - interval '5 days' WHERE id = $1`,
      [call.id],
    );
    return upload(`phone_number\n${[ADA, GRACE, ALAN, ADA, EDSGER, ADA, 'x'].join('\n')}\n`);
  }

  it('are counted within the file, within the batch and among the calls of the last days, and listed by page', async () => {
    const importId = await prepare();
    const all = await duplicates(importId, { days: '7' });
    expect(all.counts).toEqual({ file: 2, batch: 1, calledRecently: 1, any: 4 });
    expect(all.data).toEqual([
      { rowNumber: 2, phoneNumber: GRACE, duplicateOf: ['batch'] },
      { rowNumber: 3, phoneNumber: ALAN, duplicateOf: ['calledRecently'] },
      { rowNumber: 4, phoneNumber: ADA, duplicateOf: ['file'] },
      { rowNumber: 6, phoneNumber: ADA, duplicateOf: ['file'] },
    ]);
    const first = await duplicates(importId, { days: '3', limit: '2' });
    const second = await duplicates(importId, { days: '3', limit: '2', cursor: first.nextCursor });
    expect(first.counts).toEqual({ file: 2, batch: 1, calledRecently: 0, any: 3 });
    expect(phonesOf([...first.data, ...second.data])).toEqual([GRACE, ADA, ADA]);
    expect(second.nextCursor).toBeNull();
  });

  it.each([
    [[], [ADA, GRACE, ALAN, ADA, EDSGER, ADA], 0],
    [['file'], [ADA, GRACE, ALAN, EDSGER], 2],
    [['batch'], [ADA, ALAN, ADA, EDSGER, ADA], 1],
    [['calledRecently'], [ADA, GRACE, ADA, EDSGER, ADA], 1],
    [['file', 'batch', 'calledRecently'], [ADA, EDSGER], 4],
  ])(
    'of the kinds %j never become recipients when the confirm drops them, and are counted',
    async (kinds, left, dropped) => {
      const importId = await prepare();
      const { body } = await confirm(importId, { dropDuplicates: kinds, days: 7 });
      expect(body).toMatchObject({ status: 'CONFIRMED', totalRows: 7, rejectedRows: 1, droppedRows: dropped });
      expect(body.acceptedRows).toBe(left.length);
      expect(phonesOf(await recipientsOf(batchId))).toEqual([GRACE, ...left]);
    },
  );

  it('are not dropped when nothing would be left, or the batch takes nobody', async () => {
    await send(api, 'addRecipients', { params: { batchId }, json: { recipients: [{ phoneNumber: ADA }] } });
    const importId = await upload(`phone_number\n${ADA}\n${ADA}\n`);
    const refused = await confirm(importId, { dropDuplicates: ['batch'] });
    expect([refused.status, refused.problem.code]).toEqual([422, 'no_accepted_rows']);
    const ids = [parsePublicId('batch', batchId)];
    await api.db.pool.query(
      `UPDATE batches SET status = 'FAILED', "window" = '{}', start_at = dialwright_now() WHERE id = $1`,
      ids,
    );
    expect((await confirm(importId, { dropDuplicates: ['file'] })).problem.code).toBe('action_not_allowed');
    expect(await get(importId)).toMatchObject({ status: 'REVIEW', acceptedRows: 2, droppedRows: 0 });
    expect(await rowsOf(importId, true)).toHaveLength(2);
  });
});

describe('several imports of one batch', () => {
  it('are appended, discarded and removed each by itself', async () => {
    const file = (phones: string[]): string => `phone_number\n${phones.join('\n')}\n`;
    const first = await upload(file(['+12025550131', '+12025550132']));
    const second = await upload(file(['+12025550133']));
    const third = await upload(file(['+12025550134', 'x']));
    await confirm(third);
    await confirm(first);
    await send(api, 'discardImport', { params: { importId: second } });
    expect(phonesOf(await recipientsOf(batchId))).toEqual(['+12025550134', '+12025550131', '+12025550132']);
    const { body } = await send(api, 'removeRecipients', { params: { batchId }, json: { importId: first } });
    expect(body).toEqual({ removed: 2, left: 0 });
    expect(phonesOf(await recipientsOf(batchId))).toEqual(['+12025550134']);
    expect([await get(first), await get(second), await get(third)]).toMatchObject([
      { status: 'CONFIRMED', acceptedRows: 2 },
      { status: 'DISCARDED' },
      { status: 'CONFIRMED', rejectedRows: 1 },
    ]);
    expect(await rowsOf(third, false)).toHaveLength(1);
  });
});

describe('recipients as JSON', () => {
  it.each([
    '12a',
    '',
    '1.2E+10',
    '12025550123',
    '+15555550100',
    '+1202',
    ' 0012025550111 ',
    "'+12025550111",
    '+12025550111.0',
  ])('are checked like those of a CSV, in the create request and added later: %j', async (phoneNumber) => {
    const importId = await upload(`phone_number,x\n"${phoneNumber}",1\n`);
    const [rejected] = await rowsOf(importId, false);
    const [accepted] = await rowsOf(importId, true);
    const json = { recipients: [{ phoneNumber, variables: { x: '1' } }] };
    const added = await send(api, 'addRecipients', { params: { batchId }, json });
    const created = await send(api, 'createBatch', { json: batchBody(api, json) });
    const expected = rejected?.problems.map(({ code, message }: { code: string; message: string }) => [code, message]);
    for (const answer of [added, created]) {
      const errors =
        answer.status === 201 ? undefined : answer.problem.errors.map(({ code, message }) => [code, message]);
      expect(errors).toEqual(expected);
    }
    const [recipient] = await recipientsOf(batchId);
    expect(recipient?.phoneNumber).toBe(accepted?.content.phone);
  });
});
