import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { parsePublicId, publicId } from '../../domain/ids.js';
import { readSettings } from '../../platform/settings.js';
import { CREDENTIALS as SEEDED } from '../support/credentials.js';
import { eventually } from '../support/eventually.js';
import { claimOne, seedBatch, seedWorkspace } from '../support/seed.js';
import { holdTables, PATIENT, type Held } from './support/hold-tables.js';
import { CSV, draft, REQUESTS, webhook } from './support/requests.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from './support/test-api.js';

/** What never ends by itself fails sooner than everything else here. */
const ENDS_MAX_MS = 25_000;

/** One workspace at its worst, and another that must not notice. */
let api: TestApi;
let hasty: TestApi;
let other: Pick<TestApi, 'url' | 'keys'>;
let otherBatch: string;
let held: Held | null = null;

beforeAll(async () => {
  const { lockTimeoutMs, readTimeoutMs } = PATIENT;
  const settings = { ...readSettings({}), readTimeoutMs };
  api = await startTestApi({ settings }, { lockTimeoutMs });
  hasty = await startTestApi({ settings: { ...settings, placeWaitMs: 0 } }, { lockTimeoutMs });
  other = { url: api.url, keys: api.other.keys };
});
beforeEach(async () => {
  otherBatch = await draft({ ...api, keys: api.other.keys, workspace: api.other.workspace });
});
afterEach(async () => {
  await held?.letGo();
  held = null;
});
afterAll(async () => {
  await api.stop();
  await hasty.stop();
});

const search = (of: Pick<TestApi, 'url' | 'keys'>, batchId: string) =>
  send(of, 'searchRecipients', { params: { batchId }, json: { text: 'ada' }, key: of.keys.viewer });
const upload = (of: Pick<TestApi, 'url' | 'keys'>, batchId: string, query: Record<string, string> = {}) =>
  send(of, 'createImport', { params: { batchId }, file: { name: 'a.csv', content: CSV }, query });

/** Who has been answered so far. */
function watch(requests: Promise<Received>[]): { answered: Received[]; all: Promise<Received[]> } {
  const answered: Received[] = [];
  for (const request of requests) void request.then((received) => answered.push(received));
  return { answered, all: Promise.all(requests) };
}

async function expectOtherIsServed(): Promise<void> {
  await expectOtherMayStop();
  const hook = await send(other, 'receiveWebhook', await REQUESTS['receiveWebhook']!({ ...api, ...api.other }));
  expect(hook.status).toBe(204);
}

async function expectOtherMayStop(): Promise<void> {
  const page = await send(other, 'getBatch', { params: { batchId: otherBatch } });
  const stop = await send(other, 'emergencyStop', { json: { reason: randomUUID() } });
  const lift = await send(other, 'liftEmergencyStop', { json: {} });
  expect([page.status, stop.status, lift.status]).toEqual([200, 200, 200]);
}

