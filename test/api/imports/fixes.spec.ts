import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { findOutstandingFixes, forgetFixRows, runFix } from '../../../store/imports/fixes/run-fix.js';
import { startFix } from '../../../store/imports/fixes/start-fix.js';
import { confirmImport, importOf, recipientsOf, rowsOf, uploadCsv } from '../support/imports.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';

let api: TestApi;
let batchId: string;
beforeAll(async () => {
  api = await startTestApi();
});
beforeEach(async () => {
  batchId = await draft(api, { recipients: [] });
});
afterAll(() => api.stop());

const upload = (content: string, query: Record<string, string> = {}) => uploadCsv(api, batchId, content, query);
const fix = (importId: string, json: Record<string, unknown>): Promise<Received> =>
  send(api, 'fixImport', { params: { importId }, json });
const undo = (importId: string): Promise<Received> => send(api, 'undoImportFix', { params: { importId } });
const rowsWith = async (importId: string, code: string, accepted = false) =>
  (await send(api, 'listImportRows', { params: { importId }, query: { code, accepted: String(accepted) } })).body.data;
const numbersOf = (rows: { rowNumber: number }[]): number[] => rows.map(({ rowNumber }) => rowNumber);

/** What `problems` of an import says must be what its rows say. */
async function expectTrueCounts(importId: string): Promise<void> {
  const { problems, acceptedRows, rejectedRows } = await importOf(api, importId);
  const counted = new Map<string, [number, number]>();
  const [accepted, rejected] = [await rowsOf(api, importId, true), await rowsOf(api, importId, false)];
  for (const { problems: found, accepted: isAccepted } of [...accepted, ...rejected])
    for (const code of new Set<string>(found.map((problem: { code: string }) => problem.code))) {
      const count = counted.get(code) ?? [0, 0];
      count[isAccepted ? 1 : 0] += 1;
      counted.set(code, count);
    }
  expect([acceptedRows, rejectedRows]).toEqual([accepted.length, rejected.length]);
  expect(
    new Map(
      problems.map((p: { code: string; rejectedRows: number; acceptedRows: number }) => [
        p.code,
        [p.rejectedRows, p.acceptedRows],
      ]),
    ),
  ).toEqual(counted);
}

const MIXED = [
  'phone_number,name,metadata',
  '+12025550111,Ada,',
  '612 345 678,Bea,',
  '612345679,Cy,[1]',
  '12a,Dan,',
  '+12025550112,Eve,oops',
  '+12025550113,"Fay ""code"":""phone_invalid"""',
].join('\n');

describe('problems of an import', () => {
  it('are counted by code, with what can be done, and found by their code', async () => {
    const importId = await upload(MIXED);
    const { problems } = await importOf(api, importId);
    expect(problems.slice(0, 2)).toEqual([
      { code: 'not_a_json_object', rejectedRows: 2, acceptedRows: 0, actions: ['clear', 'leaveOut'] },
      {
        ...{ code: 'phone_without_country_code', rejectedRows: 2, acceptedRows: 0 },
        actions: ['country', 'reading', 'skipCheck', 'leaveOut'],
      },
    ]);
    await expectTrueCounts(importId);
    expect(numbersOf(await rowsWith(importId, 'phone_without_country_code'))).toEqual([2, 3]);
    expect(numbersOf(await rowsWith(importId, 'not_a_json_object'))).toEqual([3, 5]);
    expect(numbersOf(await rowsWith(importId, 'missing_cells', true))).toEqual([6]);
    expect(await rowsWith(importId, 'phone_invalid')).toEqual([]);
  });

  it('are counted again with each edit, and without the duplicates that a confirm leaves out', async () => {
    const importId = await upload(`${MIXED}\n+12025550113,Gus\n`);
    const edit = (rowNumber: string, values: Record<string, string>) =>
      send(api, 'editImportRow', { params: { importId, rowNumber }, json: { values } });
    await edit('4', { phone_number: '' });
    await expectTrueCounts(importId);
    await edit('5', { metadata: '' });
    await expectTrueCounts(importId);
    const { body } = await confirmImport(api, importId, { dropDuplicates: ['file'] });
    expect(body.problems).toContainEqual(
      expect.objectContaining({ code: 'missing_cells', acceptedRows: 1, rejectedRows: 0 }),
    );
  });
});

