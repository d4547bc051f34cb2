import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  answered,
  createDialwright,
  DialwrightError,
  everyOf,
  type Dialwright,
  type LiveEvent,
} from '../../client/index.js';
import { CSV, batchBody, draft } from '../api/support/requests.js';
import { send, startTestApi, type TestApi } from '../api/support/test-api.js';
import { startRelay, type Relay } from './relay.js';

let api: TestApi;
let relay: Relay;
beforeAll(async () => {
  api = await startTestApi();
  relay = await startRelay(api.url);
});
afterAll(async () => {
  await relay.stop();
  await api.stop();
});

let dialwright: Dialwright;
beforeEach(() => {
  dialwright = createDialwright({ url: `${relay.url}/`, key: api.keys.admin, retries: { waitMs: 1 } });
});

const refusal = async (asking: Promise<unknown>): Promise<DialwrightError> => {
  try {
    await asking;
  } catch (err) {
    if (err instanceof DialwrightError) return err;
    throw err;
  }
  throw new Error('it was not refused');
};
const body = () => batchBody(api) as unknown as Parameters<typeof create>[0];
const create = (json: { name: string; fromNumberId: string; timeZone: string }) =>
  answered(dialwright.api.POST('/v1/batches', { body: json }));
const countOf = async (name: string): Promise<number> => {
  const { body: found } = await send(api, 'listBatches', { query: { search: name } });
  return found.data.length;
};

describe('an answer', () => {
  it('is what was asked for', async () => {
    const batch = await create({ ...body(), name: 'Typed' });
    const { name, status } = await answered(
      dialwright.api.GET('/v1/batches/{batchId}', { params: { path: { batchId: batch.id } } }),
    );
    expect([name, status]).toEqual(['Typed', 'DRAFT']);
  });

  it('that refuses is thrown with its code, its fields and its request id', async () => {
    const { code, status, problem } = await refusal(create({ ...body(), name: ' ' }));
    expect([code, status]).toEqual(['validation_failed', 422]);
    expect(problem).toMatchObject({ errors: [{ field: 'name' }], requestId: expect.any(String) });
  });
});

it('a list is read page by page, each thing once', async () => {
  const batchId = await draft(api, {
    recipients: Array.from({ length: 25 }, (_, at) => ({ phoneNumber: `+120255501${at + 10}` })),
  });
  const phones: string[] = [];
  const ask = (cursor: string | undefined) =>
    dialwright.api.GET('/v1/batches/{batchId}/recipients', {
      params: { path: { batchId }, query: { limit: 10, ...(cursor !== undefined && { cursor }) } },
    });
  for await (const { phoneNumber } of everyOf(ask)) phones.push(phoneNumber);
  expect(new Set(phones).size).toBe(25);
  expect(phones).toHaveLength(25);
});

describe('a request whose answer is lost', () => {
  it('is sent again, and makes one batch', async () => {
    const before = relay.requests();
    relay.loseAnswers(2);
    const batch = await create({ ...body(), name: 'Once' });
    expect(relay.requests() - before).toBe(3);
    expect(batch.name).toBe('Once');
    expect(await countOf('Once')).toBe(1);
  });

  it('is given up after some times', async () => {
    relay.loseAnswers(9);
    await expect(dialwright.api.GET('/v1/batches')).rejects.toThrow();
    relay.loseAnswers(0);
    expect((await dialwright.api.GET('/v1/batches')).response.status).toBe(200);
  });

  it('is not sent again where a password goes with it', async () => {
    const before = relay.requests();
    relay.loseAnswers(1);
    await expect(
      dialwright.api.POST('/v1/session', { body: { email: 'ada@example.com', password: 'a wrong sentence' } }),
    ).rejects.toThrow();
    relay.loseAnswers(1);
    const json = { oldPassword: 'a wrong sentence', newPassword: 'quite another sentence' };
    await expect(dialwright.api.PATCH('/v1/session/password', { body: json })).rejects.toThrow();
    expect(relay.requests() - before).toBe(2);
  });

  it('is not sent again where it would be refused because of itself', async () => {
    const { id, version } = await create({ ...body(), name: 'Before' });
    const before = relay.requests();
    relay.loseAnswers(1);
    const params = { path: { batchId: id }, header: { 'If-Match': `"${version}"` } };
    await expect(dialwright.api.PATCH('/v1/batches/{batchId}', { params, body: { name: 'After' } })).rejects.toThrow();
    expect(relay.requests() - before).toBe(1);
    expect(await countOf('After')).toBe(1);
  });
});

it('an answer that says when to come again is heeded', async () => {
  const statuses = [429, 503];
  const fetch = (request: Request): Promise<Response> => {
    const status = statuses.shift();
    return status
      ? Promise.resolve(new Response(null, { status, headers: { 'Retry-After': '0' } }))
      : globalThis.fetch(request);
  };
  const patient = createDialwright({ url: api.url, key: api.keys.admin, fetch, retries: { waitMs: 1 } });
  expect((await patient.api.GET('/v1/batches')).response.status).toBe(200);
  statuses.push(503);
  const { response } = await createDialwright({
    url: api.url,
    key: api.keys.admin,
    fetch,
    retries: { triesMax: 1 },
  }).api.GET('/v1/batches');
  expect(response.status).toBe(503);
});

describe('an upload', () => {
  it('tells how far it is, and answers with the import', async () => {
    const sent: number[] = [];
    let total = 0;
    const { acceptedRows, status } = await dialwright.uploadRecipients(
      await draft(api),
      { name: 'people.csv', content: new Blob([CSV]) },
      { onProgress: (bytes, of) => (sent.push(bytes), (total = of)) },
    );
    expect([acceptedRows, status]).toEqual([2, 'REVIEW']);
    expect(sent.at(-1)).toBe(total);
  });

  it('that is refused says why', async () => {
    const { code } = await refusal(
      dialwright.uploadRecipients(await draft(api), { name: 'people.csv', content: new Blob(['']) }),
    );
    expect(code).toBe('csv_empty');
  });
});

describe('who listens', () => {
  const done = new AbortController();
  afterEach(() => done.abort());

  async function next(events: AsyncGenerator<LiveEvent>, isIt: (event: LiveEvent) => boolean): Promise<LiveEvent> {
    for (;;) {
      const { value, done: isOver } = await events.next();
      if (isOver) throw new Error('the stream has ended');
      if (isIt(value)) return value;
    }
  }

  it('hears what changes, also what changed while the connection was lost', async () => {
    const params = { batchId: await draft(api) };
    const connection: boolean[] = [];
    const events = dialwright.listen({ signal: done.signal, onConnection: (isThere) => connection.push(isThere) });
    await next(events, ({ name }) => name === 'ready');
    await send(api, 'renameBatch', { params, json: { name: 'First' } });
    await next(events, ({ name, data }) => name === 'batch' && data['name'] === 'First');
    relay.cut();
    await send(api, 'renameBatch', { params, json: { name: 'Second' } });
    await next(events, ({ name, data }) => name === 'batch' && data['name'] === 'Second');
    expect(connection).toEqual([true, false, true]);
  });

  it('is told when that may go on no longer', async () => {
    const { body: key } = await send(api, 'createApiKey', { json: { name: 'Short', role: 'viewer' } });
    const own = createDialwright({ url: api.url, key: key.key });
    const events = own.listen();
    await next(events, ({ name }) => name === 'ready');
    await send(api, 'revokeApiKey', { params: { apiKeyId: key.id } });
    await expect(next(events, () => false)).rejects.toThrow('the stream has ended');
    expect((await refusal(own.listen().next())).code).toBe('unauthorized');
  });
});
