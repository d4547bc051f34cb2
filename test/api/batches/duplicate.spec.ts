import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { seedBatch } from '../../support/seed.js';
import { batchBody, draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { DIALLING } from './dialling.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('a duplicate', () => {
  it('is a draft with the same configuration and no dates of its own', async () => {
    const made = await send(api, 'createBatch', {
      json: batchBody(api, { ...DIALLING, start: { at: '2027-01-01T09:00' }, name: 'x'.repeat(100) }),
    });
    const { body, headers } = await send(api, 'duplicateBatch', { params: { batchId: made.body.id } });
    const { timeZone, window, fromNumber, agent } = made.body;
    expect(body).toMatchObject({
      ...DIALLING,
      ...{ timeZone, window, fromNumber, agent },
      status: 'DRAFT',
      startAt: null,
      retryPolicy: { ...DIALLING.retryPolicy, notAfter: null },
      counters: { recipients: { total: 0 } },
      name: `${'x'.repeat(93)} (copy)`,
    });
    expect(headers.get('location')).toBe(`/v1/batches/${body.id}`);
  });

  it('has the recipients too when asked, in order and with all that belongs to them', async () => {
    const recipients = [
      {
        phoneNumber: '+12025550171',
        name: 'Zoë',
        variables: { city: 'Łódź' },
        metadata: { n: [1] },
        customSipHeaders: { 'X-A': '1' },
        notAfter: '2030-01-01T00:00:00Z',
      },
      { phoneNumber: '+12025550172', ignoreE164Validation: true },
    ];
    const original = await draft(api, { recipients });
    const { body } = await send(api, 'duplicateBatch', {
      params: { batchId: original },
      json: { name: 'Again', recipients: true },
    });
    const list = async (batchId: string) =>
      (await send(api, 'listRecipients', { params: { batchId } })).body.data.map((recipient: object) => ({
        ...recipient,
        ...{ id: null, batchId: null, createdAt: null, waitingFor: null },
      }));
    expect([body.name, await list(body.id)]).toEqual(['Again', await list(original)]);
    expect(body.counters.recipients.total).toBe(2);
  });

  it('is refused with more recipients than are copied, and made without them', async () => {
    const uuid = await seedBatch(api.db, api.workspace, { status: 'COMPLETED', recipients: 0 });
    await api.db.pool.query(
      `INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, phone_key, state) SELECT new_id(), $1, n, '+12025550100', '+12025550100', 'COMPLETED' FROM generate_series(1, 50001) n`,
      [uuid],
    );
    const params = { batchId: publicId('batch', uuid) };
    const { status, problem } = await send(api, 'duplicateBatch', { params, json: { recipients: true } });
    expect([status, problem.code]).toEqual([422, 'too_many_recipients']);
    expect(problem.detail).toContain('upload');
    expect((await send(api, 'duplicateBatch', { params })).status).toBe(201);
  });
});