describe('a fix', () => {
  it('reads the numbers of a kind as those of a country, and the recipients keep what was written', async () => {
    const importId = await upload(MIXED);
    const { body } = await fix(importId, { code: 'phone_without_country_code', action: 'country', country: 'ES' });
    expect(body).toMatchObject({ preview: null, import: { acceptedRows: 3, rejectedRows: 3 } });
    expect(body.import.fix).toMatchObject({
      ...{ status: 'DONE', country: 'ES', rejectedRows: 4, checkedRows: 4 },
      ...{ acceptedRows: 1, changedRows: 1, leftOutRows: 0, undoneRows: 0 },
    });
    await expectTrueCounts(importId);
    // The country stays with the row: what is mended later needs it no more.
    await fix(importId, { code: 'not_a_json_object', action: 'clear' });
    await expectTrueCounts(importId);
    await confirmImport(api, importId);
    const phones = (await recipientsOf(api, batchId)).map(
      (row: { phoneNumber: string; originalPhoneNumber: string | null }) => [row.phoneNumber, row.originalPhoneNumber],
    );
    expect(phones).toEqual([
      ['+12025550111', null],
      ['+34612345678', '612 345 678'],
      ['+34612345679', '612345679'],
      ['+12025550112', null],
      ['+12025550113', null],
    ]);
  });

  it('stays with a row that is edited later', async () => {
    const importId = await upload(MIXED);
    await fix(importId, { code: 'phone_without_country_code', action: 'country', country: 'ES' });
    const params = { importId, rowNumber: '3' };
    const { body } = await send(api, 'editImportRow', { params, json: { values: { metadata: '{}' } } });
    expect(body.row).toMatchObject({ accepted: true, recipient: { phoneNumber: '+34612345679' } });
  });

  it.each([
    ['national', '+49491716000000'],
    ['international', '+491716000000'],
  ])('reads ambiguous numbers as %s', async (numbersWithoutPlus, phoneNumber) => {
    const importId = await upload('phone_number\n491716000000\n', { defaultCountry: 'DE' });
    expect(await rowsWith(importId, 'phone_ambiguous')).toHaveLength(1);
    const { body } = await fix(importId, { code: 'phone_ambiguous', action: 'reading', numbersWithoutPlus });
    expect(body.import).toMatchObject({ acceptedRows: 1, rejectedRows: 0 });
    const [row] = await rowsOf(api, importId, true);
    expect(row.recipient.phoneNumber).toBe(phoneNumber);
  });

  it('lets numbers be dialled as they are written, or leaves their rows out', async () => {
    const importId = await upload('phone_number\n5555550100\n+15555550100\n12a\n');
    const skipped = await fix(importId, { code: 'phone_invalid', action: 'skipCheck' });
    expect(skipped.body.import).toMatchObject({ acceptedRows: 1, rejectedRows: 2 });
    expect((await rowsOf(api, importId, true))[0].recipient).toMatchObject({
      phoneNumber: '+15555550100',
      ignoreE164Validation: true,
    });
    const left = await fix(importId, { code: 'phone_not_digits', action: 'leaveOut' });
    expect(left.body.import).toMatchObject({ totalRows: 3, acceptedRows: 1, rejectedRows: 1, droppedRows: 1 });
    await expectTrueCounts(importId);
  });

  it('replaces one text that is no time zone by a place, and no other text', async () => {
    batchId = await draft(api, { recipients: [], hoursIn: 'recipient' });
    const importId = await upload(
      'phone_number,timezone\n+12025550111,EST\n+12025550112, EST \n+12025550113,PST\n+12025550114,UTC\n',
    );
    const { body } = await fix(importId, {
      ...{ code: 'time_zone_unknown', action: 'zone', cell: 'EST', timeZone: 'America/New_York' },
    });
    expect(body.import).toMatchObject({ acceptedRows: 3, rejectedRows: 1 });
    expect((await rowsOf(api, importId, true))[0].recipient.timeZone).toBe('America/New_York');
    expect(numbersOf(await rowsOf(api, importId, false))).toEqual([3]);
  });

  it('is only shown by a dry run: three rows before and after, and how many', async () => {
    const importId = await upload(MIXED);
    const before = [await importOf(api, importId), await rowsOf(api, importId, false)];
    const json = { code: 'phone_without_country_code', action: 'country', country: 'ES', dryRun: true };
    const { body } = await fix(importId, json);
    expect(body.preview).toMatchObject({
      ...{ matchedRows: 2, checkedRows: 2, acceptedRows: 1, changedRows: 1, leftOutRows: 0 },
      examples: [
        { before: { rowNumber: 2, accepted: false }, after: { accepted: true } },
        { before: { rowNumber: 3 }, after: { accepted: false, problems: [{ code: 'not_a_json_object' }] } },
      ],
    });
    expect([await importOf(api, importId), await rowsOf(api, importId, false)]).toEqual(before);
    const out = await fix(importId, { code: 'phone_not_digits', action: 'leaveOut', dryRun: true });
    expect(out.body.preview).toMatchObject({ leftOutRows: 1, examples: [{ after: null }] });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['makes nobody callable who must not be called', { code: 'do_not_call', action: 'clear' }, 'action'],
    ['empties no phone', { code: 'phone_invalid', action: 'clear' }, 'action'],
    ['needs the country', { code: 'phone_invalid', action: 'country' }, 'country'],
    ['needs the zone', { code: 'time_zone_unknown', action: 'zone', cell: 'EST' }, 'timeZone'],
    ['needs the text', { code: 'time_zone_unknown', action: 'zone', timeZone: 'UTC' }, 'cell'],
    ['takes no more than it uses', { code: 'phone_invalid', action: 'leaveOut', country: 'ES' }, 'country'],
    ['needs a reading', { code: 'phone_ambiguous', action: 'reading' }, 'numbersWithoutPlus'],
    [
      'needs one reading',
      { code: 'phone_ambiguous', action: 'reading', numbersWithoutPlus: 'unambiguous' },
      'numbersWithoutPlus',
    ],
    [
      'needs a country for national numbers',
      { code: 'phone_ambiguous', action: 'reading', numbersWithoutPlus: 'national' },
      'action',
    ],
    ['is of one problem', { code: 'missing_cells', action: 'leaveOut' }, 'code'],
    [
      'compares a cell of bounded length',
      { code: 'phone_invalid', action: 'leaveOut', cell: 'x'.repeat(1_001) },
      'cell',
    ],
  ])('%s', async (_what, json, field) => {
    const importId = await upload('phone_number,dnc\n+12025550111,yes\n');
    const { status, problem } = await fix(importId, json);
    expect([status, problem.errors[0]?.field]).toEqual([422, field]);
    expect(await importOf(api, importId)).toMatchObject({ fix: null, rejectedRows: 1 });
  });

  it('is refused once the import is confirmed, and so is its undo', async () => {
    const importId = await upload(MIXED);
    await fix(importId, { code: 'phone_not_digits', action: 'leaveOut' });
    await confirmImport(api, importId);
    for (const received of [
      await fix(importId, { code: 'phone_not_digits', action: 'leaveOut' }),
      await undo(importId),
    ])
      expect([received.status, received.problem.code]).toEqual([409, 'import_not_in_review']);
    const kept = () => api.db.prisma.importFixRow.count({ where: { importId: parsePublicId('import', importId)! } });
    expect(await kept()).toBe(1);
    await forgetFixRows(api.db.pool);
    expect(await kept()).toBe(0);
  });
});

