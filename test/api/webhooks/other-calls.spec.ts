import { publicId } from '../../../domain/ids.js';
import { acceptCall, claimOne, seedBatch } from '../../support/seed.js';
import { webhook } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

/** Another application calls through the same account, and its events come to our address. */
const receive = (callId: string) => {
  const endedAt = Date.now();
  const call = { call_id: callId, reference: 'order 17', accepted_at: endedAt - 2_000, started_at: endedAt - 1_000 };
  const event = { event: 'call_ended', call: { ...call, ended_at: endedAt, transcript: 'private' } };
  const params = { providerAccountId: publicId('providerAccount', api.workspace.providerAccountId) };
  return send(api, 'receiveWebhook', { params, ...webhook('carrier-secret', event) });
};
const stored = () => api.db.prisma.callEvent.findMany({ select: { providerCallId: true, details: true } });

it('events of calls that are not ours are acknowledged, and kept without what was said only while they could be ours', async () => {
  expect((await receive('call_before')).status).toBe(204);
  expect(await stored()).toEqual([]);

  const call = await claimOne(api.db, api.workspace, await seedBatch(api.db, api.workspace));
  expect((await receive('call_while')).status).toBe(204);
  expect(await stored()).toEqual([{ providerCallId: 'call_while', details: {} }]);

  await acceptCall(api.db.pool, call.id, 'call_ours');
  expect((await receive('call_after')).status).toBe(204);
  expect(await stored()).toHaveLength(1);
});
