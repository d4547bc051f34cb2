import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { eventually } from '../../support/eventually.js';
import { claim, lane, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from '../support/test-api.js';

/** Where no rule pack has lawful hours: the clock of the test does not matter. */
const TO = '+442079460141';

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
  key = (await createApiKey(api.db, { workspaceId, name: 'Test', role: 'operator' })).key;
});

const ask = (operationId: string, sent: Sent = {}): Promise<Received> => send(api, operationId, { key, ...sent });
const testCall = (overrides: Record<string, unknown> = {}, sent: Sent = {}) =>
  ask('testCall', {
    params: { phoneNumberId: publicId('phoneNumber', workspace.fromNumberId) },
    json: { phoneNumber: TO, ...overrides },
    ...sent,
  });
const batchIdOf = ({ body }: Received): string => parsePublicId('batch', body.batchId)!;
/** What the run and one of its lanes do first. */
const startAndClaim = async (batchId: string) => {
  await lookAtBatch(api.db.pool, batchId, 250);
  return (await claim(api.db, workspace, [lane(batchId)]))[0]!;
};

describe('a test call', () => {
  it('is placed at once, through the claim, with what it was given', async () => {
    const made = await testCall({ phoneNumber: '+44 (20) 7946-0141', name: 'Ada', variables: { city: 'London' } });
    expect(made.status).toBe(202);
    expect(made.headers.get('location')).toBe(`/v1/recipients/${made.body.recipientId}`);
    const answer = await startAndClaim(batchIdOf(made));
    expect(answer).toMatchObject({
      verdict: 'CLAIMED',
      call: { to: TO, from: '+12025550100', agentId: 'agent-1', variables: { city: 'London', name: 'Ada' } },
    });
    const recipient = await ask('getRecipient', { params: { recipientId: made.body.recipientId } });
    expect(recipient.body).toMatchObject({ phoneNumber: TO, status: 'IN_PROGRESS', attemptCount: 1, maxAttempts: 1 });
  });

  it('starts a run, whose name does not show the number', async () => {
    const made = await testCall();
    const batch = await api.db.prisma.batch.findUniqueOrThrow({ where: { id: batchIdOf(made) } });
    expect(batch).toMatchObject({ kind: 'TEST', name: 'Test call to +44•••••••0141', timeZone: 'UTC' });
    // The answer does not wait for Temporal.
    const run = await eventually(() => api.client.workflow.getHandle(made.body.batchId).describe());
    expect(run.status.name).toBe('RUNNING');
  });

  it('is in the list of batches for those who ask for test calls, or for all', async () => {
    const made = await testCall();
    const batchId = await seedBatch(api.db, workspace);
    const listed = async (query: Record<string, string>) =>
      (await ask('listBatches', { query })).body.data.map(({ id, kind }: { id: string; kind: string }) => [id, kind]);
    const [test, batch] = [
      [made.body.batchId, 'test'],
      [publicId('batch', batchId), 'batch'],
    ];
    expect(await listed({})).toEqual([batch]);
    expect(await listed({ kind: 'batch' })).toEqual([batch]);
    expect(await listed({ kind: 'test' })).toEqual([test]);
    expect(await listed({ kind: 'all' })).toEqual([batch, test]);
    const first = await ask('listBatches', { query: { kind: 'all', limit: '1' } });
    expect(await listed({ kind: 'all', limit: '1', cursor: first.body.nextCursor })).toEqual([test]);
    expect((await ask('listBatches', { query: { kind: 'none' } })).status).toBe(422);
  });

  it('of a suppressed number is not made', async () => {
    await ask('addSuppressions', { json: { phoneNumbers: [TO] } });
    const batchId = batchIdOf(await testCall());
    expect((await startAndClaim(batchId)).verdict).not.toBe('CLAIMED');
    expect(await recipientStates(api.db, batchId)).toEqual(['SUPPRESSED']);
  });

  it('waits while the emergency stop is on, and when no slot is free', async () => {
    await ask('emergencyStop');
    const batchId = batchIdOf(await testCall());
    expect(await startAndClaim(batchId)).toMatchObject({ reason: 'WORKSPACE_STOPPED' });
    await ask('liftEmergencyStop');
    await api.db.prisma.workspace.update({ where: { id: workspace.workspaceId }, data: { concurrencyLimit: 0 } });
    expect(await startAndClaim(batchId)).toMatchObject({ verdict: 'WAIT', reason: 'WORKSPACE_LIMIT' });
  });

  it('is made once when its request is repeated after its answer was lost', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await testCall({}, { headers });
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, locked_at = dialwright_now() - interval '61 s'`,
    );
    const again = await testCall({}, { headers });
    expect(again.body).toEqual(first.body);
    expect(await api.db.prisma.batch.count({ where: { workspaceId: workspace.workspaceId } })).toBe(1);
  });

  it.each([
    ['no number', { phoneNumber: 'nobody' }, 'phoneNumber'],
    ['a number without a country code', { phoneNumber: '2025550141' }, 'phoneNumber'],
    ['a variable that is no text', { variables: { age: 5 } }, 'variables.age'],
    ['a variable with a NUL', { variables: { city: 'a\0' } }, 'variables.city'],
    ['a broken name', { name: 'a\ud800' }, 'name'],
  ])('refuses %s and calls nobody', async (_what, overrides, field) => {
    const { status, problem } = await testCall(overrides);
    expect([status, problem.errors.map((error) => error.field)]).toEqual([422, [field]]);
    expect(await api.db.prisma.batch.count({ where: { workspaceId: workspace.workspaceId } })).toBe(0);
  });

  it('refuses a number or an agent that cannot be used, each with a code of its own', async () => {
    const { prisma } = api.db;
    const number = (data: object) => prisma.phoneNumber.update({ where: { id: workspace.fromNumberId }, data });
    const code = async (overrides = {}) => (await testCall(overrides)).problem.code;
    expect(await code({ agentId: publicId('agent', api.other.workspace.agentId) })).toBe('agent_not_found');
    await prisma.agent.update({ where: { id: workspace.agentId }, data: { disabledAt: new Date() } });
    expect(await code()).toBe('agent_disabled');
    await number({ outboundAgentId: null });
    expect(await code()).toBe('agent_missing');
    await number({ outbound: false });
    expect(await code()).toBe('from_number_inbound_only');
    await number({ disabledAt: new Date() });
    expect(await code()).toBe('from_number_disabled');
    const nothing = await testCall({}, { params: { phoneNumberId: 'num_0190a6f2c8e87b4f9d1e2a3b4c5d6e7f' } });
    expect([nothing.status, nothing.problem.code]).toEqual([404, 'not_found']);
    expect(await prisma.batch.count({ where: { workspaceId: workspace.workspaceId } })).toBe(0);
  });
});

it('a test call is no batch of that name, and makes no name taken', async () => {
  const uuid = await seedBatch(api.db, api.workspace);
  await api.db.prisma.batch.update({ where: { id: uuid }, data: { kind: 'TEST', name: 'Only once' } });
  const made = await draft(api, { name: 'Only once' });
  const { body } = await send(api, 'listBatches', { query: { search: 'Only once' } });
  expect(body.data.map(({ id, warnings }: { id: string; warnings: unknown[] }) => [id, warnings])).toEqual([
    [made, []],
  ]);
});