describe('the undo of a fix', () => {
  it.each([
    ['accepted', { code: 'phone_without_country_code', action: 'country', country: 'ES' }],
    ['changed', { code: 'not_a_json_object', action: 'clear' }],
    ['left out', { code: 'phone_without_country_code', action: 'leaveOut' }],
  ])('gives back every row that was %s, byte for byte, once', async (_what, json) => {
    const importId = await upload(`${MIXED}\n+12025550119,"a\0b",\n`);
    const before = [
      await importOf(api, importId),
      await rowsOf(api, importId, true),
      await rowsOf(api, importId, false),
    ];
    await fix(importId, json);
    expect(await rowsOf(api, importId, false)).not.toEqual(before[2]);
    const { body } = await undo(importId);
    expect(body.fix).toMatchObject({
      status: 'UNDONE',
      undoneRows: 2,
      acceptedRows: 0,
      changedRows: 0,
      leftOutRows: 0,
    });
    expect([{ ...body, fix: null }, await rowsOf(api, importId, true), await rowsOf(api, importId, false)]).toEqual(
      before,
    );
    await expectTrueCounts(importId);
    expect((await undo(importId)).problem.code).toBe('no_fix_to_undo');
  });

  it.each([
    ['right', '', [1, 3, 6]],
    ['still wrong', '[2]', [1, 6]],
  ])('leaves a row as it is that was edited since, and is %s', async (_what, metadata, accepted) => {
    const importId = await upload(MIXED);
    await fix(importId, { code: 'phone_without_country_code', action: 'country', country: 'ES' });
    const params = { importId, rowNumber: '3' };
    const edited = await send(api, 'editImportRow', { params, json: { values: { metadata, name: 'Cyd' } } });
    expect((await undo(importId)).body.fix).toMatchObject({ undoneRows: 1 });
    const rows = [...(await rowsOf(api, importId, true)), ...(await rowsOf(api, importId, false))];
    expect(rows.find(({ rowNumber }) => rowNumber === 3)).toEqual(edited.body.row);
    expect(numbersOf(await rowsOf(api, importId, true))).toEqual(accepted);
    await expectTrueCounts(importId);
  });

  it('is of the last fix alone', async () => {
    const importId = await upload(MIXED);
    await fix(importId, { code: 'phone_without_country_code', action: 'country', country: 'ES' });
    await fix(importId, { code: 'phone_not_digits', action: 'leaveOut' });
    expect((await undo(importId)).body).toMatchObject({ acceptedRows: 3, fix: { code: 'phone_not_digits' } });
    expect((await undo(importId)).problem.code).toBe('no_fix_to_undo');
    await expectTrueCounts(importId);
  });

  it('is refused when there was no fix', async () => {
    const { status, problem } = await undo(await upload(MIXED));
    expect([status, problem.code]).toEqual([409, 'no_fix_to_undo']);
  });
});

