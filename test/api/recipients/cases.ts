import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { seedBatch } from '../../support/seed.js';
import { draft, firstRecipient, seeded } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

export function recipientCases(getApi: () => TestApi): void {
  describe('recipients', () => {
    it('are added to an open batch, and not to one that is over', async () => {
      const api = getApi();
      const json = { recipients: [{ phoneNumber: '+12025550177' }] };
      const batchId = await seeded(api, { status: 'RUNNING', recipients: 1 });
      expect((await send(api, 'addRecipients', { params: { batchId }, json })).body).toMatchObject({
        id: batchId,
        added: 1,
        counters: { recipients: { total: 2 } },
      });
      expect((await send(api, 'getCounters', { params: { batchId } })).body.recipients.total).toBe(2);
      const over = await send(api, 'addRecipients', {
        params: { batchId: await seeded(api, { status: 'COMPLETED' }) },
        json,
      });
      expect([over.status, over.problem.code]).toEqual([409, 'action_not_allowed']);
    });

    it('are removed one by one while they wait, and not once they are called or the batch is over', async () => {
      const api = getApi();
      const remove = async (status: 'RUNNING' | 'COMPLETED', state: string) => {
        const uuid = await seedBatch(api.db, api.workspace, { status, recipients: 1 });
        await api.db.pool.query('UPDATE recipient_states SET state = $2 WHERE batch_id = $1', [uuid, state]);
        const batchId = publicId('batch', uuid);
        const params = { batchId, recipientId: await firstRecipient(api, batchId) };
        const { status: answered, problem } = await send(api, 'removeRecipient', { params });
        return [answered, problem.code];
      };
      expect((await remove('RUNNING', 'WAITING'))[0]).toBe(204);
      expect(await remove('RUNNING', 'IN_PROGRESS')).toEqual([409, 'recipient_not_waiting']);
      expect(await remove('COMPLETED', 'NO_ANSWER')).toEqual([409, 'action_not_allowed']);
    });

    it('are changed while they wait, and not once they are called', async () => {
      const api = getApi();
      const uuid = await seedBatch(api.db, api.workspace, { recipients: 1 });
      const params = { recipientId: await firstRecipient(api, publicId('batch', uuid)) };
      const json = { variables: { city: 'Rome' } };
      const { status, body } = await send(api, 'updateRecipient', { params, json });
      expect([status, body.variables]).toEqual([200, { city: 'Rome' }]);
      await api.db.pool.query(`UPDATE recipient_states SET state = 'IN_PROGRESS' WHERE batch_id = $1`, [uuid]);
      const { status: answered, problem } = await send(api, 'updateRecipient', { params, json });
      expect([answered, problem.code]).toEqual([409, 'recipient_not_waiting']);
    });

    it('are all refused when one is wrong', async () => {
      const api = getApi();
      const batchId = await draft(api);
      const { problem } = await send(api, 'addRecipients', {
        params: { batchId },
        json: { recipients: [{ phoneNumber: '+12025550177' }, { phoneNumber: '12a' }] },
      });
      expect(problem.errors.map(({ field }) => field)).toEqual(['recipients[1].phoneNumber']);
      expect((await send(api, 'getCounters', { params: { batchId } })).body.recipients.total).toBe(1);
    });

    it('are listed page by page in order of arrival and by status, and found by number, part of a number and name', async () => {
      const api = getApi();
      const batchId = await draft(api, {
        recipients: ['1', '2', '3'].map((digit) => ({ phoneNumber: `+1202555014${digit}`, name: `Zoë %${digit}` })),
      });
      const params = { batchId };
      for (const sort of ['ordinal', 'status']) {
        const first = await send(api, 'listRecipients', { params, query: { limit: '2', sort } });
        const second = await send(api, 'listRecipients', {
          params,
          query: { limit: '2', sort, cursor: first.body.nextCursor },
        });
        const phones = [...first.body.data, ...second.body.data].map(
          ({ phoneNumber }: { phoneNumber: string }) => phoneNumber,
        );
        expect([phones, second.body.nextCursor]).toEqual([['+12025550141', '+12025550142', '+12025550143'], null]);
      }
      const found = async (text: string) =>
        (await send(api, 'searchRecipients', { params, json: { text } })).body.data.length;
      expect([
        await found('+1 (202) 555-0142'),
        await found('50143'),
        await found('zoë'),
        await found('%'),
        await found('_'),
      ]).toEqual([1, 1, 3, 3, 0]);
      const page = await send(api, 'searchRecipients', { params, json: { text: 'zoë', limit: 2 } });
      expect(
        (await send(api, 'searchRecipients', { params, json: { text: 'zoë', limit: 2, cursor: page.body.nextCursor } }))
          .body.data,
      ).toHaveLength(1);
    });

    it('show when they may be called at the earliest', async () => {
      const api = getApi();
      const uuid = await seedBatch(api.db, api.workspace, { recipients: 0 });
      const params = { batchId: publicId('batch', uuid) };
      await send(api, 'addRecipients', {
        params,
        json: { recipients: [{ phoneNumber: '+12025550171', notBefore: '2027-01-01T08:00:00Z' }] },
      });
      const recipientId = await firstRecipient(api, params.batchId);
      const { body } = await send(api, 'getRecipient', { params: { recipientId } });
      expect(body).toMatchObject({
        status: 'PENDING',
        waitingFor: { reason: 'NOT_BEFORE', until: '2027-01-01T08:00:00.000Z' },
        attempts: [],
      });
      expect((await send(api, 'getCounters', { params })).body.recipients).toMatchObject({ PENDING: 1, QUEUED: 0 });
      expect((await send(api, 'listRecipients', { params, query: { status: 'QUEUED' } })).body.data).toHaveLength(0);
    });
  });
}
