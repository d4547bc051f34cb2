import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { draft } from '../support/requests.js';
import { importOf, recipientsOf, rowsOf } from '../support/imports.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const fileOf = (name: string): Uint8Array => readFileSync(new URL(`files/${name}`, import.meta.url));
const textOf = (name: string): string => Buffer.from(fileOf(name)).toString('utf8');

async function upload(content: string | Uint8Array, query: Record<string, string> = {}, batch: object = {}) {
  const params = { batchId: await draft(api, { recipients: [], ...batch }) };
  const { status, body, problem } = await send(api, 'createImport', {
    params,
    file: { name: 'people.csv', content },
    query,
  });
  return { status, body, problem, batchId: params.batchId };
}

type Row = {
  rowNumber: number;
  accepted: boolean;
  recipient: Record<'name' | 'timeZone' | 'notBefore' | 'notAfter', string | null> & {
    phoneNumber: string;
    variables: Record<string, string>;
  };
  problems: { code: string; message: string }[];
};
const rows = async (importId: string, accepted: boolean) => (await rowsOf(api, importId, accepted)) as Row[];
const namesOf = (list: readonly Row[]) => list.map(({ recipient }) => recipient.name);
const codesOf = (list: readonly Row[]) => list.flatMap(({ problems }) => problems.map(({ code }) => code));

