import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { publicId } from '../../../domain/ids.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { stopWorkspace } from '../../../store/workspaces/workspaces.js';
import {
  claim,
  claimOne,
  lane,
  readAttempt,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';
import { notifiedLanes, untilLockIsAwaited } from '../../support/workspace-lock.js';
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
const change = (json: unknown) => ask('updateWorkspace', { json });
const audit = () =>
  api.db.prisma.auditEvent.findMany({
    where: { workspaceId: workspace.workspaceId, actor: { not: 'setup' } },
    orderBy: { at: 'asc' },
  });
const claimed = async (batchId: string, lanes: number): Promise<number> => {
  const answers = await claim(
    api.db,
    workspace,
    Array.from({ length: lanes }, () => lane(batchId)),
  );
  return answers.filter(({ verdict }) => verdict === 'CLAIMED').length;
};

describe('the workspace', () => {
  it('shows its limits, the slots that have a call, and how many numbers are suppressed', async () => {
    const batchId = await seedBatch(api.db, workspace);
    await claimOne(api.db, workspace, batchId);
    await ask('addSuppressions', { json: { phoneNumbers: ['+12025550141', '+12025550142'] } });
    expect((await ask('getWorkspace')).body).toEqual({
      id: publicId('workspace', workspace.workspaceId),
      name: 'Test',
      role: 'admin',
      concurrency: 20,
      callsPerSecond: null,
      frequencyCap: null,
      requiresSecondFactor: false,
      rulePacks: null,
      slotsHeld: 1,
      suppressions: 2,
      stoppedAt: null,
      stoppedBy: null,
      stoppedByRole: null,
      stopReason: null,
    });
  });

  it('keeps what a change leaves out, and takes null for no limit', async () => {
    const set = { concurrency: 7, callsPerSecond: 3, frequencyCap: 2 };
    expect((await change(set)).body).toMatchObject({ name: 'Test', ...set });
    expect((await change({ name: ' Reminders ' })).body).toMatchObject({ name: 'Reminders', ...set });
    expect((await change({ callsPerSecond: null, frequencyCap: null })).body).toMatchObject({
      name: 'Reminders',
      concurrency: 7,
      callsPerSecond: null,
      frequencyCap: null,
      rulePacks: null,
    });
    expect((await audit()).map(({ action, actor, detail }) => [action, actor.slice(0, 4), detail])).toEqual([
      // The audit has the names of what is kept.
      ['change workspace', 'key_', { concurrencyLimit: 7, callsPerSecond: 3, frequencyCap: 2 }],
      ['change workspace', 'key_', { name: 'Reminders' }],
      ['change workspace', 'key_', { callsPerSecond: null, frequencyCap: null }],
    ]);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ concurrency: -1 }, 'concurrency'],
    [{ concurrency: null }, 'concurrency'],
    [{ concurrency: 100_001 }, 'concurrency'],
    [{ callsPerSecond: 0 }, 'callsPerSecond'],
    [{ callsPerSecond: 1.5 }, 'callsPerSecond'],
    [{ frequencyCap: 101 }, 'frequencyCap'],
  ])('refuses %j and changes nothing', async (json, field) => {
    const { status, problem } = await change(json);
    expect([status, problem.errors.map((error) => error.field)]).toEqual([422, [field]]);
    expect(await audit()).toEqual([]);
  });

  it('goes by a new limit from the answer on, and tells the lanes that wait', async () => {
    const batchId = await seedBatch(api.db, workspace, { recipients: 6 });
    await change({ concurrency: 2 });
    expect(await claimed(batchId, 5)).toBe(2);
    expect(await notifiedLanes(api.db, () => change({ concurrency: 3 }))).toContain(workspace.workspaceId);
    expect(await claimed(batchId, 5)).toBe(1);
    await change({ concurrency: 20, callsPerSecond: 4 });
    expect(await claimed(batchId, 5)).toBe(1);
  });

  it('calls a number no more often than the frequency cap allows, over all batches', async () => {
    await change({ frequencyCap: 1 });
    const phones = ['+12025550141'];
    const first = await seedBatch(api.db, workspace, { phones });
    const call = await claimOne(api.db, workspace, first);
    await api.db.pool.query(`UPDATE attempts SET slot_held = false, state = 'ENDED', outcome = 'BUSY' WHERE id = $1`, [
      call.id,
    ]);
    const second = await seedBatch(api.db, workspace, { phones });
    expect(await claimed(second, 1)).toBe(0);
    expect(await recipientStates(api.db, second)).toEqual(['WAITING']);
  });
});

