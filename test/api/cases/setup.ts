import { describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { seedBatch, claimOne } from '../../support/seed.js';
import { REQUESTS, webhook } from '../requests.js';
import { seen, send, startBrokenApi, type TestApi } from '../test-api.js';

export function setupCases(getApi: () => TestApi): void {
  const accountId = (): string => publicId('providerAccount', getApi().workspace.providerAccountId);

  describe('agents and numbers', () => {
    it('are refused for an account that does not exist, or twice', async () => {
      const api = getApi();
      for (const id of ['createAgent', 'createPhoneNumber']) {
        const request = await REQUESTS[id]!(api);
        const elsewhere = publicId('providerAccount', api.other.workspace.providerAccountId);
        const unknown = await send(api, id, { json: { ...(request.json as object), providerAccountId: elsewhere } });
        expect([unknown.status, unknown.problem.code]).toEqual([422, 'provider_account_not_found']);
        const first = await send(api, id, request);
        const second = await send(api, id, request);
        expect([second.status, second.problem.code]).toEqual([409, 'already_exists']);
        expect(second.problem).toMatchObject({ existingId: first.body.id });
      }
    });

    it('are refused with an agent of another account, and a number that is none', async () => {
      const api = getApi();
      const json = { providerAccountId: accountId(), phone: '+12025550190' };
      const agentId = publicId('agent', api.other.workspace.agentId);
      expect((await send(api, 'createPhoneNumber', { json: { ...json, outboundAgentId: agentId } })).problem.code).toBe(
        'agent_not_found',
      );
      expect(
        (await send(api, 'createPhoneNumber', { json: { ...json, phone: '12a' } })).problem.errors[0],
      ).toMatchObject({ field: 'phone' });
      const params = { phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId) };
      expect((await send(api, 'updatePhoneNumber', { params, json: { outboundAgentId: agentId } })).problem.code).toBe(
        'agent_not_found',
      );
    });

    it.each(['agent', 'number'] as const)(
      'pause the running batches of an %s that is disabled, with the reason',
      async (what) => {
        const api = getApi();
        const batchId = publicId('batch', await seedBatch(api.db, api.workspace));
        const disable = (disabled: boolean) =>
          what === 'agent'
            ? send(api, 'updateAgent', {
                params: { agentId: publicId('agent', api.workspace.agentId) },
                json: { disabled },
              })
            : send(api, 'updatePhoneNumber', {
                params: { phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId) },
                json: { disabled },
              });
        expect((await disable(true)).body.disabled).toBe(true);
        const { body } = await send(api, 'getBatch', { params: { batchId } });
        expect((await disable(false)).body.disabled).toBe(false);
        expect(body).toMatchObject({ status: 'PAUSED', statusReason: expect.stringContaining('disabled') });
      },
    );

    it('never show the secrets of an account', async () => {
      const { body } = await send(getApi(), 'listProviderAccounts');
      expect(JSON.stringify(body)).not.toMatch(/secret|carrier-key/);
      expect(body.data[0].webhookUrl).toBe(`https://calls.test/v1/webhooks/${accountId()}`);
    });

    it('are listed page by page', async () => {
      const api = getApi();
      const first = await send(api, 'listPhoneNumbers', { query: { limit: '1' } });
      const second = await send(api, 'listPhoneNumbers', { query: { limit: '1', cursor: first.body.nextCursor } });
      expect(second.body.data[0].id).not.toBe(first.body.data[0].id);
    });
  });

  describe('a webhook', () => {
    it('is refused when it is forged, malformed or too large, and records nothing', async () => {
      const api = getApi();
      const params = { providerAccountId: accountId() };
      const before = await api.db.prisma.callEvent.count();
      const forged = await send(api, 'receiveWebhook', { params, ...webhook('wrong') });
      expect([forged.status, forged.problem.code]).toEqual([401, 'webhook_forged']);
      expect((await send(api, 'receiveWebhook', { params, key: null })).status).toBe(401);
      const malformed = await send(api, 'receiveWebhook', { params, ...webhook('carrier-secret', { nonsense: true }) });
      expect([malformed.status, malformed.problem.code]).toEqual([400, 'webhook_malformed']);
      const large = await send(api, 'receiveWebhook', { params, key: null, raw: { body: 'x'.repeat(1_100_000) } });
      expect(large.status).toBe(413);
      expect(await api.db.prisma.callEvent.count()).toBe(before);
    });

    it('ends the attempt, once, and the recipient shows it', async () => {
      const api = getApi();
      const batchId = await seedBatch(api.db, api.workspace, { phones: ['+12025550155'] });
      const call = await claimOne(api.db, api.workspace, batchId);
      await api.db.pool.query('SELECT accept_call($1, $2)', [call.id, 'call_7']);
      const now = Date.now();
      const event = {
        event: 'call_ended',
        call: {
          call_id: 'call_7',
          reference: publicId('attempt', call.id),
          accepted_at: now - 3_000,
          started_at: now - 2_000,
          ended_at: now,
          duration_ms: 2_000,
          end_reason: 'user_hangup',
        },
      };
      for (const _ of [1, 2])
        expect(
          (
            await send(api, 'receiveWebhook', {
              params: { providerAccountId: accountId() },
              ...webhook('carrier-secret', event),
            })
          ).status,
        ).toBe(204);
      const { body } = await send(api, 'listRecipients', { params: { batchId: publicId('batch', batchId) } });
      expect(body.data[0]).toMatchObject({ status: 'COMPLETED', lastOutcome: 'ANSWERED', attempts: 1 });
      const recipient = await send(api, 'getRecipient', { params: { recipientId: body.data[0].id } });
      expect(recipient.body.attemptList).toEqual([
        expect.objectContaining({
          state: 'ENDED',
          providerCallId: 'call_7',
          events: [expect.objectContaining({ kind: 'ENDED' })],
        }),
      ]);
      const counters = await send(api, 'getCounters', { params: { batchId: publicId('batch', batchId) } });
      expect(counters.body).toMatchObject({
        recipients: { COMPLETED: 1 },
        attempts: { sent: 1, pickedUp: 1, failed: 0 },
      });
    });
  });

  describe('readiness', () => {
    it('is told with the clock skew; without Temporal it is degraded, without PostgreSQL there is none', async () => {
      const api = getApi();
      const { body } = await send(api, 'getReadiness', { key: null });
      expect(body).toMatchObject({
        status: process.env['TEST_TEMPORAL_ADDRESS'] ? 'ready' : 'degraded',
        postgresql: { ok: true },
      });
      expect(Math.abs(body.postgresql.clockSkewMs)).toBeLessThan(1_000);
      const away = await startBrokenApi('postgresql://nobody@127.0.0.1:9/nothing');
      expect(await send(away, 'getReadiness', { key: null })).toMatchObject({
        status: 503,
        body: { status: 'unavailable', temporal: { ok: false } },
      });
      await away.stop();
      expect(seen.has('getReadiness 503')).toBe(true);
    });
  });
}
