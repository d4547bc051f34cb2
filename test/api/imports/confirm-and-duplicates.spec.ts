import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { readSettings } from '../../../platform/settings.js';
import { claimOne, seedBatch } from '../../support/seed.js';
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

const upload = (content: string) => uploadCsv(api, batchId, content);
const phonesOf = (rows: { phoneNumber: string }[]): string[] => rows.map(({ phoneNumber }) => phoneNumber);

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

  it('and the days are those of the installation, when the request names none: file, JSON and list alike', async () => {
    const days = async (recentCallDays: number) => {
      const settings = { ...readSettings({}), recentCallDays };
      const other = await startTestApi({ settings });
      try {
        const called = await seedBatch(other.db, other.workspace, { phones: [ALAN] });
        const call = await claimOne(other.db, other.workspace, called);
        await other.db.pool.query(
          `UPDATE attempts SET slot_held = false, dialing_at = dialwright_now() - interval '5 days' WHERE id = $1`,
          [call.id],
        );
        const into = await draft(other, { recipients: [] });
        const json = { recipients: [{ phoneNumber: ALAN }] };
        const added = await send(other, 'addRecipients', { params: { batchId: into }, json });
        const importId = await uploadCsv(other, into, `phone_number\n${ALAN}\n`);
        const uploaded = await send(other, 'getImport', { params: { importId } });
        const listed = await send(other, 'listDuplicates', { params: { importId } });
        return [added, uploaded, listed].map(({ body }) => (body.duplicates ?? body.counts).calledRecently);
      } finally {
        await other.stop();
      }
    };
    expect(await days(4)).toEqual([0, 0, 0]);
    expect(await days(6)).toEqual([1, 1, 1]);
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
      const { body } = await confirmImport(api, importId, { dropDuplicates: kinds, days: 7 });
      expect(body).toMatchObject({ status: 'CONFIRMED', totalRows: 7, rejectedRows: 1, droppedRows: dropped });
      expect(body.acceptedRows).toBe(left.length);
      expect(phonesOf(await recipientsOf(api, batchId))).toEqual([GRACE, ...left]);
    },
  );

  it('are not dropped when nothing would be left, or the batch takes nobody', async () => {
    await send(api, 'addRecipients', { params: { batchId }, json: { recipients: [{ phoneNumber: ADA }] } });
    const importId = await upload(`phone_number\n${ADA}\n${ADA}\n`);
    const refused = await confirmImport(api, importId, { dropDuplicates: ['batch'] });
    expect([refused.status, refused.problem.code]).toEqual([422, 'no_accepted_rows']);
    const ids = [parsePublicId('batch', batchId)];
    await api.db.pool.query(
      `UPDATE batches SET status = 'FAILED', "window" = '{}', start_at = dialwright_now() WHERE id = $1`,
      ids,
    );
    expect((await confirmImport(api, importId, { dropDuplicates: ['file'] })).problem.code).toBe('action_not_allowed');
    expect(await importOf(api, importId)).toMatchObject({ status: 'REVIEW', acceptedRows: 2, droppedRows: 0 });
    expect(await rowsOf(api, importId, true)).toHaveLength(2);
  });
});

describe('the duplicates that an import shows', () => {
  beforeAll(async () => {
    // So that nothing but its own rows is to be compared with a file: then they are not counted again without need.
    await api.db.pool.query(`UPDATE attempts SET dialing_at = dialwright_now() - interval '1 year'`);
  });
  const [ADA, GRACE] = ['+12025550121', '+12025550122'] as const;
  const mend = (importId: string, rowNumber: number, phone: string) =>
    send(api, 'editImportRow', {
      params: { importId, rowNumber: String(rowNumber) },
      json: { values: { phone_number: phone } },
    });

  it('are those of its rows at the confirm, mended and left out ones considered', async () => {
    const kept = await upload(`phone_number\n${ADA}\n${ADA}\nx\n`);
    expect((await importOf(api, kept)).duplicates).toEqual({ days: 30, file: 1, batch: 0, calledRecently: 0, any: 1 });
    await mend(kept, 3, ADA);
    expect((await confirmImport(api, kept)).body.duplicates).toMatchObject({ file: 2, any: 2 });

    batchId = await draft(api, { recipients: [] });
    const left = await upload(`phone_number\n${ADA}\n${ADA}\nx\n`);
    await mend(left, 3, GRACE);
    const { body } = await confirmImport(api, left, { dropDuplicates: ['file'] });
    expect(body).toMatchObject({ acceptedRows: 2, droppedRows: 1, duplicates: { file: 0, any: 0 } });
  });

  it('are compared again at the confirm with what came into the batch meanwhile', async () => {
    const importId = await upload(`phone_number\n${ADA}\n${GRACE}\n`);
    expect((await importOf(api, importId)).duplicates).toMatchObject({ batch: 0, any: 0 });
    await send(api, 'addRecipients', { params: { batchId }, json: { recipients: [{ phoneNumber: GRACE }] } });
    expect((await confirmImport(api, importId)).body.duplicates).toMatchObject({ file: 0, batch: 1, any: 1 });
  });
});

describe('several imports of one batch', () => {
  it('are appended, discarded and removed each by itself', async () => {
    const file = (phones: string[]): string => `phone_number\n${phones.join('\n')}\n`;
    const first = await upload(file(['+12025550131', '+12025550132']));
    const second = await upload(file(['+12025550133']));
    const third = await upload(file(['+12025550134', 'x']));
    await confirmImport(api, third);
    await confirmImport(api, first);
    await send(api, 'discardImport', { params: { importId: second } });
    expect(phonesOf(await recipientsOf(api, batchId))).toEqual(['+12025550134', '+12025550131', '+12025550132']);
    const { body } = await send(api, 'removeRecipients', { params: { batchId }, json: { importId: first } });
    expect(body).toEqual({ removed: 2, left: 0 });
    expect(phonesOf(await recipientsOf(api, batchId))).toEqual(['+12025550134']);
    expect([await importOf(api, first), await importOf(api, second), await importOf(api, third)]).toMatchObject([
      { status: 'CONFIRMED', acceptedRows: 2 },
      { status: 'DISCARDED' },
      { status: 'CONFIRMED', rejectedRows: 1 },
    ]);
    expect(await rowsOf(api, third, false)).toHaveLength(1);
  });
});
