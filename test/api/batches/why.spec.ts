import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { seedBatch } from '../../support/seed.js';
import { setWaits } from '../support/batch-rows.js';
import { firstRecipient } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('why nobody is called', () => {
  const why = async (uuid: string) =>
    (await send(api, 'getWhy', { params: { batchId: publicId('batch', uuid) } })).body;

  it('counts every waiting recipient once, under the gate that holds it back', async () => {
    const uuid = await seedBatch(api.db, api.workspace, { status: 'PAUSED', recipients: 6 });
    await setWaits(
      api,
      uuid,
      `wait_reason = CASE WHEN p.place IN (1, 2) THEN 'RETRY' WHEN p.place = 3 THEN 'CONFIRMING_ABSENCE' END,
       due_at = CASE WHEN p.place IN (1, 2) THEN '2030-01-01T00:00:00Z'::timestamptz WHEN p.place = 3 THEN 'infinity' ELSE s.due_at END`,
    );
    expect(await why(uuid)).toMatchObject({
      reason: 'PAUSED',
      until: null,
      message: expect.stringContaining('resume'),
      blocked: [
        { gate: 'PAUSED', recipients: 3, until: null },
        { gate: 'RETRY', recipients: 2, until: '2030-01-01T00:00:00.000Z' },
        { gate: 'CONFIRMING_ABSENCE', recipients: 1, until: null },
      ],
    });
  });

  it('says that calls can start, that a batch is over, and that a retry is on its way', async () => {
    const running = await seedBatch(api.db, api.workspace, { phones: ['+12025557001'] });
    expect(await why(running)).toMatchObject({ reason: 'READY', blocked: [{ gate: 'READY', recipients: 1 }] });
    const over = await seedBatch(api.db, api.workspace, { status: 'CANCELLED' });
    expect(await why(over)).toMatchObject({ reason: 'CANCELLED', blocked: [] });
    const retried = await seedBatch(api.db, api.workspace, { status: 'PENDING', recipients: 2 });
    await api.db.pool.query(`UPDATE recipient_states SET state = 'NO_ANSWER' WHERE batch_id = $1`, [retried]);
    await api.db.pool.query(`UPDATE batches SET chunk_work = 'RETRY', generation = 2 WHERE id = $1`, [retried]);
    expect((await why(retried)).blocked).toMatchObject([{ gate: 'RETRY_OUTSTANDING', recipients: 2 }]);
  });

  it.each([
    ['RETRY', '2030-01-01T00:00:00Z', '2030-01-01T00:00:00.000Z'],
    ['NUMBER_IN_CALL', '2030-01-01T00:00:00Z', null],
    ['FREQUENCY_CAP', '2030-01-01T00:00:00Z', null],
    ['PROVIDER_REFUSED', '2030-01-01T00:00:00Z', null],
    ['CONFIRMING_ABSENCE', 'infinity', null],
  ])('is told of a recipient that waits for %s', async (reason, dueAt, nextRetryAt) => {
    const uuid = await seedBatch(api.db, api.workspace, { recipients: 1 });
    await setWaits(api, uuid, `wait_reason = '${reason}', due_at = '${dueAt}'`);
    const recipientId = await firstRecipient(api, publicId('batch', uuid));
    const { body } = await send(api, 'getRecipient', { params: { recipientId } });
    const until = dueAt === 'infinity' ? null : '2030-01-01T00:00:00.000Z';
    expect(body).toMatchObject({ status: 'PENDING', nextRetryAt, waitingFor: { reason, until } });
    expect(body.waitingFor.message).toMatch(/^[A-Z].*[a-z ]{10}.*\.$/);
  });

  it('is told of a recipient that waits and must not be called', async () => {
    const uuid = await seedBatch(api.db, api.workspace, { status: 'PAUSED', phones: ['+12025557002'] });
    const { workspaceId } = api.workspace;
    await api.db.prisma.suppression.create({ data: { workspaceId, phone: '+12025557002', phoneKey: '+12025557002' } });
    const { body } = await send(api, 'listRecipients', { params: { batchId: publicId('batch', uuid) } });
    expect(body.data[0]).toMatchObject({ status: 'PENDING', waitingFor: { reason: 'SUPPRESSED', until: null } });
  });
});
