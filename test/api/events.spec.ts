import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { publicId } from '../../domain/ids.js';
import { changeBatch } from '../../store/changes/change-batch.js';
import { addFigures } from '../../store/figures/add-figures.js';
import { acceptCall, claim, lane, seedBatch } from '../support/seed.js';
import { batchBody } from './support/requests.js';
import { listenTo, type EventStream } from './support/event-stream.js';
import { GOOD, peopleOf, tokenIn } from './people/browser.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ trustProxy: 1 });
  await signedIn(); // an admin who stays
});
afterAll(() => api.stop());
const { signedIn } = peopleOf(() => api);

let streams: EventStream[];
beforeEach(() => {
  streams = [];
});
afterEach(() => {
  for (const stream of streams) stream.close();
});

async function listen(headers: Record<string, string> = {}): Promise<EventStream> {
  const stream = await listenTo(api.url, { authorization: `Bearer ${api.keys.viewer}`, ...headers });
  streams.push(stream);
  await stream.next('ready');
  return stream;
}

/** By another process: this API has no part in it. */
const change = (batchId: string, action: 'pause' | 'resume') =>
  changeBatch(api.db.pool, {
    workspaceId: api.workspace.workspaceId,
    batchId,
    action,
    from: action === 'pause' ? ['RUNNING'] : ['PAUSED'],
    actor: 'test',
    commandId: null,
  });

const running = (phones = ['+12025550111']) => seedBatch(api.db, api.workspace, { phones });
let phones = 0;
const newPhones = (count: number) => Array.from({ length: count }, () => `+1202555${String(2000 + phones++)}`);