describe('an emergency stop', () => {
  const stop = (json?: unknown) => ask('emergencyStop', { ...(json !== undefined && { json }) });
  const lift = () => ask('liftEmergencyStop');

  it('lets no further call start until it is lifted, and says how many are live', async () => {
    const batchId = await seedBatch(api.db, workspace, { recipients: 5 });
    await claimOne(api.db, workspace, batchId);
    const { body } = await stop();
    expect(body).toMatchObject({ stoppedAt: expect.any(String), slotsHeld: 1, hangUpsAsked: 0 });
    expect(await claimed(batchId, 2)).toBe(0);
    expect((await ask('getWorkspace')).body).toMatchObject({ stoppedAt: body.stoppedAt, slotsHeld: 1 });
    expect((await lift()).body).toMatchObject({ stoppedAt: null });
    expect(await claimed(batchId, 2)).toBe(2);
  });

  it('may be set and lifted again and again: the first stop keeps its time, and what changed nothing is not recorded', async () => {
    const first = await stop({ reason: 'wrong list' });
    const second = await stop({ reason: 'still wrong' });
    expect(second.body.stoppedAt).toBe(first.body.stoppedAt);
    await lift();
    expect((await lift()).status).toBe(200);
    expect((await audit()).map(({ action, applied, detail }) => [action, applied, detail])).toEqual([
      ['emergency stop', true, { reason: 'wrong list' }],
      ['lift emergency stop', true, { reason: null }],
    ]);
  });

  it('that changed nothing stops nothing when it is repeated after a lift, because its answer was lost', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    await stop();
    await ask('emergencyStop', { headers });
    await lift();
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, locked_at = dialwright_now() - interval '61 s'`,
    );
    expect((await ask('emergencyStop', { headers })).body.stoppedAt).toBeNull();
    expect((await audit()).map(({ action }) => action)).toEqual(['emergency stop', 'lift emergency stop']);
  });

  it('is not lifted by an old lift that is repeated because its answer was lost', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    await stop();
    await ask('liftEmergencyStop', { headers });
    await stop();
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, locked_at = dialwright_now() - interval '61 s'`,
    );
    expect((await ask('liftEmergencyStop', { headers })).body.stoppedAt).not.toBeNull();
  });

  it('tells the lanes that wait and wakes the runs of the batches that are open, both ways', async () => {
    const open = await Promise.all(
      (['SCHEDULED', 'PENDING', 'RUNNING'] as const).map((status) => seedBatch(api.db, workspace, { status })),
    );
    const quiet = await Promise.all(
      (['PAUSED', 'COMPLETED'] as const).map((status) => seedBatch(api.db, workspace, { status })),
    );
    const woken = async () => {
      const rows = await api.db.prisma.batch.findMany({ where: { id: { in: [...open, ...quiet] } } });
      return rows.filter(({ wakeSentVersion }) => wakeSentVersion !== null).map(({ id }) => id);
    };
    expect(await notifiedLanes(api.db, () => stop())).toContain(workspace.workspaceId);
    expect((await woken()).sort()).toEqual([...open].sort());
    // As if their runs had looked.
    await api.db.prisma.batch.updateMany({ where: { id: { in: open } }, data: { wakeSentVersion: null } });
    expect(await notifiedLanes(api.db, lift)).toContain(workspace.workspaceId);
    expect((await woken()).sort()).toEqual([...open].sort());
  });

  it('asks for live calls to be hung up only when told to, also for those that are just being placed', async () => {
    const batchId = await seedBatch(api.db, workspace, { recipients: 3 });
    const dialing = await claimOne(api.db, workspace, batchId);
    const talking = await claimOne(api.db, workspace, batchId);
    await api.db.pool.query('SELECT accept_call($1, $2)', [talking.id, 'call-1']);
    await stop();
    expect(await readAttempt(api.db, talking.id)).toMatchObject({ hangUpAskedAt: null });
    expect((await stop({ hangUp: true })).body).toMatchObject({ slotsHeld: 2, hangUpsAsked: 2 });
    expect(await readAttempt(api.db, talking.id)).toMatchObject({ hangUpAskedAt: expect.any(Date) });
    expect(await readAttempt(api.db, dialing.id)).toMatchObject({ state: 'DIALING', hangUpAskedAt: expect.any(Date) });
    expect((await stop({ hangUp: true })).body).toMatchObject({ slotsHeld: 2, hangUpsAsked: 0 });
  });

  it('asks for a call too whose row is just being written', async () => {
    const batchId = await seedBatch(api.db, workspace);
    const call = await claimOne(api.db, workspace, batchId);
    const writer = await api.db.pool.connect();
    try {
      await writer.query('BEGIN');
      await writer.query('SELECT accept_call($1, $2)', [call.id, 'call-2']);
      const asked = stop({ hangUp: true });
      // The stop itself does not wait for the writer; its hang-ups do.
      while ((await ask('getWorkspace')).body.stoppedAt === null);
      await writer.query('COMMIT');
      expect((await asked).body).toMatchObject({ hangUpsAsked: 1 });
    } finally {
      writer.release(true);
    }
  });

  it('does not stop another workspace', async () => {
    const other = await seedWorkspace(api.db);
    const batchId = await seedBatch(api.db, other);
    await stop();
    await expect(claimOne(api.db, other, batchId)).resolves.toBeDefined();
  });

  it('is answered only after the claim that came before it, and forbids the next', async () => {
    const batchId = await seedBatch(api.db, workspace);
    const claimer = await api.db.pool.connect();
    try {
      await claimer.query('BEGIN');
      const first = await claim({ ...api.db, pool: claimer as never }, workspace, [lane(batchId)]); // a Queryable is enough
      expect(first[0]?.verdict).toBe('CLAIMED');
      let isAnswered = false;
      const stopped = stop().finally(() => (isAnswered = true));
      await untilLockIsAwaited(api.db);
      expect(isAnswered).toBe(false);
      await claimer.query('COMMIT');
      expect((await stopped).body).toMatchObject({ slotsHeld: 1 });
      expect(await claimed(batchId, 1)).toBe(0);
    } finally {
      claimer.release(true);
    }
  });

  it('no dial is committed after its answer, whoever claims at that moment', async () => {
    const { workspaceId } = workspace;
    const command = { workspaceId, actor: 'test', name: 'Test', role: 'admin', commandId: null, reason: null };
    await change({ concurrency: 10_000 });
    for (let round = 0; round < 15; round++) {
      const phones = Array.from({ length: 400 }, (_, index) => `+1202${5_000_000 + round * 1_000 + index}`);
      const batchId = await seedBatch(api.db, workspace, { phones });
      const countAttempts = () => api.db.prisma.attempt.count({ where: { batchId } });
      const dialler = async (): Promise<void> => {
        for (;;) {
          const answers = await claim(api.db, workspace, [lane(batchId), lane(batchId)]);
          if (answers.some((answer) => answer.verdict === 'END')) return;
        }
      };
      const diallers = Array.from({ length: 6 }, dialler);
      while ((await countAttempts()) < 20);
      await stopWorkspace(api.db.pool, { ...command, stopped: true });
      const atTheAnswer = await countAttempts();
      await Promise.all(diallers);
      // Not by the stamp of the attempts: what matters is that none is committed after the answer.
      expect(await countAttempts()).toBe(atTheAnswer);
      expect(await recipientStates(api.db, batchId)).toContain('WAITING');
      await stopWorkspace(api.db.pool, { ...command, stopped: false });
    }
  });
});
