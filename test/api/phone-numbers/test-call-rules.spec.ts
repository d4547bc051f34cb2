import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { extendOpenings } from '../../../activities/batch-activities.js';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { inTransaction } from '../../../store/database.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { readConfig } from '../../../platform/config.js';
import { bindClock } from '../../support/bind-clock.js';
import { TEST_ENCRYPTION_KEY } from '../../support/secrets.js';
import { claim, lane, seedWorkspace, type Workspace } from '../../support/seed.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from '../support/test-api.js';
import { untilLockIsAwaited } from '../../support/workspace-lock.js';

/** In Washington, which is 4 hours behind UTC on these days. */
const TO = '+12025550141';
const NOON = Date.parse('2026-06-01T16:00:00Z');
const NIGHT = Date.parse('2026-06-02T03:00:00Z');
const OPENS_AGAIN = '2026-06-02T12:00:00.000Z';
const PER_MINUTE = 5;
const MINUTE_MS = 60_000;
/** As many requests of one workspace as are answered at once. */
const TOGETHER = 2;
/** A number of no country. */
const NOWHERE = '+80012345678';

let api: TestApi;
let workspace: Workspace;
let keys: Record<'operator' | 'admin', string>;
let keyIds: Record<'operator' | 'admin', string>;
let clock: { set(nowMs: number): Promise<void> };
beforeAll(async () => {
  const config = readConfig({
    DATABASE_URL: 'postgresql://127.0.0.1/nothing',
    DIALWRIGHT_ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
  });
  expect(config.settings.testCallsPerMinuteMax).toBe(PER_MINUTE);
  api = await startTestApi({ settings: config.settings });
  clock = await bindClock(api.db, { stands: true });
});
afterAll(() => api.stop());
beforeEach(async () => {
  await clock.set(NOON);
  workspace = await seedWorkspace(api.db);
  const { workspaceId } = workspace;
  const operator = await createApiKey(api.db, { workspaceId, name: 'Operator', role: 'operator' });
  const admin = await createApiKey(api.db, { workspaceId, name: 'Admin', role: 'admin' });
  keys = { operator: operator.key, admin: admin.key };
  keyIds = { operator: publicId('apiKey', operator.apiKeyId), admin: publicId('apiKey', admin.apiKeyId) };
});

const ask = (operationId: string, sent: Sent = {}): Promise<Received> =>
  send(api, operationId, { key: keys.operator, ...sent });
const testCall = (json: Record<string, unknown> = {}, sent: Sent = {}) =>
  ask('testCall', {
    params: { phoneNumberId: publicId('phoneNumber', workspace.fromNumberId) },
    json: { phoneNumber: TO, ...json },
    ...sent,
  });
const countBatches = () => api.db.prisma.batch.count({ where: { workspaceId: workspace.workspaceId } });
const claimOf = async ({ body }: Received) => {
  const batchId = parsePublicId('batch', body.batchId)!;
  await lookAtBatch(api.db.pool, batchId, 250);
  return (await claim(api.db, workspace, [lane(batchId)]))[0]!;
};
const setWorkspace = (columns: string) =>
  api.db.pool.query(`UPDATE workspaces SET ${columns} WHERE id = $1`, [workspace.workspaceId]);

describe('the hours of a test call', () => {
  it('are the lawful hours at the place of its number: outside them nobody is called, and the answer says when', async () => {
    await clock.set(NIGHT);
    const { status, problem } = await testCall();
    expect([status, problem.code, problem['nextAt']]).toEqual([422, 'outside_lawful_hours', OPENS_AGAIN]);
    expect(problem.detail).toMatch(/23:00.*America\/New_York.*47 CFR.*Nobody was called.*2026-06-02T12:00/);
    expect(await countBatches()).toBe(0);
    await clock.set(NOON);
    expect(await claimOf(await testCall())).toMatchObject({ verdict: 'CLAIMED', call: { to: TO } });
  });

  it('are those of the rule packs that the workspace has on', async () => {
    await clock.set(NIGHT);
    await ask('updateWorkspace', { key: keys.admin, json: { rulePacks: [] } });
    expect((await testCall()).status).toBe(202);
  });

  it('are unknown where nobody knows the place of the number: nobody is called', async () => {
    const { status, problem } = await testCall({ phoneNumber: NOWHERE });
    expect([status, problem.code, problem['nextAt']]).toEqual([422, 'place_unknown', null]);
    expect(await countBatches()).toBe(0);
  });

  it('hold for a call that has to wait until they are over: it waits until they begin again', async () => {
    await setWorkspace('concurrency_limit = 0');
    const made = await testCall();
    expect(await claimOf(made)).toMatchObject({ verdict: 'WAIT', reason: 'WORKSPACE_LIMIT' });
    await setWorkspace('concurrency_limit = 5');
    await clock.set(NIGHT);
    expect(await claimOf(made)).toMatchObject({ verdict: 'END', reason: 'OUTSIDE_HOURS' });
    await clock.set(Date.parse(OPENS_AGAIN));
    expect(await claimOf(made)).toMatchObject({ verdict: 'CLAIMED' });
  });

  it('follow the rule packs when these change while the call waits', async () => {
    await ask('updateWorkspace', { key: keys.admin, json: { rulePacks: [] } });
    await clock.set(NIGHT);
    await setWorkspace('concurrency_limit = 0');
    const made = await testCall();
    expect(await claimOf(made)).toMatchObject({ reason: 'WORKSPACE_LIMIT' });
    await ask('updateWorkspace', { key: keys.admin, json: { rulePacks: null, concurrency: 5 } });
    await extendOpenings(api.db, { batchId: parsePublicId('batch', made.body.batchId)! });
    expect(await claimOf(made)).toMatchObject({ verdict: 'END', reason: 'OUTSIDE_HOURS' });
  });

  it.each([
    ['at night', TO],
    ['where nobody knows the place', NOWHERE],
  ])('are ignored %s when an admin says so, which is kept with who it was', async (_when, to) => {
    await clock.set(NIGHT);
    const asOperator = await testCall({ phoneNumber: to, ignoreLawfulHours: true });
    expect([asOperator.status, asOperator.problem.code]).toEqual([403, 'forbidden']);
    expect(await countBatches()).toBe(0);
    const made = await testCall({ phoneNumber: to, ignoreLawfulHours: true }, { key: keys.admin });
    expect(await claimOf(made)).toMatchObject({ verdict: 'CLAIMED', call: { to } });
    const events = await ask('listBatchEvents', { params: { batchId: made.body.batchId } });
    expect(events.body.data.at(-1)).toMatchObject({
      action: 'test call',
      actor: keyIds.admin,
      detail: { ignoreLawfulHours: true, lawfulOverride: { by: keyIds.admin } },
    });
  });

  it('says in its events who called which number, of which four digits are shown', async () => {
    const made = await testCall();
    const events = await ask('listBatchEvents', { params: { batchId: made.body.batchId } });
    expect(events.body.data).toEqual([
      expect.objectContaining({
        action: 'test call',
        actor: keyIds.operator,
        detail: { to: '+1•••••••0141', ignoreLawfulHours: false },
      }),
    ]);
  });
});

