import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type StubRequest = { method: string; url: string; headers: http.IncomingHttpHeaders; body: string };
/** `drop` destroys the socket once the request has been read. */
export type StubAnswer = 'drop' | { status: number; body?: unknown; headers?: Record<string, string> };

/** An HTTP server that remembers every request and answers as it is told. A body that is no string goes out as JSON. */
export async function startStubPlatform() {
  let seen: StubRequest[] = [];
  let answerOf: (req: StubRequest, count: number) => StubAnswer = () => ({ status: 500 });
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { method = '', url = '', headers } = req;
      const request = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      seen.push(request);
      const answer = answerOf(request, seen.length);
      if (answer === 'drop') {
        req.socket.destroy();
        return;
      }
      const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {});
      res.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(body);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: () => seen,
    answerWith(next: StubAnswer | ((req: StubRequest, count: number) => StubAnswer)): void {
      seen = [];
      answerOf = typeof next === 'function' ? next : () => next;
    },
    async stop(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