describe('who listens', () => {
  it('is told what another process has changed, as a GET says it', async () => {
    const batchId = await running();
    const stream = await listen();
    await change(batchId, 'pause');
    const id = publicId('batch', batchId);
    const { data } = await stream.next('batch', ({ status }) => status === 'PAUSED');
    const { body } = await send(api, 'getBatch', { params: { batchId: id } });
    const { counters, ...told } = data as { counters: { countedAt: string } };
    const { counters: shown, ...rest } = body;
    expect(told).toEqual(rest);
    expect({ ...counters, countedAt: null }).toEqual({ ...shown, countedAt: null });
  });

  it('is told of new batches and imports, deleted batches, stops, numbers and limits', async () => {
    const stream = await listen();
    const { body: batch } = await send(api, 'createBatch', { json: batchBody(api) });
    await stream.next('batch', ({ id, status }) => id === batch.id && status === 'DRAFT');
    const params = { batchId: batch.id as string };
    const file = { name: 'more.csv', content: 'phone_number\n+12025550199\n' };
    const { body: uploaded } = await send(api, 'createImport', { params, file });
    await stream.next('import', ({ id, acceptedRows }) => id === uploaded.id && acceptedRows === 1);
    await send(api, 'deleteBatch', { params });
    await stream.next('batchDeleted', ({ id }) => id === batch.id);
    await send(api, 'emergencyStop', { json: { reason: 'Fire' } });
    await stream.next('workspace', ({ stoppedAt, stoppedBy }) => stoppedAt !== null && stoppedBy === 'admin');
    await send(api, 'liftEmergencyStop', { json: {} });
    await stream.next('workspace', ({ stoppedAt }) => stoppedAt === null);
    const phoneNumberId = publicId('phoneNumber', api.workspace.fromNumberId);
    await send(api, 'updatePhoneNumber', { params: { phoneNumberId }, json: { label: 'Desk' } });
    await stream.next('phoneNumber', ({ id }) => id === phoneNumberId);
  });

  it('is told of a job, and of what it has done', async () => {
    const batchId = publicId('batch', await running(newPhones(3)));
    const stream = await listen();
    const { body } = await send(api, 'beginJob', { params: { batchId }, json: { kind: 'remove', filter: {} } });
    const { data } = await stream.next('job', ({ status }) => status === 'DONE');
    expect(data).toEqual(body);
    expect(body).toMatchObject({ batchId, kind: 'remove', progress: 1, counts: { total: 3, matched: 3, done: 3 } });
  });

  it('hears of the first call after quiet at once, and of more of them once a second at most', async () => {
    const batchId = await running(newPhones(8));
    const answers = await claim(
      api.db,
      api.workspace,
      Array.from({ length: 8 }, () => lane(batchId)),
    );
    const calls = answers.flatMap((answer) => (answer.verdict === 'CLAIMED' ? [answer.call.id] : []));
    expect(calls).toHaveLength(8);
    const stream = await listen();
    const id = publicId('batch', batchId);
    const sentOf = (data: Record<string, unknown>) =>
      (data['counters'] as { attempts: { sent: number } }).attempts.sent;
    const beganMs = performance.now();
    for (const [index, call] of calls.entries()) {
      await acceptCall(api.db.pool, call, `call-${call}`);
      await addFigures(api.db.pool);
      if (index === 0) await stream.next('batch', (data) => data['id'] === id && sentOf(data) === 1);
      if (index === 0) expect(performance.now() - beganMs).toBeLessThan(800);
    }
    await stream.next('batch', (data) => data['id'] === id && sentOf(data) === 8);
    const slots = stream.events.filter(({ name }) => name === 'workspace').map(({ data }) => data['slotsHeld']);
    expect(slots).toContain(8);
    const times = stream.events
      .filter(({ name, data }) => name === 'batch' && data['id'] === id)
      .map(({ atMs }) => atMs);
    const pauses = times.slice(1).map((atMs, index) => atMs - times[index]!);
    expect(Math.min(...pauses)).toBeGreaterThan(800);
    await api.db.pool.query('UPDATE attempts SET slot_held = false WHERE batch_id = $1', [batchId]);
  });

  it('that was cut off is told what has changed meanwhile', async () => {
    const batchId = await running();
    const before = await listen();
    await change(batchId, 'pause');
    const { id: heard } = await before.next('batch', ({ status }) => status === 'PAUSED');
    before.close();
    await before.ended;
    await change(batchId, 'resume');
    const after = await listen({ 'last-event-id': heard ?? '' });
    await after.next('batch', ({ id, status }) => id === publicId('batch', batchId) && status === 'RUNNING');
  });

  it('is not told again what another one has missed', async () => {
    const batchId = await running();
    const id = publicId('batch', batchId);
    const there = await listen();
    const first = await listen();
    await change(batchId, 'pause');
    const isPaused = (data: Record<string, unknown>): boolean => data['id'] === id && data['status'] === 'PAUSED';
    const { id: heard } = await there.next('batch', isPaused);
    first.close();
    const again = await listen({ 'last-event-id': String(Number(heard) - 1) });
    await again.next('batch', isPaused);
    await stillHears(there);
    expect(there.events.filter(({ name, data }) => name === 'batch' && isPaused(data))).toHaveLength(1);
  });

  it('that has missed too much is told to read everything anew', async () => {
    await api.db.pool.query(
      `INSERT INTO live_changes SELECT $1, 'import', gen_random_uuid(), dialwright_now() FROM generate_series(1, 501)`,
      [api.workspace.workspaceId],
    );
    const stream = await listen({ 'last-event-id': String(Date.now()) });
    await stream.next('reset');
    await api.db.pool.query(`DELETE FROM live_changes WHERE kind = 'import'`);
  });

  it('hears nothing of other workspaces', async () => {
    const stream = await listen({ authorization: `Bearer ${api.other.keys.admin}` });
    await change(await running(), 'pause');
    const theirs = await seedBatch(api.db, api.other.workspace);
    await stream.next('batch', ({ id }) => id === publicId('batch', theirs));
    const heard = stream.events.filter(({ name }) => name === 'batch').map(({ data }) => data['id']);
    expect(new Set(heard)).toEqual(new Set([publicId('batch', theirs)]));
  });

  it('is told to read anew when the notifications of PostgreSQL were away, and hears again', async () => {
    const batchId = await running();
    const stream = await listen();
    const { rowCount } = await api.db.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN dialwright_changes' AND datname = current_database()`,
    );
    expect(rowCount).toBe(1);
    await stream.next('reset');
    await change(batchId, 'pause');
    await stream.next('batch', ({ status }) => status === 'PAUSED');
  });
});

