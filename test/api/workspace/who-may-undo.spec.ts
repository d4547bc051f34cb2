import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { operations } from '../../../api/routes/all-operations.js';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import type { Role } from '../../../domain/people/roles.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { claim, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { untilLockIsAwaited } from '../../support/workspace-lock.js';
import { batchBody, newSession } from '../support/requests.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from '../support/test-api.js';

let api: TestApi;
let workspace: Workspace;
let keys: { operator: string; admin: string };
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  workspace = await seedWorkspace(api.db);
  const { workspaceId } = workspace;
  const create = async (name: string, role: Role) => (await createApiKey(api.db, { workspaceId, name, role })).key;
  keys = { operator: await create('Night shift', 'operator'), admin: await create('Ada, head of calls', 'admin') };
});

type Who = keyof typeof keys;
const as = (who: Who, operationId: string, sent: Sent = {}): Promise<Received> =>
  send(api, operationId, { key: keys[who], ...sent });
const refusalOf = ({ status, problem }: Received) => [status, problem.code];
const FORBIDDEN = [403, 'forbidden'];

describe('the emergency stop', () => {
  const stop = (who: Who, reason?: string) =>
    as(who, 'emergencyStop', { json: reason === undefined ? {} : { reason } });
  const lift = (who: Who, sent: Sent = {}) => as(who, 'liftEmergencyStop', sent);
  const shown = async () => (await as('operator', 'getWorkspace')).body;
  const stopByHand = () =>
    api.db.pool.query('UPDATE workspaces SET stopped_at = now() WHERE id = $1', [workspace.workspaceId]);
  const applied = async () =>
    (
      await api.db.prisma.auditEvent.findMany({
        where: { workspaceId: workspace.workspaceId, actor: { not: 'setup' } },
        orderBy: { at: 'asc' },
      })
    ).map(({ action, applied, detail }) => [action, applied, detail]);

  it('is lifted by the role that set it, and by a higher one', async () => {
    await stop('operator');
    expect(await shown()).toMatchObject({ stoppedBy: 'Night shift', stoppedByRole: 'operator' });
    expect((await lift('operator')).body).toMatchObject({ stoppedAt: null, stoppedBy: null, stoppedByRole: null });
    await stop('operator');
    expect((await lift('admin')).body).toMatchObject({ stoppedAt: null });
  });

  it('is lifted by an admin with the Idempotency-Key of an operator’s request that was refused', async () => {
    await stop('admin');
    const headers = { 'idempotency-key': randomUUID() };
    expect(refusalOf(await lift('operator', { headers }))).toEqual(FORBIDDEN);
    expect((await lift('admin', { headers })).body).toMatchObject({ stoppedAt: null });
  });

  it('of an admin is not lifted by an operator, who is told whose it is; no call starts, and the try is recorded', async () => {
    const batchId = await seedBatch(api.db, workspace);
    await stop('admin');
    const refused = await lift('operator');
    expect(refusalOf(refused)).toEqual(FORBIDDEN);
    expect(refused.problem.detail).toMatch(/the role admin.*the role operator/);
    expect(await shown()).toMatchObject({
      stoppedAt: expect.any(String),
      stoppedBy: 'Ada, head of calls',
      stoppedByRole: 'admin',
    });
    expect((await claim(api.db, workspace, [lane(batchId)]))[0]?.verdict).not.toBe('CLAIMED');
    expect(await applied()).toEqual([
      ['emergency stop', true, { reason: null }],
      ['lift emergency stop', false, { reason: null, needsRole: 'admin' }],
    ]);
    expect((await lift('admin')).status).toBe(200);
    expect((await claim(api.db, workspace, [lane(batchId)]))[0]?.verdict).toBe('CLAIMED');
  });

  it('says to everybody why it was set, and nothing once it is lifted', async () => {
    await stop('operator', 'Wrong list');
    expect(await shown()).toMatchObject({ stoppedBy: 'Night shift', stopReason: 'Wrong list' });
    await stop('admin', 'All lists are wrong');
    expect(await shown()).toMatchObject({ stopReason: 'All lists are wrong' });
    await lift('admin');
    expect(await shown()).toMatchObject({ stopReason: null });
    await stop('operator');
    expect(await shown()).toMatchObject({ stoppedBy: 'Night shift', stopReason: null });
  });

  it('of an operator is taken over by an admin who stops too, and keeps its time; not the other way round', async () => {
    const first = await stop('operator');
    const second = await stop('admin');
    expect(second.body.stoppedAt).toBe(first.body.stoppedAt);
    expect(refusalOf(await lift('operator'))).toEqual(FORBIDDEN);
    await stop('operator');
    expect(refusalOf(await lift('operator'))).toEqual(FORBIDDEN);
    expect(await shown()).toMatchObject({ stoppedAt: first.body.stoppedAt, stoppedByRole: 'admin' });
    expect((await lift('admin')).status).toBe(200);
  });

  it('that was set by hand in the database is lifted by an admin, whoever had set an earlier one', async () => {
    await stopByHand();
    expect(await shown()).toMatchObject({ stoppedBy: null, stoppedByRole: null });
    expect(refusalOf(await lift('operator'))).toEqual(FORBIDDEN);
    expect((await lift('admin')).body).toMatchObject({ stoppedAt: null });
    await stop('operator');
    await stopByHand();
    expect(refusalOf(await lift('operator'))).toEqual(FORBIDDEN);
    await stop('operator');
    expect(refusalOf(await lift('operator'))).toEqual(FORBIDDEN);
    expect((await lift('admin')).status).toBe(200);
  });

  it('is not lifted by an operator whose refused lift is repeated because its answer was lost', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    await stop('admin');
    await lift('operator', { headers });
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, locked_at = dialwright_now() - interval '61 s'`,
    );
    expect(refusalOf(await lift('operator', { headers }))).toEqual(FORBIDDEN);
    expect(await shown()).toMatchObject({ stoppedByRole: 'admin' });
  });

  it('is not lifted by an operator at the moment at which an admin takes it over', async () => {
    await stop('operator');
    const admin = await api.db.pool.connect();
    try {
      await admin.query('BEGIN');
      const by = { actor: { id: 'key_1', name: 'Ada', from: null }, role: 'admin', reason: null };
      await admin.query('SELECT stop_workspace($1, true, $2, NULL)', [workspace.workspaceId, JSON.stringify(by)]);
      const lifted = lift('operator');
      await untilLockIsAwaited(api.db);
      await admin.query('COMMIT');
      expect(refusalOf(await lifted)).toEqual(FORBIDDEN);
    } finally {
      admin.release(true);
    }
  });
});

it('a suppression is added by an operator and removed by an admin', async () => {
  const json = { phoneNumbers: ['+12025550151'] };
  expect((await as('operator', 'addSuppressions', { json })).body).toMatchObject({ added: 1 });
  expect(refusalOf(await as('operator', 'removeSuppressions', { json }))).toEqual(FORBIDDEN);
  expect((await as('operator', 'getWorkspace')).body.suppressions).toBe(1);
  expect((await as('admin', 'removeSuppressions', { json })).body).toEqual({ removed: 1, notThere: 0 });
});

it.each(['updateWorkspace', 'updatePhoneNumber', 'updateAgent', 'updateProviderAccount', 'removeSuppressions'])(
  '%s, which can take a protection away, needs an admin',
  (id) => {
    expect(operations.find((operation) => operation.id === id)?.role).toBe('admin');
  },
);

describe('an override of lawful hours', () => {
  const reason = 'Calls to our own staff';
  const body = (changes: object = {}) => ({
    ...batchBody({ ...api, workspace }),
    recipients: [],
    purpose: 'telemarketing',
    ...changes,
  });
  const make = async (who: Who, changes: object = {}): Promise<string> =>
    (await as(who, 'createBatch', { json: body(changes) })).body.id as string;
  const change = (who: Who, batchId: string, json: object) => as(who, 'updateBatch', { params: { batchId }, json });
  const overrideOf = async (batchId: string) =>
    (await as('operator', 'getBatch', { params: { batchId } })).body.lawfulOverride as object | null;

  it('is made by an admin only, whether a batch is created or changed', async () => {
    expect(refusalOf(await as('operator', 'createBatch', { json: body({ lawfulOverride: { reason } }) }))).toEqual(
      FORBIDDEN,
    );
    expect(await api.db.prisma.batch.count({ where: { workspaceId: workspace.workspaceId } })).toBe(0);
    const batchId = await make('operator');
    expect(refusalOf(await change('operator', batchId, { lawfulOverride: { reason } }))).toEqual(FORBIDDEN);
    expect(await overrideOf(batchId)).toBeNull();
  });

  it('is kept in the name of the key that made it, with its id and the time, and in no other', async () => {
    const before = Date.now();
    const made = await make('admin', { lawfulOverride: { reason } });
    const changed = await make('operator');
    await change('admin', changed, { lawfulOverride: { reason } });
    for (const batchId of [made, changed]) {
      const kept = (await overrideOf(batchId)) as { at: string; by: string };
      expect(kept).toEqual({
        name: 'Ada, head of calls',
        by: expect.any(String),
        at: expect.any(String),
        reason,
      });
      expect(Date.parse(kept.at)).toBeGreaterThan(before - 5_000);
      const key = await api.db.prisma.apiKey.findUnique({ where: { id: parsePublicId('apiKey', kept.by)! } });
      expect(key?.name).toBe('Ada, head of calls');
    }
    const named = body({ lawfulOverride: { name: 'Grace', reason } });
    const { status, problem } = await as('admin', 'createBatch', { json: named });
    expect([status, problem.errors[0]?.field]).toEqual([422, 'lawfulOverride.name']);
  });

  it('has the id of the member who made it with a session', async () => {
    const { email, headers } = await newSession(api);
    const json = { ...batchBody(api), recipients: [], purpose: 'telemarketing', lawfulOverride: { reason } };
    const { body: made } = await send(api, 'createBatch', { json, headers, key: null });
    const member = await api.db.prisma.member.findFirst({ where: { person: { email } } });
    expect(made.lawfulOverride).toMatchObject({ name: 'Ada', by: publicId('member', member!.id) });
  });

  it('covers the hours that the admin saw: an operator does not change them, but may take it away', async () => {
    const batchId = await make('admin', { lawfulOverride: { reason } });
    const wide = { window: { monday: [['00:00', '24:00']] } };
    for (const json of [wide, { timeZone: 'America/New_York' }, { blackoutDates: [] }, { start: 'now' }])
      expect(refusalOf(await change('operator', batchId, json))).toEqual(FORBIDDEN);
    expect((await change('operator', batchId, { name: 'Renamed', limits: { concurrency: 2 } })).status).toBe(200);
    expect(await overrideOf(batchId)).toMatchObject({ reason });
    expect((await change('admin', batchId, wide)).status).toBe(200);
    expect(await overrideOf(batchId)).toMatchObject({ reason });
    expect((await change('operator', batchId, { ...wide, lawfulOverride: null })).status).toBe(200);
    expect(await overrideOf(batchId)).toBeNull();
  });

  it('is not copied with a batch, whoever copies it', async () => {
    const batchId = await make('admin', { lawfulOverride: { reason } });
    for (const who of ['operator', 'admin'] as const) {
      const copy = await as(who, 'duplicateBatch', { params: { batchId } });
      expect(copy.body).toMatchObject({ purpose: 'telemarketing', lawfulOverride: null });
    }
  });
});