describe('another workspace is served at once', () => {
  it('while one sends 25 searches that take long', async () => {
    const batchId = await draft(api);
    held = await holdTables(api.db, ['recipients']);
    const searches = watch(Array.from({ length: 25 }, () => search(api, batchId)));
    await held.untilWaiting(2);
    await expectOtherIsServed();
    expect(searches.answered).toEqual([]);
    await held.letGo();
    expect((await searches.all).map(({ status }) => status)).toEqual(Array.from({ length: 25 }, () => 200));
  });

  it('while one sends 20 uploads at once: what is not kept is told to wait', async () => {
    const batchId = await draft(api);
    held = await holdTables(api.db, ['import_rows']);
    const uploads = watch(Array.from({ length: 20 }, () => upload(api, batchId)));
    await held.untilWaiting(2);
    const others = upload(other, otherBatch);
    await held.untilWaiting(3);
    await expectOtherIsServed();
    await eventually(() => expect(uploads.answered.map(({ status }) => status)).toEqual(Array(16).fill(429)));
    await held.letGo();
    expect((await others).status).toBe(201);
    const answers = await uploads.all;
    expect(answers.filter(({ status }) => status === 201).length).toBe(4);
    for (const { problem, headers } of uploads.answered.slice(0, 16)) {
      expect([problem.code, problem.retryable, Number(headers.get('retry-after'))]).toEqual([
        'too_many_at_once',
        true,
        10,
      ]);
      expect(problem.detail).toContain('This workspace has 4 uploads under way, as many as it may have at once.');
    }
  });

  it('while events of 25 others wait for what somebody writes', async () => {
    const events: Sent[] = [];
    for (let neighbour = 0; neighbour < 25; neighbour++) {
      const workspace = await seedWorkspace(api.db);
      const { id } = await claimOne(api.db, workspace, await seedBatch(api.db, workspace, { recipients: 1 }));
      const call = { call_id: id, reference: publicId('attempt', id), accepted_at: 1, started_at: 2 };
      const params = { providerAccountId: publicId('providerAccount', workspace.providerAccountId) };
      events.push({ params, ...webhook(SEEDED.webhookSecret, { event: 'call_started', call }) });
    }
    held = await holdTables(api.db, ['call_events']);
    const received = watch(events.map((event) => send(api, 'receiveWebhook', event)));
    await held.untilWaiting(4);
    await expectOtherMayStop();
    expect(received.answered).toEqual([]);
    await held.letGo();
    expect((await received.all).map(({ status }) => status)).toEqual(events.map(() => 204));
  });

  it('when one has as many searches under way as it may have, and is told to wait', async () => {
    const [mine, theirs] = [hasty, { url: hasty.url, keys: hasty.other.keys }];
    const batchId = await draft(mine);
    const theirBatch = await draft({ ...hasty, keys: theirs.keys, workspace: hasty.other.workspace });
    held = await holdTables(hasty.db, ['recipients']);
    const under = [search(mine, batchId), search(mine, batchId)];
    await held.untilWaiting(2);
    const refused = await search(mine, batchId);
    expect([refused.status, refused.problem.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'too_many_at_once',
      '2',
    ]);
    const found = search(theirs, theirBatch);
    await held.untilWaiting(3);
    const full = await search(theirs, theirBatch);
    expect(full.problem.detail).toContain('Other workspaces have all places for searches and previews now.');
    await held.letGo();
    expect((await Promise.all([...under, found])).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

it('a workspace stops its own calling while it has as many other changes under way as it may have', async () => {
  const providerAccountId = publicId('providerAccount', hasty.workspace.providerAccountId);
  const change = () =>
    send(hasty, 'createAgent', { json: { providerAccountId, providerAgentId: randomUUID(), name: 'Eva' } });
  held = await holdTables(hasty.db, ['agents']);
  const changes = [change(), change()];
  await held.untilWaiting(2);
  expect((await change()).problem.code).toBe('too_many_at_once');
  expect((await send(hasty, 'emergencyStop', { json: {} })).status).toBe(200);
  await held.letGo();
  expect((await Promise.all(changes)).map(({ status }) => status)).toEqual([201, 201]);
  await send(hasty, 'liftEmergencyStop', { json: {} });
});

describe('an upload ends at once, also while its COPY waits', () => {
  const newId = (): string => publicId('import', randomUUID());
  const importOf = async (importId: string) => (await send(api, 'getImport', { params: { importId } })).body;

  it(
    'when it is discarded',
    async () => {
      const importId = newId();
      held = await holdTables(api.db, ['import_rows']);
      const uploading = upload(api, await draft(api), { importId });
      await held.untilWaiting(1);
      expect((await send(api, 'discardImport', { params: { importId } })).status).toBe(200);
      const { status, problem } = await uploading;
      expect([status, problem.code]).toEqual([409, 'import_not_in_review']);
      expect(await importOf(importId)).toMatchObject({ status: 'DISCARDED', totalRows: 0 });
      await held.untilWaiting(0);
    },
    ENDS_MAX_MS,
  );

  it(
    'when its client goes away',
    async () => {
      const importId = newId();
      const batchId = await draft(api);
      held = await holdTables(api.db, ['import_rows']);
      const form = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n${CSV}\r\n--b--\r\n`;
      const { hostname, port } = new URL(api.url);
      const client = connect(Number(port), hostname);
      client.write(
        `POST /v1/batches/${batchId}/imports?importId=${importId} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.keys.admin}\r\n` +
          `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: ${Buffer.byteLength(form)}\r\n\r\n${form}`,
      );
      await held.untilWaiting(1);
      client.destroy();
      await eventually(async () => {
        expect(await importOf(importId)).toMatchObject({ status: 'FAILED', error: { code: 'upload_interrupted' } });
      });
      await held.untilWaiting(0);
    },
    ENDS_MAX_MS,
  );

  it('shows that it lives while all connections for uploads are taken', async () => {
    const importId = newId();
    const batchId = await draft(api);
    held = await holdTables(api.db, ['import_rows']);
    const uploads = [upload(api, batchId, { importId }), upload(api, batchId)];
    const others = [upload(other, otherBatch), upload(other, otherBatch)];
    await held.untilWaiting(4);
    const lifeOf = async (): Promise<string> =>
      (
        await api.db.pool.query('SELECT heartbeat_at::text AS at FROM imports WHERE id = $1', [
          parsePublicId('import', importId),
        ])
      ).rows[0].at;
    const before = await lifeOf();
    await eventually(async () => expect(await lifeOf()).not.toBe(before));
    await held.letGo();
    expect((await Promise.all([...uploads, ...others])).map(({ status }) => status)).toEqual([201, 201, 201, 201]);
  });
});
