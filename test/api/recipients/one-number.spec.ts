import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import {
  claim,
  claimOne,
  lane,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';
import { publicId } from '../../../domain/ids.js';
import { send, startTestApi, type Sent, type TestApi } from '../support/test-api.js';

const MEANT = '+12135550123';
/** What rings the phone of `MEANT` from a number of the United States. */
const SPELLINGS = ['12135550123', '2135550123', '0012135550123', '01112135550123', '+12135550123'];

let api: TestApi;
let workspace: Workspace;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  workspace = await seedWorkspace(api.db, { concurrencyLimit: 100 });
  const { workspaceId } = workspace;
  key = (await createApiKey(api.db, { workspaceId, name: 'Test', role: 'admin' })).key;
});

const ask = (operationId: string, sent: Sent = {}) => send(api, operationId, { key, ...sent });

/** A batch that is running and open, with recipients whose numbers are dialled as they are written. */
async function runningBatch(phones: string[]): Promise<string> {
  const batchId = await seedBatch(api.db, workspace, { phones: [] });
  if (phones.length > 0) await addTo(batchId, phones);
  return batchId;
}

async function addTo(batchId: string, phones: string[]) {
  const recipients = phones.map((phoneNumber) => ({ phoneNumber, ignoreE164Validation: true }));
  const { status, body } = await ask('addRecipients', {
    params: { batchId: publicId('batch', batchId) },
    json: { recipients },
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}

describe('every spelling of a number', () => {
  it.each(SPELLINGS)('%s is stopped by the suppression of the number, though its check is skipped', async (phone) => {
    await ask('addSuppressions', { json: { phoneNumbers: [MEANT] } });
    const batchId = await runningBatch([phone]);
    await claim(api.db, workspace, [lane(batchId)]);
    expect(await recipientStates(api.db, batchId)).toEqual(['SUPPRESSED']);
    const { body } = await ask('searchSuppressions', { json: { text: '(213) 555-0123', defaultCountry: 'US' } });
    expect(body.data).toMatchObject([{ phoneNumber: MEANT }]);
  });

  it('gets one live call', async () => {
    const batchId = await runningBatch(SPELLINGS);
    await claim(
      api.db,
      workspace,
      SPELLINGS.map(() => lane(batchId)),
    );
    expect((await recipientStates(api.db, batchId)).filter((state) => state === 'IN_PROGRESS')).toHaveLength(1);
  });

  it('counts towards one frequency cap', async () => {
    await api.db.pool.query('UPDATE workspaces SET frequency_cap = 1 WHERE id = $1', [workspace.workspaceId]);
    const first = await runningBatch([MEANT]);
    const call = await claimOne(api.db, workspace, first);
    await api.db.pool.query(`UPDATE attempts SET slot_held = false WHERE id = $1`, [call.id]);
    const second = await runningBatch(['2135550123']);
    await claim(api.db, workspace, [lane(second)]);
    const { rows } = await api.db.pool.query('SELECT wait_reason FROM recipient_states WHERE batch_id = $1', [second]);
    expect(rows).toEqual([{ wait_reason: 'FREQUENCY_CAP' }]);
  });

  it('is a duplicate: in the request, in the batch, among recent calls, and in a file', async () => {
    const batchId = await runningBatch([MEANT]);
    expect(await addTo(batchId, ['2135550123', '12135550123', '+12135550199'])).toMatchObject({
      duplicates: { days: 30, file: 1, batch: 2, calledRecently: 0, any: 2 },
    });
    await claimOne(api.db, workspace, batchId);
    const made = await ask('createBatch', {
      json: {
        name: 'Called before',
        fromNumberId: publicId('phoneNumber', workspace.fromNumberId),
        timeZone: 'Europe/Madrid',
        recipients: [{ phoneNumber: '0012135550123', ignoreE164Validation: true }],
      },
    });
    expect(made.body.duplicates).toMatchObject({ batch: 0, calledRecently: 1, any: 1 });
    const other = await runningBatch([]);
    expect(await addTo(other, ['0012135550123'])).toMatchObject({
      duplicates: { batch: 0, calledRecently: 1, any: 1 },
    });
    const content = `phone_number,ignore_e164_validation\n${MEANT},\n2135550123,yes\n12135550123,yes\n+12135550177,\n`;
    const { body } = await ask('createImport', {
      params: { batchId: publicId('batch', batchId) },
      file: { name: 'a.csv', content },
    });
    expect(body.duplicates).toEqual({ days: 30, file: 2, batch: 3, calledRecently: 3, any: 3 });
    const confirmed = await ask('confirmImport', { params: { importId: body.id }, json: {} });
    expect(confirmed.body.duplicates).toEqual(body.duplicates);
    const automatic = await ask('createImport', {
      params: { batchId: publicId('batch', other) },
      query: { autoConfirm: 'true' },
      file: { name: 'a.csv', content },
    });
    expect(automatic.body).toMatchObject({ status: 'CONFIRMED', duplicates: { file: 2, batch: 3, any: 3 } });
  });

  it.each(['+4345678901', '+14345678901'])(
    'is stopped by the suppression of every number that its digits may ring: %s',
    async (phone) => {
      await ask('addSuppressions', { json: { phoneNumbers: [phone] } });
      const batchId = await runningBatch(['4345678901', MEANT]);
      const { body } = await ask('listRecipients', { params: { batchId: publicId('batch', batchId) } });
      expect(body.data[0].waitingFor.reason).toBe('SUPPRESSED');
      const preflight = await ask('preflightBatch', { params: { batchId: publicId('batch', batchId) } });
      expect(preflight.body.blocked.suppressed).toBe(1);
      await claim(api.db, workspace, [lane(batchId)]);
      expect((await recipientStates(api.db, batchId))[0]).toBe('SUPPRESSED');
    },
  );

  it('is copied with its batch', async () => {
    const batchId = await runningBatch(['2135550123']);
    const { body } = await ask('duplicateBatch', {
      params: { batchId: publicId('batch', batchId) },
      json: { recipients: true },
    });
    const keysOf = async (id: string | null) =>
      (await api.db.pool.query('SELECT phone_key, other_keys FROM recipient_states WHERE batch_id = $1', [id])).rows;
    expect(await keysOf(parsePublicId('batch', body.id))).toEqual(await keysOf(batchId));
  });
});

describe('a suppression', () => {
  it('of a number in national form needs its country, and one that cannot be told is refused', async () => {
    const refused = await ask('addSuppressions', { json: { phoneNumbers: ['0151 23913812'] } });
    expect(refused.problem.errors[0]).toMatchObject({ code: 'phone_without_country_code' });
    const json = { phoneNumbers: ['0151 23913812'], defaultCountry: 'DE' };
    expect((await ask('addSuppressions', { json })).body).toMatchObject({ added: 1, notE164: 0 });
    const file = { name: 'stop.csv', content: 'phone_number\n0151 23913813\n4915123913811\n' };
    const { body } = await ask('importSuppressions', { file, query: { defaultCountry: 'DE' } });
    expect(body).toMatchObject({ added: 1, rejectedRows: 1 });
    expect(body.rejected[0].message).toContain('+4915123913811');
    expect((await ask('removeSuppressions', { json })).body).toEqual({ removed: 1, notThere: 0 });
  });

  it('is not said to be absent when the number that was looked for cannot be told', async () => {
    await ask('addSuppressions', { json: { phoneNumbers: ['+4915123913812'] } });
    const untold = await ask('searchSuppressions', { json: { text: '0151 23913813' } });
    expect([untold.status, untold.problem.code]).toEqual([422, 'validation_failed']);
    const part = await ask('searchSuppressions', { json: { text: '0151 23913812' } });
    expect(part.body.data).toMatchObject([{ phoneNumber: '+4915123913812' }]);
    const told = await ask('searchSuppressions', { json: { text: '0151 23913812', defaultCountry: 'DE' } });
    expect(told.body.data).toMatchObject([{ phoneNumber: '+4915123913812' }]);
  });
});