describe('a stream ends', () => {
  it('when its key is revoked', async () => {
    const { body: key } = await send(api, 'createApiKey', { json: { name: 'Short', role: 'viewer' } });
    const stream = await listen({ authorization: `Bearer ${key.key}` });
    const other = await listen();
    await send(api, 'revokeApiKey', { params: { apiKeyId: key.id } });
    await stream.next('ended');
    expect(await stream.ended).toBe(true);
    await stillHears(other);
  });

  it.each(['removed', 'signed out', 'ended by themselves elsewhere'])('when its member is %s', async (how) => {
    const { id, client } = await signedIn();
    const stream = await listen({
      authorization: '',
      origin: api.url,
      'sec-fetch-site': 'same-origin',
      cookie: client.cookie(),
    });
    const other = await listen();
    if (how === 'removed') await send(api, 'removeMember', { params: { memberId: id } });
    else if (how === 'signed out') await client.ask('signOut');
    else {
      const { body } = await client.ask('listSessions');
      await client.ask('endSession', { params: { sessionId: body.data[0].id } });
    }
    await stream.next('ended');
    expect(await stream.ended).toBe(true);
    await stillHears(other);
  });

  it('when its session works in another workspace by now', async () => {
    const { email, client } = await signedIn();
    const other = { ...api, keys: api.other.keys };
    const { body } = await send(other, 'inviteMember', { json: { email, name: 'X', role: 'viewer' } });
    expect((await client.ask('spendLink', { json: { token: tokenIn(body.link), password: GOOD } })).status).toBe(200);
    const headers = { authorization: '', origin: api.url, 'sec-fetch-site': 'same-origin', cookie: client.cookie() };
    const stream = await listen(headers);
    const { workspace, workspaces } = (await client.ask('getSession')).body;
    const elsewhere = workspaces.find(({ id }: { id: string }) => id !== workspace.id);
    expect((await client.ask('switchWorkspace', { json: { workspaceId: elsewhere.id } })).status).toBe(200);
    await stream.next('ended');
    expect(await stream.ended).toBe(true);
  });

  it('when its session is over, and does not begin it again', async () => {
    const { client } = await signedIn();
    const headers = { authorization: '', origin: api.url, 'sec-fetch-site': 'same-origin', cookie: client.cookie() };
    const stream = await listen(headers);
    await api.db.pool.query(`UPDATE sessions SET expire = now() - interval '1 second'`);
    const { rows } = await api.db.pool.query(
      `SELECT sess ->> 'personId' AS person FROM sessions ORDER BY sess ->> 'signedInAt' DESC LIMIT 1`,
    );
    await api.db.pool.query('SELECT pg_notify($1, $2)', ['dialwright_changes', `${rows[0].person} access`]);
    await stream.next('ended');
    expect(await stream.ended).toBe(true);
    expect((await client.ask('getSession')).status).toBe(401);
  });

  it('in order when the process stops, and takes no time', async () => {
    const stopping = await startTestApi();
    const stream = await listenTo(stopping.url, { authorization: `Bearer ${stopping.keys.viewer}` });
    await stream.next('ready');
    const beganMs = performance.now();
    await stopping.stop();
    expect(await stream.ended).toBe(true);
    expect(performance.now() - beganMs).toBeLessThan(5_000);
  });
});

async function stillHears(stream: EventStream): Promise<void> {
  const batchId = await running();
  await stream.next('batch', ({ id }) => id === publicId('batch', batchId));
}