describe('the pace of test calls', () => {
  it('is five a minute for each workspace: the next is refused, and told how long to wait', async () => {
    for (let made = 0; made < PER_MINUTE; made++) expect((await testCall()).status).toBe(202);
    await clock.set(NOON + 20_000);
    const { status, problem, headers } = await testCall();
    expect([status, problem.code, headers.get('retry-after')]).toEqual([429, 'too_many_test_calls', '40']);
    await clock.set(NOON + MINUTE_MS - 1);
    expect((await testCall()).headers.get('retry-after')).toBe('1');
    await clock.set(NOON + MINUTE_MS);
    expect((await testCall()).status).toBe(202);
  });

  it('holds for requests that come together', async () => {
    for (let made = 1; made < PER_MINUTE; made++) await testCall();
    const together = await inTransaction(api.db, async (holder) => {
      await holder.query('SELECT lock_workspace($1)', [workspace.workspaceId]);
      const sent = Array.from({ length: TOGETHER }, () => testCall());
      await untilLockIsAwaited(api.db, TOGETHER);
      return sent;
    });
    const statuses = (await Promise.all(together)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([202, ...Array(TOGETHER - 1).fill(429)]);
    expect(await countBatches()).toBe(PER_MINUTE);
  });

  it('counts test calls that were deleted, and none of the future after the clock went back', async () => {
    const made = await testCall();
    for (let more = 1; more < PER_MINUTE; more++) await testCall();
    await ask('deleteBatch', { params: { batchId: made.body.batchId } });
    expect((await testCall()).status).toBe(429);
    await clock.set(NOON - 3_600_000);
    expect((await testCall()).status).toBe(202);
  });

  it('counts a request that is repeated once, and lets one that it refused be repeated', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await testCall({}, { headers });
    for (let more = 1; more < PER_MINUTE; more++) await testCall();
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, locked_at = dialwright_now() - interval '61 s'`,
    );
    await clock.set(NOON + 1_000);
    expect((await testCall({}, { headers })).body).toEqual(first.body);
    const later = { 'idempotency-key': randomUUID() };
    expect((await testCall({}, { headers: later })).status).toBe(429);
    await clock.set(NOON + MINUTE_MS);
    expect((await testCall({}, { headers: later })).status).toBe(202);
  });
});

describe('a test call stays one call', () => {
  it.each<[string, Sent]>([
    ['addRecipients', { json: { recipients: [{ phoneNumber: '+12025550113' }] } }],
    ['createImport', { file: { name: 'a.csv', content: 'phone_number\n+12025550113\n' } }],
    ['retryBatch', {}],
    ['updateBatch', { json: { window: { monday: [['00:00', '24:00']] } } }],
    ['updateBatch', { json: { name: 'Another name' } }],
    ['renameBatch', { json: { name: 'Another name' } }],
    ['duplicateBatch', { json: { recipients: true } }],
  ])('%s is refused, and says what is allowed', async (operationId, sent) => {
    const { batchId } = (await testCall()).body;
    if (operationId === 'retryBatch')
      await api.db.pool.query(`UPDATE batches SET status = 'COMPLETED' WHERE id = $1`, [
        parsePublicId('batch', batchId),
      ]);
    const { status, problem } = await ask(operationId, { params: { batchId }, ...sent });
    expect([status, problem.code]).toEqual([409, 'action_not_allowed']);
    expect(problem.detail).toContain('test call');
    const { body } = await ask('getBatch', { params: { batchId } });
    const allowed = Object.entries<{ allowed: boolean }>(body.allowedActions).filter(([, action]) => action.allowed);
    expect(problem['allowedNow']).toEqual(allowed.map(([name]) => name));
    expect(body.counters.recipients.total).toBe(1);
    expect(await countBatches()).toBe(1);
  });
});
