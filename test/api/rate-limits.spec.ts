import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operations } from '../../api/routes/all-operations.js';
import { readSettings } from '../../platform/settings.js';
import { REQUESTS } from './support/requests.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

const FEW = { requestsPerMinuteMax: 4, searchesPerMinuteMax: 2, uploadsPerMinuteMax: 1, wrongKeysPerMinuteMax: 3 };
const settings = { ...readSettings({}), ...FEW };
const apis: TestApi[] = [];
const start = async (overrides: Parameters<typeof startTestApi>[0] = {}): Promise<TestApi> => {
  const api = await startTestApi({ settings, ...overrides });
  apis.push(api);
  return api;
};
afterAll(() => Promise.all(apis.map((api) => api.stop())));

describe('a key', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await start();
  });

  it('is told how many requests are left, and refused after the last of a minute', async () => {
    const left: (string | null)[] = [];
    for (let time = 0; time < 4; time++) {
      const { status, headers } = await send(api, 'getWorkspace', { key: api.keys.viewer });
      expect(status).toBe(200);
      expect(headers.get('ratelimit-policy')).toBe('"requests";q=4;w=60');
      left.push(headers.get('ratelimit'));
    }
    expect(left.map((text) => text?.replace(/t=\d+$/, 't='))).toEqual(
      [3, 2, 1, 0].map((requests) => `"requests";r=${requests};t=`),
    );
    const { status, problem, headers } = await send(api, 'getWorkspace', { key: api.keys.viewer });
    expect([status, problem.code, problem.retryable]).toEqual([429, 'too_many_requests', true]);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(headers.get('ratelimit')).toMatch(/^"requests";r=0;t=\d+$/);
  });

  it('is another one’s business alone', async () => {
    expect((await send(api, 'getWorkspace', { key: api.keys.operator })).status).toBe(200);
  });

  it('has fewer searches and uploads than requests', async () => {
    const search = { key: api.other.keys.admin };
    const answers = [];
    for (let time = 0; time < 3; time++) answers.push(await send(api, 'listAudit', search));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[0]!.headers.get('ratelimit-policy')).toBe('"requests";q=4;w=60, "searches";q=2;w=60');
    const file = { name: 'a.csv', content: 'phone_number\n+12025550198\n' };
    const upload = { key: api.other.keys.operator, file };
    const uploads = [await send(api, 'importSuppressions', upload), await send(api, 'importSuppressions', upload)];
    expect(uploads.map(({ status }) => status)).toEqual([200, 429]);
  });
});

it('every operation is refused when its key has asked too often, but for what stops calls', async () => {
  const api = await start();
  const generous = await start({ settings: readSettings({}) });
  for (let time = 0; time < 5; time++) await send(api, 'getWorkspace');
  for (const { id, role, usualWork } of operations.filter((operation) => operation.role !== null)) {
    // The request is made ready with keys of another API; who asks is all that counts.
    const request = await REQUESTS[id]!(generous);
    const { status, problem } = await send(api, id, { ...request, headers: {}, key: api.keys.admin });
    expect([id, role, status === 429 && problem.code === 'too_many_requests']).toEqual([
      id,
      role,
      usualWork !== 'stop',
    ]);
  }
}, 120_000);

it('wrong keys from one address are told so some times a minute, and a right one is taken all the same', async () => {
  const api = await start();
  const wrong = async () => (await send(api, 'getWorkspace', { key: `dw_${'a'.repeat(49)}` })).status;
  expect([await wrong(), await wrong(), await wrong(), await wrong()]).toEqual([401, 401, 401, 429]);
  expect((await send(api, 'getWorkspace', { key: null })).status).toBe(429);
  expect((await send(api, 'getWorkspace')).status).toBe(200);
});

describe('behind a proxy', () => {
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address }, key: null });
  const wrongFrom = async (api: TestApi, address: string) => (await send(api, 'getWorkspace', from(address))).status;

  it('addresses are those that a trusted proxy tells, an IPv6 network being one', async () => {
    const api = await start({ trustProxy: 1 });
    const answers = [];
    for (const last of [1, 2, 3, 4]) answers.push(await wrongFrom(api, `2001:db8:1:2::${last}`));
    expect(answers).toEqual([401, 401, 401, 429]);
    expect(await wrongFrom(api, '2001:db8:1:3::1')).toBe(401);
    await send(api, 'updateWorkspace', { json: { name: 'Mine' }, headers: { 'x-forwarded-for': '203.0.113.9' } });
    const { body } = await send(api, 'listAudit', { query: { action: 'change workspace' } });
    expect(body.data[0].actorFrom).toBe('203.0.113.9');
  });

  it('addresses that anybody tells are not believed', async () => {
    const api = await start();
    const answers = [];
    for (const last of [1, 2, 3, 4]) answers.push(await wrongFrom(api, `203.0.113.${last}`));
    expect(answers).toEqual([401, 401, 401, 429]);
  });
});

describe('shared by several APIs', () => {
  it('are counted together in PostgreSQL, each for itself while that cannot be', async () => {
    const api = await start({ sharedRateLimits: true });
    const key = api.keys.admin;
    for (let time = 0; time < 4; time++) expect((await send(api, 'getWorkspace', { key })).status).toBe(200);
    const { rows } = await api.db.pool.query('SELECT key, points FROM rate_limits');
    expect(rows).toEqual([{ key: expect.stringMatching(/^requests:key_[0-9a-f]{32}$/), points: 4 }]);
    expect((await send(api, 'getWorkspace', { key })).status).toBe(429);
    await api.db.pool.query('UPDATE rate_limits SET expire = 0');
    expect((await send(api, 'getWorkspace', { key })).status).toBe(200);
    await api.db.pool.query('ALTER TABLE rate_limits RENAME TO away');
    expect((await send(api, 'getWorkspace', { key })).status).toBe(200);
  });
});
