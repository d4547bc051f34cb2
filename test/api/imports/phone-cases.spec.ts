import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readRepoFile } from '../../repo/repo-files.js';
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

type Rejected = { rowNumber: number; problems: { code: string; message: string }[] };

async function upload(file: string, query: Record<string, string> = {}) {
  const importId = await uploadCsv(api, batchId, readRepoFile(`test/api/imports/files/${file}.csv`), query);
  const accepted: { recipient: { phoneNumber: string } }[] = await rowsOf(api, importId, true);
  const rejected: Rejected[] = await rowsOf(api, importId, false);
  return { importId, phones: accepted.map(({ recipient }) => recipient.phoneNumber), rejected };
}

const codesOf = (rejected: Rejected[]) => rejected.map(({ rowNumber, problems }) => [rowNumber, problems[0]?.code]);

describe('an upload calls the person who was meant', () => {
  it('rejects a number that a spreadsheet has calculated', async () => {
    const { phones, rejected } = await upload('sum', { defaultCountry: 'US' });
    expect(phones).toEqual(['+12025550125']);
    expect(codesOf(rejected)).toEqual([[1, 'phone_calculated']]);
    expect(rejected[0]?.problems[0]?.message).toMatch(/no sign: a spreadsheet has calculated it.*column as text/);
  });

  it('rejects a number whose + was lost when it can be another, names both, and says what the column says', async () => {
    const { importId, phones, rejected } = await upload('lost-plus-de', { defaultCountry: 'DE' });
    expect(phones).toEqual(['+4915123913812', '+4930123456']);
    expect(codesOf(rejected)).toEqual([1, 2, 3].map((row) => [row, 'phone_ambiguous']));
    const both = ['+4915123913811', '+491716000000', '+49345279580'];
    for (const [index, { problems }] of rejected.entries()) {
      expect(problems[0]?.message).toContain(both[index]);
      expect(problems[0]?.message).toContain('+4949');
    }
    expect(await importOf(api, importId)).toMatchObject({
      numbersWithoutPlus: 'unambiguous',
      readings: { national: 2, international: 0, both: 3 },
    });
  });

  it('reads all of the column as the upload says that it is written', async () => {
    const { phones, rejected } = await upload('lost-plus-de', {
      defaultCountry: 'DE',
      numbersWithoutPlus: 'international',
    });
    expect(rejected).toEqual([]);
    expect(phones).toEqual(['+4915123913811', '+491716000000', '+49345279580', '+4915123913812', '+4930123456']);
  });

  it('reads an edited row as the upload says', async () => {
    const importId = await uploadCsv(api, batchId, 'phone_number\nx\n', { numbersWithoutPlus: 'international' });
    const { body } = await send(api, 'editImportRow', {
      params: { importId, rowNumber: '1' },
      json: { values: { phone_number: '4915123913811' } },
    });
    expect(body.row).toMatchObject({ accepted: true, recipient: { phoneNumber: '+4915123913811' } });
  });

  it.each([
    ['arabic-digits', { defaultCountry: 'SA' }, ['+966501234567', '+966501234568', '+989121234567']],
    ['arabic-letter-mark', {}, ['+966501234562']],
    ['writing', {}, ['+49301234567', '+12025550110', '+12025550111']],
  ])(
    'reads digits of every script, and what people and spreadsheets write around them: %s',
    async (file, query, all) => {
      const { phones, rejected } = await upload(file, query);
      expect(rejected).toEqual([]);
      expect(phones).toEqual(all);
    },
  );

  it('rejects extensions, because they are not dialled', async () => {
    const { phones, rejected } = await upload('extensions');
    expect(phones).toEqual([]);
    expect(codesOf(rejected)).toEqual([1, 2, 3, 4].map((row) => [row, 'phone_extension']));
    for (const { problems } of rejected) expect(problems[0]?.message).toContain('extensions are not dialled');
  });

  it('keeps the phone as it was written for good, where it was repaired', async () => {
    const { importId } = await upload('writing');
    await confirmImport(api, importId);
    const recipients: { phoneNumber: string; originalPhoneNumber: string | null }[] = await recipientsOf(api, batchId);
    expect(recipients.map(({ originalPhoneNumber }) => originalPhoneNumber)).toEqual([
      '+49 30/1234567',
      'tel:+12025550110',
      "'+12025550111'",
    ]);
  });

  it('wants a country for national numbers', async () => {
    const file = { name: 'a.csv', content: 'phone_number\n030 123456\n' };
    const query = { numbersWithoutPlus: 'national' };
    const { status, problem } = await send(api, 'createImport', { params: { batchId }, file, query });
    expect([status, problem.code, problem.errors[0]?.field]).toEqual([422, 'validation_failed', 'defaultCountry']);
  });
});

describe('recipients as JSON', () => {
  const add = (json: Record<string, unknown>) => send(api, 'addRecipients', { params: { batchId }, json });

  it('are read in the same ways', async () => {
    const recipients = [{ phoneNumber: '4915123913811' }];
    const refused = await add({ recipients, defaultCountry: 'DE' });
    expect(refused.problem.errors[0]).toMatchObject({ field: 'recipients[0].phoneNumber', code: 'phone_ambiguous' });
    expect((await add({ recipients, numbersWithoutPlus: 'international' })).status).toBe(201);
    expect((await add({ recipients: [{ phoneNumber: '030 123456' }], defaultCountry: 'DE' })).status).toBe(201);
    const shown: { phoneNumber: string }[] = await recipientsOf(api, batchId);
    expect(shown.map(({ phoneNumber }) => phoneNumber)).toEqual(['+4915123913811', '+4930123456']);
    const made = await draft(api, { recipients: [{ phoneNumber: '030 123457' }], defaultCountry: 'DE' });
    expect(await recipientsOf(api, made)).toMatchObject([
      { phoneNumber: '+4930123457', originalPhoneNumber: '030 123457' },
    ]);
  });

  it('with costly numbers are rejected, unless the batch allows them', async () => {
    const recipients = [{ phoneNumber: '+19005550123' }];
    expect((await add({ recipients })).problem.errors[0]).toMatchObject({ code: 'phone_costly' });
    const flagged = [{ phoneNumber: '19005550123', ignoreE164Validation: true }];
    expect((await add({ recipients: flagged })).problem.errors[0]).toMatchObject({ code: 'phone_costly' });
    const file = { name: 'a.csv', content: 'phone_number\n+19005550123\n' };
    const upload = async () => (await send(api, 'createImport', { params: { batchId }, file })).body;
    expect(await upload()).toMatchObject({ acceptedRows: 0, rejectedRows: 1 });
    const { body } = await send(api, 'updateBatch', { params: { batchId }, json: { allowCostlyNumbers: true } });
    expect(body).toMatchObject({ allowCostlyNumbers: true });
    expect(await upload()).toMatchObject({ acceptedRows: 1, rejectedRows: 0 });
    expect((await add({ recipients })).status).toBe(201);
    const copy = await send(api, 'duplicateBatch', { params: { batchId }, json: { recipients: true } });
    expect(copy.body).toMatchObject({ allowCostlyNumbers: true });
  });
});