describe('a file as people send it', () => {
  it('in a code page is read as the detection says, shown, and not confirmed by itself', async () => {
    const { body, batchId } = await upload(fileOf('windows-1256.csv'), { autoConfirm: 'true' });
    expect(body).toMatchObject({
      status: 'REVIEW',
      acceptedRows: 1,
      encoding: { name: 'windows-1256', certain: false, samples: ['محمد', 'الرياض'] },
      warnings: [{ code: 'encoding_uncertain', message: expect.stringContaining('not confirmed by itself') }],
    });
    expect(body.encoding.confidence).toBeGreaterThan(0);
    expect(body.encoding.alternatives.length).toBeGreaterThan(0);
    expect((await importOf(api, body.id)).encoding).toEqual(body.encoding);
    expect(await recipientsOf(api, batchId)).toEqual([]);
  });

  it('in a code page that it names is confirmed by itself', async () => {
    const { body, batchId } = await upload(fileOf('windows-1256.csv'), {
      autoConfirm: 'true',
      encoding: 'windows-1256',
    });
    expect(body).toMatchObject({
      status: 'CONFIRMED',
      encoding: { name: 'windows-1256', certain: true },
      warnings: [],
    });
    expect(await recipientsOf(api, batchId)).toMatchObject([{ name: 'محمد', variables: { city: 'الرياض' } }]);
  });

  it('in an encoding that nobody knows is refused, with those that are known', async () => {
    const { status, problem } = await upload(fileOf('windows-1256.csv'), { encoding: 'ebcdic' });
    expect([status, problem.code]).toEqual([422, 'validation_failed']);
    expect(problem['errors']).toMatchObject([{ message: expect.stringContaining('windows-1256') }]);
  });

  it('in UTF-8 with one byte that is none loses that row alone', async () => {
    const { body } = await upload(fileOf('one-stray-byte.csv'));
    expect(body).toMatchObject({ totalRows: 3, acceptedRows: 2, rejectedRows: 1, encoding: { name: 'utf-8' } });
    expect(namesOf(await rows(body.id, true))).toEqual(['José', 'Zoë']);
    const rejected = await rows(body.id, false);
    expect(rejected).toMatchObject([
      { rowNumber: 3, cells: { note: '10 \ufffd 20' }, problems: [{ code: 'text_broken' }] },
    ]);
    const params = { importId: body.id, rowNumber: '3' };
    const half = await send(api, 'editImportRow', { params, json: { values: { name: 'Anna' } } });
    expect(half.body.row.accepted).toBe(false);
    const mended = await send(api, 'editImportRow', { params, json: { values: { note: '10 – 20' } } });
    expect(mended.body.row).toMatchObject({ accepted: true, recipient: { variables: { note: '10 – 20' } } });
  });

  it('in much UTF-8 with a wrong byte is confirmed by itself, without that row', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `+120255501${10 + index},José,ok\n`).join('');
    const content = Buffer.concat([
      Buffer.from(`phone_number,name,note\n${names}`),
      Buffer.from('+12025550160,Zo\xeb,x\n', 'latin1'),
    ]);
    const { body } = await upload(content, { autoConfirm: 'true' });
    expect(body).toMatchObject({ status: 'CONFIRMED', acceptedRows: 30, rejectedRows: 1, encoding: { certain: true } });
  });

  it('with a formula for a number keeps its other rows', async () => {
    const { body } = await upload(fileOf('formula-cell.csv'));
    const accepted = await rows(body.id, true);
    expect(accepted.map(({ rowNumber }) => rowNumber)).toEqual(expect.arrayContaining([1, 3]));
    const formula = [...accepted, ...(await rows(body.id, false))].find(({ rowNumber }) => rowNumber === 2)!;
    // Which of both depends on how a formula is read: never a number that nobody wrote.
    expect(formula.accepted ? formula.recipient.phoneNumber : codesOf([formula])).toEqual(
      formula.accepted ? '+12025550111' : ['phone_not_digits'],
    );
  });

  it.each([
    ['sep-line.csv', { name: 'Ana' }],
    ['commas-in-header.csv', { variables: { 'What is your name, age, and city?': 'Ana, 30, Rome', Plan: 'Pro' } }],
  ])('is read with the separator that it is written with: %s', async (name, content) => {
    const { body } = await upload(fileOf(name));
    expect(body).toMatchObject({ totalRows: 1, acceptedRows: 1, warnings: [] });
    expect(await rows(body.id, true)).toMatchObject([
      { rowNumber: 1, recipient: { phoneNumber: '+12025550110', ...content } },
    ]);
  });

  it('without a phone column has it guessed from the cells, which a warning says', async () => {
    const { body } = await upload(fileOf('google-contacts.csv'));
    expect(body.warnings).toMatchObject([{ code: 'phone_column_guessed' }, { code: 'phone_repaired' }]);
    expect(body.warnings[0].message).toContain("Column 4 ('Phone 1 - Value') is taken for phone_number");
  });

  it('with one bad line of each kind loses those lines alone', async () => {
    const lines = [
      '+12025550110,Ana,x',
      '+12025550111,"Bo" Lima,x',
      '+12025550112,6" pipe,x',
      `+12025550113,Cy,${'x'.repeat(5_000)}`,
      '+12025550114,Di\0,x',
      '+12025550115,Ed "the boss" Fox,x',
      '+12025550116,"Flo,x',
      '+12025550117,Gus,x',
    ];
    const { body } = await upload(`phone_number,name,note\n${lines.join('\n')}\n`, { autoConfirm: 'true' });
    expect(body).toMatchObject({ status: 'CONFIRMED', totalRows: 8, acceptedRows: 3, rejectedRows: 5 });
    expect(codesOf(await rows(body.id, false))).toEqual([
      'row_quotes',
      'row_quotes',
      'row_too_long',
      'text_broken',
      'row_quotes',
    ]);
  });

  it('keeps a row that is too long from becoming half a recipient', async () => {
    const { body } = await upload(`phone_number,note\n+12025550113,${'🙂'.repeat(3_000)}\n`);
    const params = { importId: body.id, rowNumber: '1' };
    expect(
      (await send(api, 'editImportRow', { params, json: { values: { phone_number: '+12025550114' } } })).body.row
        .accepted,
    ).toBe(false);
    expect((await send(api, 'editImportRow', { params, json: { values: { note: 'short' } } })).body.row.accepted).toBe(
      true,
    );
  });
});

