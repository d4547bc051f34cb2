import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { readNamedPlaces } from '../../../platform/egress.js';
import { accountBody, carrierAccount } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { rowOf, sync, update, uuidOf } from './accounts.js';

/** A service of the same machine or network, which no tenant is to reach. */
let service: http.Server;
let connections = 0;
let api: TestApi;
/** As an installation is that names nothing. */
let strict: TestApi;
beforeAll(async () => {
  service = http.createServer((_req, res) => res.end('secret')).on('connection', () => connections++);
  await once(service.listen(0, '127.0.0.1'), 'listening');
  api = await startTestApi();
  strict = await startTestApi({ egress: { named: [], proxyUrl: null, allowSimulator: false } });
});
afterAll(async () => {
  await Promise.all([api.stop(), strict.stop()]);
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
});

const port = (): number => (service.address() as AddressInfo).port;

it.each([
  (at: number) => `http://127.0.0.1:${at}`,
  (at: number) => `https://127.0.0.1:${at}`,
  (at: number) => `https://localhost:${at}`,
  (at: number) => `https://2130706433:${at}`,
  (at: number) => `https://[::ffff:7f00:1]:${at}`,
  () => 'https://169.254.169.254',
  () => 'https://10.0.0.1',
  () => 'https://temporal:7233',
  () => 'https://api.retellai.com/?to=',
  () => 'https://api.retellai.com/#',
])('an account cannot be added at an address of the installation’s own, %#', async (urlAt) => {
  const json = { kind: 'retell', name: 'Retell', credentials: { apiKey: 'key' }, baseUrl: urlAt(port()) };
  const { status, problem } = await send(strict, 'createProviderAccount', { json });
  expect([status, problem.errors[0]?.field]).toEqual([422, 'baseUrl']);
  expect(connections).toBe(0);
});

it('an account of the simulated carrier cannot be added where the installation does not allow it', async () => {
  const { status, problem } = await send(strict, 'createProviderAccount', {
    json: accountBody(strict, { baseUrl: 'https://carrier.example.com' }),
  });
  expect([status, problem.errors[0]?.field]).toEqual([422, 'kind']);
});

it('a name that stands for this machine reaches nothing when the account is synced', async () => {
  const named = await startTestApi({
    egress: { named: readNamedPlaces('carrier.internal'), proxyUrl: null, allowSimulator: true },
  });
  const json = {
    kind: 'retell',
    name: 'Retell',
    credentials: { apiKey: 'key' },
    baseUrl: `https://api.example.invalid:${port()}`,
  };
  const { body } = await send(named, 'createProviderAccount', { json });
  const answer = await sync(named, body.id);
  expect([answer.status, answer.problem.code]).toEqual([424, 'provider_unreachable']);
  expect(connections).toBe(0);
  await named.stop();
});

it('an account that is not allowed any more says so, and is refused without a 5xx', async () => {
  const id = await carrierAccount(api);
  expect((await send(api, 'getProviderAccount', { params: { providerAccountId: id } })).body.notAllowed).toBeNull();
  await api.db.prisma.providerAccount.update({
    where: { id: uuidOf(id) },
    data: { kind: 'retell', baseUrl: 'https://10.1.2.3' },
  });
  const shown = await send(api, 'getProviderAccount', { params: { providerAccountId: id } });
  expect(shown.body.notAllowed).toMatch(/^Its baseUrl must be at a public address/);
  const synced = await sync(api, id);
  expect([synced.status, synced.problem.code]).toEqual([409, 'provider_account_not_allowed']);
  expect((await update(api, id, { name: 'Renamed' })).body).toMatchObject({
    name: 'Renamed',
    notAllowed: expect.any(String),
  });
  expect((await rowOf(api, id)).name).toBe('Renamed');
});
