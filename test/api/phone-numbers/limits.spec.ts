import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { claim, claimOne, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { notifiedLanes } from '../../support/workspace-lock.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from '../support/test-api.js';

let api: TestApi;
let workspace: Workspace;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  workspace = await seedWorkspace(api.db);
  const { workspaceId } = workspace;
  key = (await createApiKey(api.db, { workspaceId, name: 'Test', role: 'admin' })).key;
});

const ask = (operationId: string, sent: Sent = {}): Promise<Received> => send(api, operationId, { key, ...sent });
const claimed = async (batchId: string, lanes: number): Promise<number> => {
  const answers = await claim(
    api.db,
    workspace,
    Array.from({ length: lanes }, () => lane(batchId)),
  );
  return answers.filter(({ verdict }) => verdict === 'CLAIMED').length;
};

describe('the limits of a phone number', () => {
  const params = () => ({ phoneNumberId: publicId('phoneNumber', workspace.fromNumberId) });
  const update = (json: unknown) => ask('updatePhoneNumber', { params: params(), json });

  it('are set when it is registered, shown, and changed or taken off later', async () => {
    const providerAccountId = publicId('providerAccount', workspace.providerAccountId);
    const limits = { concurrency: 5, callsPerSecond: 2 };
    const made = await ask('createPhoneNumber', {
      json: { providerAccountId, phoneNumber: '+12025550190', ...limits },
    });
    expect(made.body).toMatchObject({ ...limits, backedOffUntil: null });
    expect((await update(limits)).body).toMatchObject(limits);
    expect((await update({ label: 'Main', callsPerSecond: null })).body).toMatchObject({
      label: 'Main',
      concurrency: 5,
      callsPerSecond: null,
    });
    expect((await update({ concurrency: 0 })).problem.errors[0]?.field).toBe('concurrency');
  });

  it('hold from the answer on, and the lanes that wait are told', async () => {
    const batchId = await seedBatch(api.db, workspace, { recipients: 6 });
    await update({ concurrency: 2 });
    expect(await claimed(batchId, 5)).toBe(2);
    expect(await notifiedLanes(api.db, () => update({ concurrency: 4 }))).toContain(workspace.workspaceId);
    expect(await claimed(batchId, 5)).toBe(2);
  });

  it('are shown with how long the provider has it backed off, and how many calls it may have', async () => {
    const batchId = await seedBatch(api.db, workspace);
    const call = await claimOne(api.db, workspace, batchId);
    await api.db.pool.query(
      `UPDATE phone_numbers SET backoff_ms = 4000, call_ceiling = 3, backed_off_until = '2026-12-01T09:00:00Z' WHERE id = $1`,
      [workspace.fromNumberId],
    );
    expect((await ask('getPhoneNumber', { params: params() })).body).toMatchObject({
      backedOffUntil: '2026-12-01T09:00:00.000Z',
      callCeiling: 3,
    });
    await api.db.pool.query('UPDATE phone_numbers SET backoff_ms = 0 WHERE id = $1', [workspace.fromNumberId]);
    expect((await ask('getPhoneNumber', { params: params() })).body.backedOffUntil).toBeNull();
    expect(call.id).toBeDefined();
  });
});
