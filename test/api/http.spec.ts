import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { errorsMarkdown } from '../../api/http/errors-page.js';
import { openApiDocument } from '../../api/http/openapi.js';
import { operations } from '../../api/routes/all-operations.js';
import { readSettings } from '../../platform/settings.js';
import { publicId } from '../../domain/ids.js';
import { releaseKey } from '../../store/people/idempotency-keys.js';
import { seedBatch } from '../support/seed.js';
import { batchBody, draft } from './support/requests.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  // The limits that the product ships with.
  api = await startTestApi({ settings: readSettings({}) });
});
afterAll(() => api.stop());

const get = (path: string, init: RequestInit = {}) => fetch(`${api.url}${path}`, init);

describe('what no operation answers', () => {
  it.each([
    ['an unknown path', 'GET', '/v1/nothing', 404, 'not_found'],
    ['a path outside /v1', 'GET', '/etc/passwd', 404, 'not_found'],
    ['an escape that is none', 'GET', '/v1/batches/%zz', 400, 'bad_request'],
    ['an escape that is no UTF-8', 'GET', '/v1/batches/%ff', 400, 'bad_request'],
    ['a method that the path does not have', 'PUT', '/v1/batches', 405, 'method_not_allowed'],
    ['a file above the docs', 'GET', '/docs/assets/%2e%2e/package.json', 404, 'not_found'],
  ])('%s is a problem document', async (_what, method, path, status, code) => {
    const res = await get(path, { method });
    const problem = (await res.json()) as Record<string, unknown>;
    expect([res.status, problem['code'], res.headers.get('content-type')]).toEqual([
      status,
      code,
      'application/problem+json; charset=utf-8',
    ]);
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:|\n\s+at /);
  });

  it.each([
    ['with a host that no URL has', 'http://a:99999/v1/workspace?x=1', 200, 'application/json'],
    ['that cannot be read', 'http://[/v1/workspace', 400, 'application/problem+json'],
  ])('an address in absolute form %s is answered', async (_what, target, status, type) => {
    const socket = createConnection(Number(new URL(api.url).port), '127.0.0.1');
    socket.write(
      `GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.keys.admin}\r\nConnection: close\r\n\r\n`,
    );
    const answer = (await socket.setEncoding('utf8').toArray()).join('');
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain(`Content-Type: ${type}`);
    expect(answer).toMatch(/^X-Request-Id: [0-9a-f-]{36}\r$/m);
  });

  it('names the methods that a path has', async () => {
    expect((await get('/v1/batches', { method: 'DELETE' })).headers.get('allow')).toBe('POST, GET, HEAD');
  });

  it.each([
    ['a charset that is not known', { 'content-type': 'application/json; charset=klingon' }, '{}', 415],
    ['a compression that is not known', { 'content-type': 'application/json', 'content-encoding': 'zip' }, '{}', 415],
    [
      'a compression that is broken',
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      'not gzip',
      400,
    ],
    ['bytes that are not UTF-8', { 'content-type': 'application/json' }, new Uint8Array([0x7b, 0xff, 0xfe]), 400],
    ['a body that is a string', { 'content-type': 'application/json' }, '"x"', 422],
    ['a body that is null', { 'content-type': 'application/json' }, 'null', 422],
    ['a deep body', { 'content-type': 'application/json' }, `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 422],
    ['an empty body', {}, '', 422],
  ])('%s is the mistake of the client', async (_what, headers, body, status) => {
    const res = await get('/v1/batches', {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${api.keys.admin}` },
      body,
    });
    expect([res.status, ((await res.json()) as { status: number }).status]).toEqual([status, status]);
  });

  it('a body of more than 10 MB is told to come as CSV, and creates nothing', async () => {
    const recipients = Array.from({ length: 110_000 }, () => ({
      phoneNumber: '+12025550111',
      variables: { note: 'x'.repeat(60) },
    }));
    const before = await api.db.prisma.batch.count();
    const { status, problem } = await send(api, 'createBatch', { json: batchBody(api, { recipients }) });
    expect([status, problem.code]).toEqual([413, 'body_too_large']);
    expect(problem.detail).toContain('CSV');
    expect(await api.db.prisma.batch.count()).toBe(before);
  });

  it('a client that goes away while it sends leaves the API alive', async () => {
    const socket = createConnection(Number(new URL(api.url).port), '127.0.0.1');
    socket.write(
      `POST /v1/batches HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.keys.admin}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a`,
    );
    await new Promise((resolve) => socket.on('connect', resolve));
    socket.destroy();
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('every answer', () => {
  it('carries the request id that was sent, or one of its own when that is none', async () => {
    const id = 'client-id-12345';
    expect((await get('/healthz', { headers: { 'x-request-id': id } })).headers.get('x-request-id')).toBe(id);
    for (const bad of ['short', 'x'.repeat(65), 'with space 123']) {
      expect((await get('/healthz', { headers: { 'x-request-id': bad } })).headers.get('x-request-id')).toMatch(
        /^[0-9a-f-]{36}$/,
      );
    }
    const problem = (await (await get('/v1/nothing', { headers: { 'x-request-id': id } })).json()) as {
      requestId: string;
    };
    expect(problem.requestId).toBe(id);
  });

  it('says nothing of what it is made with', async () => {
    expect((await get('/healthz')).headers.get('x-powered-by')).toBeNull();
  });
});

describe('the documentation', () => {
  it('loads everything from here, and nothing else is allowed', async () => {
    const res = await get('/docs');
    const html = await res.text();
    expect(html).not.toMatch(/https?:\/\//);
    expect(res.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const [, path] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect([path, (await get(path!)).status]).toEqual([path, 200]);
    expect(await (await get('/docs/errors')).text()).toContain('id="action_not_allowed"');
  });

  it('is the one that is committed: npm run openapi', () => {
    const committed = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
    expect(committed('openapi.json')).toBe(`${JSON.stringify(openApiDocument(operations), null, 2)}\n`);
    expect(committed('docs/errors/README.md')).toBe(errorsMarkdown());
  });
});

describe('two requests with one Idempotency-Key at the same time', () => {
  it('make one batch', async () => {
    const before = await api.db.prisma.batch.count();
    const request = {
      json: batchBody(api, { name: `Race ${randomUUID()}` }),
      headers: { 'idempotency-key': randomUUID() },
    };
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(api, 'createBatch', request)));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect(new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id as string)).size).toBe(1);
    expect(await api.db.prisma.batch.count()).toBe(before + 1);
  });

  it('are two commands when the key was forgotten in between', async () => {
    const params = { batchId: publicId('batch', await seedBatch(api.db, api.workspace)) };
    const headers = { 'idempotency-key': 'pause' };
    await send(api, 'pauseBatch', { params, headers });
    await send(api, 'resumeBatch', { params });
    await api.db.pool.query('DELETE FROM idempotency_keys');
    expect((await send(api, 'pauseBatch', { params, headers })).body.status).toBe('PAUSED');
  });

  it('create once when the first failed after its commit, and may be repeated at once', async () => {
    const key = randomUUID();
    const request = { json: batchBody(api), headers: { 'idempotency-key': key } };
    const first = await send(api, 'createBatch', request);
    await api.db.pool.query(`UPDATE idempotency_keys SET status = NULL, response = NULL WHERE key = $1`, [key]);
    await releaseKey(api.db.pool, api.workspace.workspaceId, key);
    const second = await send(api, 'createBatch', request);
    expect([second.status, second.body.id]).toEqual([201, first.body.id]);
  });

  it('of two workspaces have nothing to do with each other', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const mine = await send(api, 'searchRecipients', {
      params: { batchId: await draft(api) },
      json: { text: 'x' },
      headers,
    });
    const theirs = await send(api, 'searchRecipients', {
      params: { batchId: await draft(api) },
      json: { text: 'x' },
      headers,
      key: api.other.keys.admin,
    });
    expect([mine.status, theirs.status]).toEqual([200, 404]);
  });
});

describe('without Temporal', () => {
  let away: TestApi;
  beforeAll(async () => {
    const address = process.env['TEST_TEMPORAL_ADDRESS'];
    delete process.env['TEST_TEMPORAL_ADDRESS'];
    away = await startTestApi();
    if (address !== undefined) process.env['TEST_TEMPORAL_ADDRESS'] = address;
  });
  afterAll(() => away.stop());

  it('a pause is answered, has happened, and leaves the wake to the sweeper', async () => {
    const batchId = await seedBatch(away.db, away.workspace);
    const startedMs = performance.now();
    const { status, body } = await send(away, 'pauseBatch', { params: { batchId: publicId('batch', batchId) } });
    expect([status, body.status]).toEqual([200, 'PAUSED']);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect((await away.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).wakeSentVersion).not.toBeNull();
  });

  it('the run of a batch is not available, which is no failure', async () => {
    const { status, body } = await send(away, 'getRun', { params: { batchId: await draft(away) } });
    expect([status, body.available, body.state]).toEqual([200, false, null]);
  });
});
