import http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { compress } from '../../api/http/browser/compress.js';
import { sendStream } from '../../api/http/send-stream.js';
import { batchBody, draft } from './support/requests.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

const PAGE = 'https://app.example.com';
let api: TestApi;
let closed: TestApi;
beforeAll(async () => {
  api = await startTestApi({ corsOrigins: [PAGE] });
  closed = await startTestApi();
});
afterAll(async () => {
  await api.stop();
  await closed.stop();
});

const ask = (of: TestApi, init: RequestInit & { headers: Record<string, string> }, path = '/v1/batches') =>
  fetch(`${of.url}${path}`, init);
const preflight = (origin: string) => ({
  method: 'OPTIONS',
  headers: {
    Origin: origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'authorization,idempotency-key',
  },
});
const bearer = (of: TestApi) => ({ Authorization: `Bearer ${of.keys.viewer}` });

describe('a page of another origin', () => {
  it('that is named may ask first, and then call with a key and read what answers have', async () => {
    const asked = await ask(api, preflight(PAGE));
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, PAGE]);
    expect(asked.headers.get('access-control-allow-methods')).toContain('PATCH');
    expect(asked.headers.get('access-control-allow-headers')).toMatch(/Authorization.*Idempotency-Key.*If-Match/);
    const answer = await ask(api, { headers: { Origin: PAGE, ...bearer(api) } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, PAGE]);
    for (const header of ['ETag', 'Location', 'Retry-After', 'RateLimit', 'X-Request-Id', 'Content-Disposition'])
      expect(answer.headers.get('access-control-expose-headers')).toContain(header);
    expect(answer.headers.get('vary')).toContain('Origin');
  });

  it('reads why it was refused too', async () => {
    const answer = await ask(api, { headers: { Origin: PAGE } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, PAGE]);
  });

  it('is never given an answer to a request with a cookie', async () => {
    for (const answer of [
      await ask(api, preflight(PAGE)),
      await ask(api, { headers: { Origin: PAGE, ...bearer(api) } }),
    ])
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each([`${PAGE}.evil.example`, 'https://evil.example', 'http://app.example.com', `${PAGE}:8443`, 'null'])(
    'that is not named is told nothing: %s',
    async (origin) => {
      const answers = [
        await ask(api, preflight(origin)),
        await ask(api, { headers: { Origin: origin, ...bearer(api) } }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([405, 200]);
      for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('is told nothing by an installation that names none', async () => {
    const answers = [
      await ask(closed, preflight(PAGE)),
      await ask(closed, { headers: { Origin: PAGE, ...bearer(closed) } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([405, 200]);
    for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

/** As it was sent: fetch would unpack it. */
function raw(url: string, headers: Record<string, string>): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => http.get(url, { headers }, resolve).on('error', reject));
}

describe('compression', () => {
  it('is of large JSON and CSV, for clients that ask for it, and changes nothing that they read', async () => {
    const recipients = Array.from({ length: 60 }, (_, n) => ({
      phoneNumber: `+1202555${String(1000 + n)}`,
      variables: { city: 'London'.repeat(5) },
    }));
    const { body } = await send(api, 'createBatch', { json: batchBody(api, { recipients }) });
    for (const path of [`/v1/batches/${body.id}/recipients?limit=60`, `/v1/batches/${body.id}/results.csv`])
      for (const encoding of ['gzip', 'br', undefined]) {
        const answer = await raw(`${api.url}${path}`, {
          ...bearer(api),
          ...(encoding && { 'Accept-Encoding': encoding }),
        });
        answer.resume();
        expect([path, answer.statusCode, answer.headers['content-encoding']]).toEqual([path, 200, encoding]);
        expect(answer.headers.vary).toContain('Accept-Encoding');
      }
    const plain = (await (
      await ask(api, { headers: bearer(api) }, `/v1/batches/${body.id}/recipients?limit=60`)
    ).json()) as { data: unknown[] };
    expect(plain.data).toHaveLength(60);
  });

  it('is not of small answers, nor of events', async () => {
    const batchId = await draft(api);
    const headers = { ...bearer(api), 'Accept-Encoding': 'gzip, br' };
    const small = await raw(`${api.url}/v1/batches/${batchId}/counters`, headers);
    const events = await raw(`${api.url}/v1/events`, headers);
    for (const answer of [small, events]) {
      expect([answer.statusCode, answer.headers['content-encoding']]).toEqual([200, undefined]);
      answer.destroy();
    }
  });

  it('sends a download as it is made: the first lines are there before the last are made', async () => {
    let madeAll = false;
    let received!: () => void;
    const firstIsThere = new Promise<void>((resolve) => (received = resolve));
    async function* chunks(): AsyncGenerator<string> {
      yield Array.from({ length: 20_000 }, (_, n) => `${n},${n * 7919}\n`).join('');
      await firstIsThere;
      madeAll = true;
      yield 'the end\n';
    }
    const app = express();
    app.use(compress());
    app.get('/', (_req, res) => sendStream(res, { contentType: 'text/csv; charset=utf-8', chunks: chunks() }));
    const server = app.listen(0);
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const answer = await raw(url, { 'Accept-Encoding': 'gzip' });
      expect(answer.headers['content-encoding']).toBe('gzip');
      await new Promise((resolve) => answer.once('data', resolve));
      expect(madeAll).toBe(false);
      received();
      await new Promise((resolve) => answer.resume().once('end', resolve));
      expect(madeAll).toBe(true);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
