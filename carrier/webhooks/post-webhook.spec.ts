import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { postWebhook } from './post-webhook.js';

const TIMEOUT_MS = 2_000;
const BODY = '{"event":"call_ended","name":"Zoë"}';

describe('postWebhook', () => {
  let server: http.Server;
  let url: string;
  let answer: (res: http.ServerResponse) => void;
  let bodies: string[];
  let sockets: Set<Socket>;

  beforeEach(async () => {
    bodies = [];
    sockets = new Set();
    server = http.createServer((req, res) => {
      const chunks: Buffer[] = [];
      sockets.add(req.socket);
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        bodies.push(`${req.method} ${req.headers['x-test']} ${Buffer.concat(chunks).toString('utf8')}`);
        answer(res);
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  });
  afterEach(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  const post = (to = url, timeoutMs = TIMEOUT_MS): Promise<number | null> =>
    postWebhook({ url: to, headers: { 'x-test': 'yes' }, body: BODY, timeoutMs });

  it.each([204, 404, 503])('tells the status of the answer: %s', async (status) => {
    answer = (res) => res.writeHead(status).end(status === 204 ? undefined : 'text');
    expect(await post()).toBe(status);
    expect(bodies).toEqual([`POST yes ${BODY}`]);
  });

  it('follows no redirect', async () => {
    answer = (res) => res.writeHead(307, { location: url }).end();
    expect(await post()).toBe(307);
    expect(bodies).toHaveLength(1);
  });

  it('keeps the connection for the next event, unless the receiver is about to close it', async () => {
    answer = (res) => res.writeHead(204).end();
    for (let posts = 0; posts < 3; posts++) await post();
    expect(sockets.size).toBe(1);
    answer = (res) => res.writeHead(204, { 'keep-alive': 'timeout=2' }).end();
    for (let posts = 0; posts < 3; posts++) await post();
    expect(sockets.size).toBe(3);
  });

  it('gives up, and does not send again, when there is no whole answer in time', async () => {
    const unanswered: ((res: http.ServerResponse) => void)[] = [
      () => undefined,
      (res) => void res.writeHead(204, { 'content-length': 10 }).write('half'),
    ];
    for (answer of unanswered) expect(await post(url, 50)).toBeNull();
    expect(bodies).toHaveLength(2);
  });

  it('gives up, and does not send again, when the connection is dropped or the answer has no end', async () => {
    const broken: ((res: http.ServerResponse) => void)[] = [
      (res) => res.destroy(),
      (res) => {
        res.writeHead(200, { 'content-length': 10 }).write('half');
        res.destroy();
      },
      (res) => void res.writeHead(200).write('x'.repeat(1_100_000)),
    ];
    for (answer of broken) expect(await post()).toBeNull();
    expect(bodies).toHaveLength(3);
  });

  it('gives up on an address where no one listens, and on one that cannot be posted to', async () => {
    const gone = http.createServer();
    await once(gone.listen(0, '127.0.0.1'), 'listening');
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    expect(await post(`http://127.0.0.1:${port}`)).toBeNull();
    expect(await post('ftp://127.0.0.1/hooks')).toBeNull();
  });
});