describe('an order in a column', () => {
  const without = (header: string): string => {
    const table = textOf('order-columns.csv')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const at = table[0]!.indexOf(header);
    return table.map((cells) => cells.toSpliced(at, 1).join(',')).join('\n');
  };
  const firstProblem = async (importId: string) => (await rows(importId, false))[0]?.problems[0];

  it('that forbids a call rejects the row, unless the upload says that it is a variable', async () => {
    const refused = await upload(textOf('order-columns.csv'));
    expect(refused.body).toMatchObject({ acceptedRows: 0, rejectedRows: 1 });
    expect(await rows(refused.body.id, false)).toMatchObject([
      {
        problems: expect.arrayContaining([
          expect.objectContaining({ code: 'do_not_call', message: expect.stringContaining("says 'yes'") }),
        ]),
      },
    ]);
    const csv = 'phone_number,do_not_call\n+12025550110,yes\n+12025550111,no\n+12025550112,\n';
    const kept = await upload(csv, { doNotCallColumns: 'variables' });
    expect(kept.body).toMatchObject({ acceptedRows: 3, rejectedRows: 0 });
    const some = await upload(csv);
    expect(some.body).toMatchObject({ acceptedRows: 2, rejectedRows: 1 });
    expect((await rows(some.body.id, true)).map(({ recipient }) => recipient.variables)).toEqual([
      { do_not_call: 'no' },
      { do_not_call: '' },
    ]);
  });

  it('holds when the row is edited', async () => {
    const csv = 'phone_number,DNC\n12a,yes\n';
    const strict = await upload(csv);
    const json = { values: { phone_number: '+12025550110' } };
    expect(
      (await send(api, 'editImportRow', { params: { importId: strict.body.id, rowNumber: '1' }, json })).body.row
        .accepted,
    ).toBe(false);
    const loose = await upload(csv, { doNotCallColumns: 'variables' });
    expect(
      (await send(api, 'editImportRow', { params: { importId: loose.body.id, rowNumber: '1' }, json })).body.row
        .accepted,
    ).toBe(true);
  });

  it('on the time is obeyed: one that ends before it begins is rejected', async () => {
    const { body } = await upload(without('do_not_call'));
    expect(await firstProblem(body.id)).toMatchObject({ code: 'empty_period' });
    expect(body.warnings).toMatchObject([
      { code: 'order_without_effect', message: expect.stringContaining("('timezone') is only a variable") },
    ]);
  });

  it('on the time is read in the zone of the batch, unless it says its own', async () => {
    const csv = [
      'phone_number,not_before,Not After,notAfter2',
      '+12025550110,2030-06-01 09:00,2030-06-01T12:00:00Z,',
      '+12025550111,2030-06-01T09:00:00+0300,,',
      '+12025550112,,2030-06-01 09:00 Asia/Tokyo,',
      '+12025550113,2030-03-31 02:30,,',
      '+12025550114,2030-10-27 02:30,,',
      '+12025550115,01/06/2030,,',
    ].join('\n');
    const { body } = await upload(csv, {}, { timeZone: 'Europe/Madrid' });
    const accepted = await rows(body.id, true);
    expect(accepted.map(({ recipient: { notBefore, notAfter } }) => [notBefore, notAfter])).toEqual([
      ['2030-06-01T07:00:00.000Z', '2030-06-01T12:00:00.000Z'],
      ['2030-06-01T06:00:00.000Z', null],
      [null, '2030-06-01T00:00:00.000Z'],
      ['2030-10-27T00:30:00.000Z', null],
    ]);
    expect(codesOf(await rows(body.id, false))).toEqual(['time_skipped', 'not_a_time']);
  });

  it('on the zone acts in a batch that calls in the hours of its recipients, and must be a zone in every batch', async () => {
    const csv = 'phone_number,timezone\n+12025550110,America/Los_Angeles\n+12025550111,Nowhere/City\n';
    for (const hoursIn of ['recipient', 'batch']) {
      const { body } = await upload(csv, {}, { hoursIn });
      expect(codesOf(await rows(body.id, false))).toEqual(['time_zone_unknown']);
      const [row] = await rows(body.id, true);
      expect(row!.recipient).toMatchObject({ variables: { timezone: 'America/Los_Angeles' } });
      expect(row!.recipient.timeZone).toBe(hoursIn === 'recipient' ? 'America/Los_Angeles' : null);
      expect(body.warnings.map(({ code }: { code: string }) => code)).toEqual(
        hoursIn === 'recipient' ? [] : ['order_without_effect'],
      );
    }
  });
});