describe('a fix of many rows', () => {
  const [MANY, IN_A_STEP] = [360, 150];
  const COUNTRY = { code: 'phone_without_country_code', action: 'country', country: 'ES', cell: null } as const;
  let importId: string;
  let id: string;
  const carryOn = async (steps: number): Promise<void> => {
    for (let step = 0; step < steps; step++) await runFix(api.db, id, 0);
  };
  const begin = () =>
    startFix(api.db, {
      ...{ workspaceId: api.workspace.workspaceId, actor: 'setup', commandId: null },
      ...{ importId: id, fix: COUNTRY },
    });
  beforeEach(async () => {
    const rows = Array.from({ length: MANY }, (_, at) => `6123${String(10_000 + at)}`);
    importId = await upload(`phone_number\n${rows.join('\n')}\n`);
    id = parsePublicId('import', importId)!;
  });

  it('goes on where it was when its process has died, and is taken over only then', async () => {
    await begin();
    await api.db.pool.query(`UPDATE imports SET fix_due_at = dialwright_now() + interval '1 hour' WHERE id = $1`, [id]);
    expect(await findOutstandingFixes(api.db.pool)).not.toContain(id);
    await api.db.pool.query(`UPDATE imports SET fix_due_at = dialwright_now() WHERE id = $1`, [id]);
    expect(await findOutstandingFixes(api.db.pool)).toContain(id);
    await carryOn(1);
    expect(await importOf(api, importId)).toMatchObject({
      ...{ acceptedRows: IN_A_STEP, rejectedRows: MANY - IN_A_STEP },
      fix: { status: 'RUNNING', checkedRows: IN_A_STEP, rejectedRows: MANY },
    });
    await carryOn(2);
    expect(await importOf(api, importId)).toMatchObject({ acceptedRows: MANY, fix: { status: 'DONE' } });
    expect(await findOutstandingFixes(api.db.pool)).not.toContain(id);
  });

  it('is done once by two that carry it on at the same time', async () => {
    await begin();
    await Promise.all([runFix(api.db, id, 10_000), runFix(api.db, id, 10_000), runFix(api.db, id, 10_000)]);
    expect(await importOf(api, importId)).toMatchObject({
      ...{ acceptedRows: MANY, rejectedRows: 0, problems: [] },
      fix: { status: 'DONE', checkedRows: MANY, acceptedRows: MANY },
    });
  });

  it('keeps the import from being confirmed or edited in its midst, and nothing else from ending it', async () => {
    await begin();
    await carryOn(1);
    const edited = await send(api, 'editImportRow', { params: { importId, rowNumber: '300' }, json: { values: {} } });
    for (const received of [await confirmImport(api, importId), edited, await fix(importId, { ...COUNTRY, cell: 'x' })])
      expect([received.status, received.problem.code]).toEqual([409, 'import_fix_outstanding']);
    expect((await send(api, 'discardImport', { params: { importId } })).body.status).toBe('DISCARDED');
    expect(await runFix(api.db, id, 0)).toBe(false);
    expect(await api.db.prisma.importRow.count({ where: { importId: id } })).toBe(0);
    await forgetFixRows(api.db.pool);
    expect(await api.db.prisma.import.findFirst({ where: { id } })).toMatchObject({ fixRowsKept: false });
  });

  it('is ended by its undo, which gives back what was done of it', async () => {
    const before = await rowsOf(api, importId, false);
    await begin();
    await carryOn(1);
    const { body } = await undo(importId);
    expect(body).toMatchObject({
      acceptedRows: 0,
      rejectedRows: MANY,
      fix: { status: 'UNDONE', undoneRows: IN_A_STEP },
    });
    expect(await rowsOf(api, importId, false)).toEqual(before);
  });

  it('is in the audit: who began it, and what was done in the end', async () => {
    await begin();
    await carryOn(3);
    const { body } = await send(api, 'listAudit', { query: { batchId, limit: '10' } });
    const told = body.data.filter(({ action }: { action: string }) => action.includes('fix'));
    expect(told).toMatchObject([
      { action: 'end import fix', detail: { accepted: MANY } },
      { action: 'fix import rows', detail: { code: COUNTRY.code, fix: 'country', country: 'ES' } },
    ]);
  });
});
