import http from 'node:http';

/** Where the carrier posts the events of many accounts, and who gets them. */
export type WebhookRelay = { url: string; stop(): Promise<void> };

const TIMEOUT_MS = 10_000;

/**
 * The simulated carrier knows one address for all events. The relay hands each on to the account whose from-number made
 * the call, body and signature as they came, and answers what the API answered.
 */
export async function startWebhookRelay(urlOf: (from: string) => string | undefined): Promise<WebhookRelay> {
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      void handOn(req, Buffer.concat(chunks), urlOf)
        .catch(() => 502)
        .then((status) => res.writeHead(status).end());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number }; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handOn(
  { headers }: http.IncomingMessage,
  body: Buffer,
  urlOf: (from: string) => string | undefined,
): Promise<number> {
  const { call } = JSON.parse(body.toString()) as { call: { from: string } };
  const url = urlOf(call.from);
  if (!url) return 404;
  const { host: _host, connection: _connection, 'content-length': _length, ...rest } = headers;
  const response = await fetch(url, {
    method: 'POST',
    headers: rest as Record<string, string>, // the carrier sends each header once
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  return response.status;
}
