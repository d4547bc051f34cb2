import { publicId } from '../../../domain/ids.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { eventually } from '../../support/eventually.js';
import { seedWorkspace } from '../../support/seed.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const make = async (json: Record<string, unknown> = {}) =>
  (await send(api, 'createApiKey', { json: { name: 'Script', role: 'operator', ...json } })).body;
const roll = (apiKeyId: string, json?: Record<string, unknown>) =>
  send(api, 'rollApiKey', { params: { apiKeyId }, ...(json && { json }) });
const revoke = (apiKeyId: string, key = api.keys.admin) => send(api, 'revokeApiKey', { params: { apiKeyId }, key });
const get = async (apiKeyId: string) => (await send(api, 'getApiKey', { params: { apiKeyId } })).body;
/** The status of a request that any key may make. */
const statusWith = async (key: string) => (await send(api, 'getWorkspace', { key })).status;

describe('a new API key', () => {
  it('works with its role, is shown once, and is told by its beginning', async () => {
    const { key, ...shown } = await make();
    expect(key).toMatch(/^dw_[0-9A-Za-z]{49}$/);
    expect(shown).toMatchObject({
      name: 'Script',
      role: 'operator',
      prefix: key.slice(0, 8),
      createdBy: expect.stringMatching(/^key_/),
      ...{ lastUsedAt: null, expiresAt: null, revokedAt: null },
    });
    expect(await statusWith(key)).toBe(200);
    expect((await send(api, 'createApiKey', { json: { name: 'Mine', role: 'admin' }, key })).status).toBe(403);

    const { body } = await send(api, 'listApiKeys', { query: { limit: '100' } });
    expect(body.data).toContainEqual(await get(shown.id));
    const stored = await api.db.pool.query(
      'SELECT k::text AS text FROM api_keys k UNION ALL SELECT a::text FROM audit_events a',
    );
    expect(JSON.stringify([body, stored.rows])).not.toContain(key.slice(8));
  });

  it('says when it was used', async () => {
    const { id, key } = await make();
    await statusWith(key);
    await eventually(async () => expect((await get(id)).lastUsedAt).toEqual(expect.any(String)));
  });

  it('that is asked for again with the same Idempotency-Key is not shown again, nor kept', async () => {
    const request = { json: { name: 'Once', role: 'viewer' }, headers: { 'idempotency-key': 'make-a-key' } };
    const first = await send(api, 'createApiKey', request);
    const again = await send(api, 'createApiKey', request);
    expect(again.body).toEqual({ ...first.body, key: null });
    const { rows } = await api.db.pool.query('SELECT response FROM idempotency_keys');
    expect(JSON.stringify(rows)).not.toContain(first.body.key.slice(8));
    expect(await statusWith(first.body.key)).toBe(200);
  });

  it('whose answer was lost with its process is another one under the same id', async () => {
    const request = { json: { name: 'Lost', role: 'viewer' }, headers: { 'idempotency-key': 'lose-a-key' } };
    const first = await send(api, 'createApiKey', request);
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, response = NULL, locked_at = locked_at - interval '61 s' WHERE key = 'lose-a-key'`,
    );
    const again = await send(api, 'createApiKey', request);
    expect(again.body.id).toBe(first.body.id);
    expect([await statusWith(first.body.key), await statusWith(again.body.key)]).toEqual([401, 200]);
  });

  it('ends when it expires, and is not made when that has passed', async () => {
    const { id, key } = await make({ expiresAt: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await statusWith(key)).toBe(200);
    await api.db.pool.query('UPDATE api_keys SET expires_at = dialwright_now() WHERE prefix = $1', [key.slice(0, 8)]);
    expect(await statusWith(key)).toBe(401);
    const late = await roll(id);
    expect([late.status, late.problem.code]).toEqual([409, 'key_is_over']);
    for (const expiresAt of ['2026-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59-01:00']) {
      const wrong = await send(api, 'createApiKey', { json: { name: 'Late', role: 'viewer', expiresAt } });
      expect([wrong.status, wrong.problem.errors[0]?.field]).toEqual([422, 'expiresAt']);
    }
  });
});

describe('an API key that is rolled', () => {
  it('works on for the overlap beside the new one, which has its name, role and life', async () => {
    const old = await make({ expiresAt: new Date(Date.now() + 10 * 86_400_000).toISOString() });
    const { status, body } = await roll(old.id, { overlapSeconds: 3_600 });
    expect([status, body.name, body.role]).toEqual([201, 'Script', 'operator']);
    expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(9.9 * 86_400_000);
    expect([await statusWith(old.key), await statusWith(body.key)]).toEqual([200, 200]);
    expect(Date.parse((await get(old.id)).expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000);
  });

  it('ends at once without an overlap', async () => {
    const old = await make();
    const { body } = await roll(old.id, { overlapSeconds: 0 });
    expect([await statusWith(old.key), await statusWith(body.key)]).toEqual([401, 200]);
  });

  it('is rolled once, then its successor: a second life would be counted from the overlap', async () => {
    const old = await make();
    const { body } = await roll(old.id);
    const twice = await roll(old.id);
    expect([twice.status, twice.problem.code, twice.problem['successorId']]).toEqual([409, 'key_was_rolled', body.id]);
    expect((await roll(body.id)).body).toMatchObject({ expiresAt: null });
    expect((await get(old.id)).successorId).toBe(body.id);
  });

  it('has a successor that somebody sees, also when the first answer was lost and it is over', async () => {
    const old = await make();
    const request = { params: { apiKeyId: old.id }, json: { overlapSeconds: 0 } };
    const headers = { 'idempotency-key': 'lose-a-roll' };
    const first = await send(api, 'rollApiKey', { ...request, headers });
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, response = NULL, locked_at = locked_at - interval '61 s' WHERE key = 'lose-a-roll'`,
    );
    const again = await send(api, 'rollApiKey', { ...request, headers });
    expect([again.status, again.body.id, again.body.expiresAt]).toEqual([201, first.body.id, null]);
    expect([await statusWith(first.body.key), await statusWith(again.body.key)]).toEqual([401, 200]);
  });

  it('by itself works on long enough to ask again', async () => {
    const { id, key } = await make({ role: 'admin' });
    const own = await send(api, 'rollApiKey', { params: { apiKeyId: id }, json: { overlapSeconds: 59 }, key });
    expect([own.status, own.problem.errors[0]?.field]).toEqual([422, 'overlapSeconds']);
    expect(await statusWith(key)).toBe(200);
  });

  it('that would end before the overlap does, still does', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const old = await make({ expiresAt: soon });
    await roll(old.id);
    expect((await get(old.id)).expiresAt).toBe(soon);
  });
});

