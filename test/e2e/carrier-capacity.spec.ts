import type { ApiClient } from '../../dev/demo/api-client.js';
import { apiOf, batchBody, type ShownBatch } from '../support/api.js';
import { startDevServer, type DevServer } from '../support/dev-server.js';
import { eventually } from '../support/eventually.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

const CAPACITY = 6;
const CALLS = 90;
/** The first burst shows what the carrier takes; what is judged comes after it. */
const FIRST_REQUESTS = 30;
const REFUSED = 429;

let server: DevServer;
let platform: TestPlatform;
let call: ApiClient;
beforeAll(async () => {
  server = await startDevServer();
  platform = await startPlatform({
    ...server,
    concurrencyLimit: 20,
    carrier: { concurrencyMax: CAPACITY, setupMs: 50, callLength: { is: 'fixed', ms: 200 }, outcomes: { ANSWERED: 1 } },
  });
  call = await apiOf(platform);
});
afterAll(async () => {
  await platform.stop();
  await server.stop();
});

it('a carrier of a fixed capacity refuses few requests, is used up to its capacity, and everybody is called', async () => {
  const { id } = await call<ShownBatch>('POST', '/v1/batches', batchBody(platform, CALLS));
  await eventually(async () => {
    expect((await call<ShownBatch>('GET', `/v1/batches/${id}`)).status).toBe('COMPLETED');
  }, 100_000);
  const requests = platform.carrier.ledger();
  const called = requests.filter(({ callId }) => callId !== null);
  expect(new Set(called.map(({ to }) => to)).size).toBe(CALLS);
  const later = requests.slice(FIRST_REQUESTS);
  const refused = later.filter(({ answeredStatus }) => answeredStatus === REFUSED);
  expect(refused.length / later.length).toBeLessThan(0.2);
  // Every refusal is one at full capacity: the carrier has no other reason.
  expect(refused.length).toBeGreaterThan(0);
}, 120_000);
