import { describe, expect, it } from '@jest/globals';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { claimOne, seedBatch } from '../../support/seed.js';
import { eventually } from '../../support/eventually.js';
import { holdTables } from '../support/hold-tables.js';
import { carrierAccount, webhook } from '../support/requests.js';
import { send, type Received, type TestApi } from '../support/test-api.js';

/** Those that wait are written by themselves only after they were tried together, 64 in half a second. */
const REFUSED_MAX_MS = 20_000;

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

    it('is refused when as many of its workspace wait as may, and recorded when it comes again', async () => {
      const api = getApi();
      const batchId = await seedBatch(api.db, api.workspace, { phones: ['+12025550156'] });
      const { id } = await claimOne(api.db, api.workspace, batchId);
      const call = { call_id: 'call_8', reference: publicId('attempt', id), accepted_at: 1, started_at: 2 };
      const sent = {
        params: { providerAccountId: accountId() },
        ...webhook('carrier-secret', { event: 'call_started', call }),
      };
      const refused: Received[] = [];
      const held = await holdTables(api.db, ['call_events']);
      const all = Array.from({ length: 600 }, async () => {
        const received = await send(api, 'receiveWebhook', sent);
        if (received.status === 429) refused.push(received);
        return received.status;
      });
      try {
        await eventually(() => expect(refused.length).toBeGreaterThan(0), REFUSED_MAX_MS);
      } finally {
        await held.letGo();
      }
      const [{ problem, headers }] = refused as [Received];
      expect([problem.code, headers.get('retry-after')]).toEqual(['too_many_requests', '1']);
      // 503: it has waited for what was held as long as a statement may.
      expect([204, 429, 503]).toEqual(expect.arrayContaining([...new Set(await Promise.all(all))]));
      expect((await send(api, 'receiveWebhook', sent)).status).toBe(204);
      expect(await api.db.prisma.callEvent.count({ where: { attemptId: id } })).toBe(1);
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
