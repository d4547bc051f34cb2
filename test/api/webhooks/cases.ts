import { describe, expect, it } from '@jest/globals';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { claimOne, seedBatch } from '../../support/seed.js';
import { carrierAccount, webhook } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

export function webhookCases(getApi: () => TestApi): void {
  const accountId = (): string => publicId('providerAccount', getApi().workspace.providerAccountId);

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

    it('of an account whose stored credentials cannot be read is refused for now, so that it comes again', async () => {
      const api = getApi();
      const id = await carrierAccount(api);
      const data = { credentials: 'nonsense' };
      await api.db.prisma.providerAccount.update({ where: { id: parsePublicId('providerAccount', id)! }, data });
      const { status, problem } = await send(api, 'receiveWebhook', {
        params: { providerAccountId: id },
        ...webhook(),
      });
      expect([status, problem.code]).toEqual([409, 'credentials_needed']);
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
          transcript: 'Agent: Hello?\nPerson: Yes.',
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
      expect(body.data[0]).toMatchObject({ status: 'COMPLETED', lastOutcome: 'ANSWERED', attemptCount: 1 });
      const recipient = await send(api, 'getRecipient', { params: { recipientId: body.data[0].id } });
      expect(recipient.body.attempts).toEqual([
        expect.objectContaining({
          state: 'ENDED',
          providerCallId: 'call_7',
          answeredAt: new Date(now - 2_000).toISOString(),
          endedAt: new Date(now).toISOString(),
          durationMs: 2_000,
          transcript: [
            { speaker: 'agent', text: 'Hello?' },
            { speaker: 'recipient', text: 'Yes.' },
          ],
          ...{ answeredBy: null, recordingUrl: null, summary: null, successful: null, analysis: {}, cost: null },
          events: [expect.objectContaining({ kind: 'ENDED', details: { transcript: 'Agent: Hello?\nPerson: Yes.' } })],
        }),
      ]);
      const counters = await send(api, 'getCounters', { params: { batchId: publicId('batch', batchId) } });
      expect(counters.body).toMatchObject({
        recipients: { COMPLETED: 1 },
        attempts: { sent: 1, pickedUp: 1, failed: 0 },
      });
    });
  });
}