describe('an API key that is revoked', () => {
  it('ends at once, and may be revoked again', async () => {
    const { id, key } = await make();
    for (const _ of [1, 2]) expect((await revoke(id)).body).toMatchObject({ id, revokedAt: expect.any(String) });
    expect(await statusWith(key)).toBe(401);
    const { rows } = await api.db.pool.query(
      `SELECT action FROM audit_events WHERE detail ->> 'key' = (SELECT id::text FROM api_keys WHERE prefix = $1) ORDER BY at`,
      [key.slice(0, 8)],
    );
    expect(rows.map(({ action }) => action)).toEqual(['create key', 'revoke key']);
  });

  it('is not the last of the admin keys that do not expire, also when two are revoked by each other', async () => {
    const { workspaceId } = await seedWorkspace(api.db);
    const admin = { workspaceId, name: 'Admin', role: 'admin' } as const;
    const keys = [await createApiKey(api.db, admin), await createApiKey(api.db, admin)] as const;
    await createApiKey(api.db, { ...admin, expiresAt: new Date(Date.now() + 3_600_000) });
    const id = (index: 0 | 1) => publicId('apiKey', keys[index].apiKeyId);
    const both = await Promise.all([revoke(id(0), keys[1].key), revoke(id(1), keys[0].key)]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    const left = both[0].status === 200 ? 1 : 0;
    const last = await revoke(id(left), keys[left].key);
    expect([last.status, last.problem.code]).toEqual([409, 'last_admin_key']);
    expect(await statusWith(keys[left].key)).toBe(200);
  });
});
