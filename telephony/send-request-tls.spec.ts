import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createSelfSignedCertificate } from '../test/conformance/self-signed-certificate.js';
import type { SendAnswer } from './send-request.js';

/** Sends requests one after another, in a process of its own: whom Node trusts is decided when it starts. */
const SCRIPT = `
import { testSender } from './test/support/sender.ts';
const [url, ...budgets] = JSON.parse(process.argv.at(-1));
const answers = [];
for (const budgetMs of budgets) {
  const limits = { sendBeforeMs: performance.now() + budgetMs, requestTimeoutMs: 5_000 };
  answers.push(await testSender.send({ method: 'POST', url, headers: {}, body: '{}', limits }));
}
console.log(JSON.stringify(answers));
process.exit();
`;
const ROOT = path.join(import.meta.dirname, '..');
const AMPLE_MS = 4_000;
const HANDSHAKE_DELAY_MS = 600;

describe('the sender over TLS', () => {
  const { key, cert } = createSelfSignedCertificate();
  let requests = 0;
  let connections = 0;
  let server: https.Server;
  let slow: net.Server;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dialwright-tls-'));
    await writeFile(path.join(folder, 'cert.pem'), cert);
    server = https.createServer({ key, cert }, (req, res) => {
      requests++;
      req.resume().on('end', () => res.writeHead(201).end('{}'));
    });
    server.on('secureConnection', () => connections++);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    // Takes connections at once, and lets the handshake wait.
    slow = net.createServer((socket) => {
      socket.on('error', () => undefined);
      setTimeout(() => {
        const upstream = net.connect(portOf(server), '127.0.0.1');
        upstream.on('error', () => socket.destroy());
        socket.pipe(upstream).pipe(socket);
      }, HANDSHAKE_DELAY_MS);
    });
    await once(slow.listen(0, '127.0.0.1'), 'listening');
  });
  beforeEach(() => {
    requests = 0;
    connections = 0;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await Promise.all([server, slow].map((one) => new Promise((resolve) => one.close(resolve))));
    await rm(folder, { recursive: true });
  });

  async function send(port: number, budgetsMs: number[], isTrusted = true): Promise<SendAnswer[]> {
    const args = ['--import', 'tsx', '--input-type=module', '--eval', SCRIPT, '--'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...args, JSON.stringify([`https://127.0.0.1:${port}/`, ...budgetsMs])],
      {
        cwd: ROOT,
        env: { PATH: process.env['PATH'], ...(isTrusted && { NODE_EXTRA_CA_CERTS: path.join(folder, 'cert.pem') }) },
      },
    );
    return JSON.parse(stdout) as SendAnswer[];
  }

  it('sends on a connection that it keeps, and writes nothing on it past the dial budget', async () => {
    const answers = await send(portOf(server), [AMPLE_MS, AMPLE_MS, -1]);
    expect(answers).toMatchObject([
      { is: 'answered', status: 201, body: '{}' },
      { is: 'answered', status: 201 },
      { is: 'not-sent' },
    ]);
    expect({ requests, connections }).toEqual({ requests: 2, connections: 1 });
  });

  it('sends nothing when the dial budget passes during the handshake', async () => {
    expect(await send(portOf(slow), [HANDSHAKE_DELAY_MS / 2])).toEqual([
      { is: 'not-sent', why: 'the dial budget passed before the connection was ready' },
    ]);
    expect(await send(portOf(slow), [AMPLE_MS])).toMatchObject([{ is: 'answered' }]);
    expect(requests).toBe(1);
  });

  it('sends nothing to a server whose certificate it does not trust', async () => {
    expect(await send(portOf(server), [AMPLE_MS], false)).toEqual([
      { is: 'not-sent', why: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    ]);
    expect(requests).toBe(0);
  });
});

function portOf(server: net.Server): number {
  return (server.address() as AddressInfo).port; // listening on TCP
}
