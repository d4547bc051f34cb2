import type { ApiClient } from '../../dev/demo/api-client.js';
import { apiOf, batchBody, type ShownBatch } from '../support/api.js';
import { startDevServer, type DevServer } from '../support/dev-server.js';
import { eventually } from '../support/eventually.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

const PHONE = '+12025550100';
const COMPLETE_MS = 40_000;

describe('a batch over Retell', () => {
  let server: DevServer;
  let platform: TestPlatform;
  let call: ApiClient;
  beforeAll(async () => {
    server = await startDevServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    platform = await startPlatform({ ...server, carrier: { wire: 'retell' } });
    await platform.test.db.prisma.providerAccount.updateMany({ data: { kind: 'retell', pollIntervalMs: 200 } });
    call = await apiOf(platform);
  });
  afterEach(() => platform.stop());

  const start = (count: number) => call<ShownBatch>('POST', '/v1/batches', batchBody(platform, count));
  const untilStatus = (id: string, status: string): Promise<ShownBatch> =>
    eventually(async () => {
      const batch = await call<ShownBatch>('GET', `/v1/batches/${id}`);
      expect(batch.status).toBe(status);
      return batch;
    }, COMPLETE_MS);
  const callsTo = (phone: string) => platform.carrier.ledger().filter(({ to, callId }) => to === phone && callId);

  it('calls everyone once and learns every end, with webhooks and by polling alone', async () => {
    const ends: unknown[] = [];
    for (const isPolling of [false, true]) {
      platform.carrier.reset();
      if (isPolling) platform.carrier.configure({ webhookUrl: null });
      const { id } = await start(12);
      ends.push((await untilStatus(id, 'COMPLETED')).counters.recipients);
      expect(platform.carrier.totals().accepted).toBe(12);
      expect(platform.carrier.referencesTwice()).toEqual([]);
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  it('calls again, and spends no attempt, when Retell took a call and then had no capacity for it', async () => {
    const fate = { outcome: 'PROVIDER_ERROR', disconnectionReason: 'concurrency_limit_reached' } as const;
    platform.carrier.configure({ numbers: { [PHONE]: fate } });
    const { id } = await start(1);
    await eventually(async () => expect(callsTo(PHONE)[0]?.endedAt).toBeTruthy());
    platform.carrier.configure({ numbers: { [PHONE]: { outcome: 'ANSWERED' } } });
    const batch = await untilStatus(id, 'COMPLETED');
    expect(batch.counters.recipients).toMatchObject({ COMPLETED: 1 });
    expect(callsTo(PHONE).length).toBeGreaterThan(1);
  });

  it.each([
    ['no_valid_payment', 'payment'],
    ['telephony_provider_permission_denied', 'permission'],
  ])('pauses, says why, and spends no attempt, when a call ends with %s', async (disconnectionReason, word) => {
    platform.carrier.configure({ numbers: { [PHONE]: { outcome: 'PROVIDER_ERROR', disconnectionReason } } });
    const { id } = await start(1);
    expect(await untilStatus(id, 'PAUSED')).toMatchObject({ statusReason: expect.stringContaining(word) });
    platform.carrier.configure({ numbers: { [PHONE]: { outcome: 'ANSWERED' } } });
    await call('POST', `/v1/batches/${id}/resume`);
    expect((await untilStatus(id, 'COMPLETED')).counters.recipients).toMatchObject({ COMPLETED: 1 });
    expect(callsTo(PHONE)).toHaveLength(2);
  });
});
