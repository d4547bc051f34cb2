import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { readNamedPlaces } from '../platform/egress.js';
import { startNameServer, type NameServer } from '../test/support/name-server.js';
import { createResolver } from './egress/resolve-host.js';
import { createSender, type SendAnswer, type Sender } from './send-request.js';

const NOT_ALLOWED = { is: 'not-sent', why: 'its name stands for no public address' };

/** A service of this machine that nobody outside is to reach, and the name server of somebody who tries. */
describe('a service of this machine', () => {
  let service: http.Server;
  let connections = 0;
  let names: Record<string, string[]>;
  let nameServer: NameServer;
  beforeAll(async () => {
    service = http.createServer((_req, res) => res.end('secret'));
    service.on('connection', () => connections++);
    await once(service.listen(0, '127.0.0.1'), 'listening');
    nameServer = await startNameServer((host) => names[host] ?? []);
  });
  beforeEach(() => {
    connections = 0;
    names = {};
  });
  afterAll(async () => {
    service.closeAllConnections();
    await Promise.all([new Promise((resolve) => service.close(resolve)), nameServer.stop()]);
  });

  const port = (): number => (service.address() as AddressInfo).port;
  const senderTo = (hosts: string): Sender =>
    createSender(
      { named: readNamedPlaces(hosts), proxyUrl: null, allowSimulator: true },
      createResolver([nameServer.address]),
    );
  const get = (sender: Sender, url: string): Promise<SendAnswer> =>
    sender.send({ method: 'GET', url, headers: {}, body: null, limits: { requestTimeoutMs: 3_000 } });

  it.each([
    ['IPv4', ['127.0.0.1']],
    ['IPv6', ['0:0:0:0:0:0:0:1']],
    ['IPv4 in IPv6', ['0:0:0:0:0:ffff:7f00:1']],
    ['private networks', ['10.0.0.1', 'fd00:0:0:0:0:0:0:1']],
    ['the metadata of a cloud', ['169.254.169.254']],
  ])('is not reached by a name that stands for it: %s', async (_what, addresses) => {
    names = { 'evil.example.com': addresses };
    expect(await get(senderTo(''), `https://evil.example.com:${port()}/`)).toEqual(NOT_ALLOWED);
    expect(connections).toBe(0);
  });

  it('is not reached when a name stands for it only at the second question, or beside a public address', async () => {
    const sender = senderTo('');
    // Nobody listens at the public one, which no request of a test may reach: 0.0.0.0/8 is refused too, and tells why.
    names = { 'evil.example.com': ['0.0.0.0'] };
    expect(await get(sender, `https://evil.example.com:${port()}/`)).toEqual(NOT_ALLOWED);
    names = { 'evil.example.com': ['127.0.0.1', '0.0.0.0'] };
    expect(await get(sender, `https://evil.example.com:${port()}/`)).toEqual(NOT_ALLOWED);
    expect(nameServer.questions()).toBeGreaterThanOrEqual(4);
    expect(connections).toBe(0);
  });

  it('is not connected to by its address, in the clear or not', async () => {
    for (const url of [`http://127.0.0.1:${port()}/`, `https://2130706433:${port()}/`, `https://[::1]:${port()}/`])
      expect(await get(senderTo(''), url)).toEqual({
        is: 'not-sent',
        why: expect.stringContaining('the address must'),
      });
    expect(connections).toBe(0);
  });

  it('is reached where the installation names it, and no other port of this machine', async () => {
    const sender = senderTo(`127.0.0.1:${port()} localhost:${port()}`);
    expect(await get(sender, `http://127.0.0.1:${port()}/`)).toMatchObject({ is: 'answered', body: 'secret' });
    expect(await get(sender, `http://localhost:${port()}/`)).toMatchObject({ is: 'answered', body: 'secret' });
    expect((await get(sender, `http://127.0.0.1:${port() + 1}/`)).is).toBe('not-sent');
    expect(await get(sender, `http://127.0.0.1:${port() + 1}/`)).not.toMatchObject({ why: 'ECONNREFUSED' });
  });

  it('is not reached by a redirect', async () => {
    const hostile = http.createServer((_req, res) =>
      res.writeHead(302, { location: `http://127.0.0.1:${port()}/` }).end(),
    );
    await once(hostile.listen(0, '127.0.0.1'), 'listening');
    const { port: hostilePort } = hostile.address() as AddressInfo;
    const answer = await get(senderTo('127.0.0.1'), `http://127.0.0.1:${hostilePort}/`);
    expect(answer).toMatchObject({ is: 'answered', status: 302 });
    expect(connections).toBe(0);
    hostile.closeAllConnections();
    await new Promise((resolve) => hostile.close(resolve));
  });
});
