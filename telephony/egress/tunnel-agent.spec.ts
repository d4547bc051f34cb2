import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CERTIFIED_HOST, createSelfSignedCertificate } from '../../test/conformance/self-signed-certificate.js';
import type { SendAnswer } from '../send-request.js';

/** A process that waits for ever for a proxy is ended, and its test fails. */
const PROCESS_MAX_MS = 30_000;
/** In a process of its own: whom Node trusts is decided when it starts. */
const SCRIPT = `
import { createSender } from './telephony/send-request.ts';
import { readEgressPolicy } from './platform/egress.ts';
const [hosts, proxy, ...urls] = JSON.parse(process.argv.at(-1));
const sender = createSender(readEgressPolicy({ hosts, proxy, simulator: 'on' }));
const answers = [];
for (const url of urls)
  answers.push(await sender.send({ method: 'POST', url, headers: {}, body: '{}', limits: { requestTimeoutMs: 5_000 } }));
console.log(JSON.stringify(answers));
process.exit();
`;
const ROOT = path.join(import.meta.dirname, '../..');
const URL_OF_PROVIDER = `https://${CERTIFIED_HOST}/v1`;

describe('an installation with an egress proxy', () => {
  const { key, cert } = createSelfSignedCertificate();
  const provider = https.createServer({ key, cert }, (req, res) => req.resume().on('end', () => res.end('{}')));
  const asked: { path: string | undefined; credentials: string | undefined }[] = [];
  /** What the proxy answers next; then it opens tunnels. */
  let refusals: number[] = [];
  /** Takes every name to the provider of this test, as only a proxy can. */
  const sockets = new Set<net.Socket>();
  const proxy = http.createServer().on('connect', (req, socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    asked.push({ path: req.url, credentials: req.headers['proxy-authorization'] });
    const refusal = refusals.shift();
    if (refusal !== undefined) return socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 6\r\n\r\nsecret`);
    const upstream = net.connect(portOf(provider), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    socket.on('error', () => upstream.destroy());
    upstream.on('error', () => socket.destroy());
  });
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dialwright-proxy-'));
    await writeFile(path.join(folder, 'cert.pem'), cert);
    await Promise.all([provider, proxy].map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  });
  beforeEach(() => {
    asked.length = 0;
    refusals = [];
  });
  afterAll(async () => {
    provider.closeAllConnections();
    for (const socket of sockets) socket.destroy();
    await Promise.all([provider, proxy].map((server) => new Promise((resolve) => server.close(resolve))));
    await rm(folder, { recursive: true });
  });

  async function send(hosts: string, ...urls: string[]): Promise<SendAnswer[]> {
    const proxyUrl = `http://me:s%40y@127.0.0.1:${portOf(proxy)}`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT, '--'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...args, JSON.stringify([hosts, proxyUrl, ...urls])],
      {
        cwd: ROOT,
        env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: path.join(folder, 'cert.pem') },
        timeout: PROCESS_MAX_MS,
        killSignal: 'SIGKILL',
      },
    );
    return JSON.parse(stdout) as SendAnswer[];
  }

  it('reaches a provider through it, with TLS inside, on a connection that is kept', async () => {
    const ok = { is: 'answered', status: 200, body: '{}' };
    expect(await send('', URL_OF_PROVIDER, URL_OF_PROVIDER)).toMatchObject([ok, ok]);
    const credentials = `Basic ${Buffer.from('me:s@y').toString('base64')}`;
    expect(asked).toEqual([{ path: `${CERTIFIED_HOST}:443`, credentials }]);
  });

  it('takes what the proxy answers for no answer of the provider', async () => {
    refusals = [403, 407, 502];
    const refused = { is: 'not-sent', why: 'the egress proxy opened no connection to it' };
    const urls = refusals.map(() => URL_OF_PROVIDER);
    expect(await send('', ...urls)).toEqual(urls.map(() => refused));
  });

  it('asks the proxy for no address of this machine, no private one and no metadata', async () => {
    const urls = [
      'https://127.0.0.1/',
      'https://[fd00::1]/',
      'https://metadata.google.internal/',
      'https://localhost/',
    ];
    expect((await send('', ...urls)).map(({ is }) => is)).toEqual(urls.map(() => 'not-sent'));
    expect(asked).toEqual([]);
  });

  it('reaches the hosts that the installation names without it', async () => {
    const place = `127.0.0.1:${portOf(provider)}`;
    expect(await send(place, `https://${place}/`)).toMatchObject([{ is: 'answered', status: 200 }]);
    expect(asked).toEqual([]);
  });
});

function portOf(server: net.Server): number {
  return (server.address() as AddressInfo).port; // listening on TCP
}
