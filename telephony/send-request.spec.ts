import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { testSender } from '../test/support/sender.js';
import type { RequestToSend } from './egress/request-to-send.js';
import type { SendAnswer } from './send-request.js';

const REQUEST_TIMEOUT_MS = 3_000;
const BODY = JSON.stringify({ to: '+12025550123', name: 'Zoë' });

type RawServer = {
  url: string;
  port: number;
  received: string[];
  connections: () => number;
  stop: () => Promise<void>;
};

/** A TCP server that remembers what arrived and answers the first whole request of a connection as told. */
async function startRawServer(answer: (socket: Socket, requests: number) => void): Promise<RawServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let requests = 0;
  const server = net.createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      received.push(data.toString('utf8'));
      requests++;
      answer(socket, requests);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/v1/calls`, port, received, connections: () => connections, stop };
}

function post(url: string, limits: Partial<RequestToSend['limits']> = {}): Promise<SendAnswer> {
  const headers = { 'content-type': 'application/json' };
  return testSender.send({
    method: 'POST',
    url,
    headers,
    body: BODY,
    limits: { requestTimeoutMs: REQUEST_TIMEOUT_MS, ...limits },
  });
}

const OK = 'HTTP/1.1 201 Created\r\nContent-Length: 2\r\nX-Call: 7\r\n\r\n{}';

describe('the sender', () => {
  let server: RawServer;
  afterEach(() => server?.stop());

  it('sends the request once, whole, and gives back status, headers and body', async () => {
    server = await startRawServer((socket) => socket.write(OK));
    const answer = await post(server.url, { sendBeforeMs: performance.now() + 1_000 });
    expect(answer).toMatchObject({ is: 'answered', status: 201, body: '{}', headers: { 'x-call': '7' } });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatch(/^POST \/v1\/calls HTTP\/1\.1\r\n/);
    expect(server.received[0]).toContain(`content-length: ${Buffer.byteLength(BODY)}\r\n`);
    expect(server.received[0]).toMatch(new RegExp(`\r\n\r\n${BODY.replace(/[+]/g, '\\+')}$`));
  });

  it('uses a kept connection again, and writes nothing on it past the dial budget', async () => {
    server = await startRawServer((socket) => socket.write(OK));
    expect((await post(server.url)).is).toBe('answered');
    expect((await post(server.url)).is).toBe('answered');
    expect(server.connections()).toBe(1);
    const late = await post(server.url, { sendBeforeMs: performance.now() - 1 });
    expect(late).toEqual({ is: 'not-sent', why: 'the dial budget passed before the connection was ready' });
    expect((await post(server.url)).is).toBe('answered');
    expect(server.received).toHaveLength(3);
  });

  it('keeps no connection that the server says it closes soon', async () => {
    server = await startRawServer((socket) => socket.write(OK.replace('X-Call: 7', 'Keep-Alive: timeout=2')));
    await post(server.url);
    await post(server.url);
    expect(server.connections()).toBe(2);
  });

  it('says not-sent when nobody listens, the name is unknown or the request cannot be made', async () => {
    server = await startRawServer(() => undefined);
    await server.stop();
    expect(await post(server.url)).toEqual({ is: 'not-sent', why: 'ECONNREFUSED' });
    expect((await post('http://no-such-host.invalid/')).is).toBe('not-sent');
    expect((await post('not a url')).is).toBe('not-sent');
    const headers = { authorization: 'Bearer a\nb' };
    expect(
      (
        await testSender.send({
          method: 'GET',
          url: server.url,
          headers,
          body: null,
          limits: { requestTimeoutMs: 500 },
        })
      ).is,
    ).toBe('not-sent');
  });

  it('says lost, and does not send again, when the server accepts and drops', async () => {
    server = await startRawServer((socket) => socket.destroy());
    expect((await post(server.url)).is).toBe('lost');
    expect(server.received).toHaveLength(1);
    expect(server.connections()).toBe(1);
  });

  it('says lost, and does not send again, when a kept connection is reset by the request', async () => {
    server = await startRawServer((socket, requests) => (requests === 1 ? socket.write(OK) : socket.resetAndDestroy()));
    expect((await post(server.url)).is).toBe('answered');
    expect(await post(server.url)).toEqual({ is: 'lost', why: 'ECONNRESET' });
    expect(server.received).toHaveLength(2);
    expect(server.connections()).toBe(1);
  });

  it('says lost when the answer takes longer than the time-out', async () => {
    server = await startRawServer(() => undefined);
    expect(await post(server.url, { requestTimeoutMs: 100 })).toEqual({ is: 'lost', why: 'no answer within 100 ms' });
    expect(server.received).toHaveLength(1);
  });

  it('closes the connection of a request that it gave up, so that a late answer reaches nobody', async () => {
    let closed: Promise<unknown> | undefined;
    server = await startRawServer((socket) => void (closed = once(socket, 'close')));
    expect((await post(server.url, { requestTimeoutMs: 100 })).is).toBe('lost');
    await closed;
  });

  it('waits for a slow answer beyond the dial budget and the life of a free connection', async () => {
    const life = 2_200;
    server = await startRawServer((socket) => void setTimeout(() => socket.write(OK), life));
    expect(await post(server.url, { sendBeforeMs: performance.now() + 200 })).toMatchObject({
      is: 'answered',
      status: 201,
    });
  });

  it.each([
    ['ends before its stated length', 'HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"call_id":'],
    ['ends inside a chunk', 'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"call_id":'],
    ['ends inside its headers', 'HTTP/1.1 201 Created\r\nContent-Le'],
    ['is no HTTP', 'hello\r\n\r\n'],
  ])('says lost when the answer %s', async (_what, text) => {
    server = await startRawServer((socket) => void socket.end(text));
    expect((await post(server.url)).is).toBe('lost');
    expect(server.received).toHaveLength(1);
  });

  it('says lost when half an answer stays half', async () => {
    server = await startRawServer((socket) =>
      socket.write('HTTP/1.1 201 Created\r\nContent-Length: 50\r\n\r\n{"call_id":'),
    );
    expect(await post(server.url, { requestTimeoutMs: 100 })).toEqual({ is: 'lost', why: 'no answer within 100 ms' });
  });

  it('says lost when the answer is larger than 1 MiB, and reads one of exactly that size', async () => {
    const sizes = [1_048_576, 1_048_577];
    const large = http.createServer((_req, res) => res.end('x'.repeat(sizes.shift() ?? 0)));
    await once(large.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(large.address() as AddressInfo).port}`;
    expect((await post(url)).is).toBe('answered');
    expect(await post(url)).toEqual({ is: 'lost', why: 'the answer has more than 1048576 bytes' });
    large.closeAllConnections();
    await new Promise((resolve) => large.close(resolve));
  });

  it('reads a whole answer even when the server closes right after it', async () => {
    server = await startRawServer((socket) => void socket.end(OK.replace('X-Call: 7', 'Connection: close')));
    for (let turn = 0; turn < 20; turn++) expect((await post(server.url)).is).toBe('answered');
  });

  it('follows no redirect', async () => {
    server = await startRawServer((socket) =>
      socket.write(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${server.url}\r\nContent-Length: 0\r\n\r\n`),
    );
    expect(await post(server.url)).toMatchObject({ is: 'answered', status: 307 });
    expect(server.received).toHaveLength(1);
  });

  it('sends nothing when the TLS handshake outlasts the dial budget', async () => {
    server = await startRawServer(() => undefined);
    const answer = await post(server.url.replace('http:', 'https:'), { sendBeforeMs: performance.now() + 100 });
    expect(answer.is).toBe('not-sent');
    expect(server.received.join('')).not.toContain('POST');
    expect(server.received).toHaveLength(1);
  });

  it('sends nothing when the server takes longer to accept the connection than the dial budget', async () => {
    const slow = await startServerThatDoesNotAccept();
    const answer = await post(slow.url, { sendBeforeMs: performance.now() + 150 });
    expect(answer).toEqual({ is: 'not-sent', why: 'the dial budget passed before the connection was ready' });
    expect(await slow.acceptNow()).toBe(0);
    await slow.stop();
  });

  it('sends nothing when the process was too busy to write in time', async () => {
    server = await startRawServer((socket) => socket.write(OK));
    const answering = post(server.url, { sendBeforeMs: performance.now() + 50 });
    const blockedUntilMs = performance.now() + 80;
    while (performance.now() < blockedUntilMs);
    expect(await answering).toEqual({
      is: 'not-sent',
      why: 'this machine was too busy to send it within the dial budget',
      isOwnDelay: true,
    });
    expect((await post(server.url)).is).toBe('answered');
    expect(server.received).toHaveLength(1);
  });
});

/** Its queue of unaccepted connections is full and its thread blocked, so that no further connection is made. */
const BLOCKED_SERVER = `
const { parentPort, workerData } = require('node:worker_threads');
const net = require('node:net');
let bytes = 0;
const server = net.createServer((socket) => socket.on('error', () => {}).on('data', (data) => (bytes += data.length)).on('end', () => socket.end()));
server.listen(0, '127.0.0.1', 1, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(workerData), 0, 0));
});
parentPort.on('message', () => { server.close(() => { parentPort.postMessage(bytes); parentPort.close(); }); });
`;

async function startServerThatDoesNotAccept() {
  const gate = new SharedArrayBuffer(4);
  const worker = new Worker(BLOCKED_SERVER, { eval: true, workerData: gate });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = await fillQueue(port);
  return {
    url: `http://127.0.0.1:${port}/`,
    /** Lets the server accept everything that waits; says how many bytes it got until all connections were closed. */
    async acceptNow(): Promise<number> {
      for (const filler of fillers) filler.destroy();
      Atomics.store(new Int32Array(gate), 0, 1);
      Atomics.notify(new Int32Array(gate), 0);
      worker.postMessage('report');
      const [bytes] = (await once(worker, 'message')) as [number];
      return bytes;
    },
    stop: () => worker.terminate(),
  };
}

/** Connects until a connection is no longer made within a moment. */
async function fillQueue(port: number): Promise<Socket[]> {
  const fillers: Socket[] = [];
  for (let count = 0; count < 50; count++) {
    const filler = net.connect(port, '127.0.0.1').on('error', () => undefined);
    fillers.push(filler);
    const isMade = await Promise.race([
      once(filler, 'connect').then(() => true),
      new Promise((resolve) => void setTimeout(resolve, 200, false)),
    ]);
    if (!isMade) return fillers;
  }
  throw new Error('the queue of connections never filled up');
}
