import type { Client } from '@temporalio/client';
import { startSweeper } from '../../../activities/sweeper.js';
import { createLogger } from '../../../platform/logger.js';
import { refuseCall } from '../../../store/calls/answer-call.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import { takeStep } from '../../../store/batches/sweep-steps.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { claimOne, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

/** Until many have had their turn, on a machine that others use too. */
const MANY_MS = 40_000;

async function withSweeper(work: () => Promise<void>): Promise<void> {
  const sweeper = startSweeper({
    db: test.db,
    logger: createLogger('silent', 'test'),
    temporal: {} as Client, // no run is there to be asked, which is reported and left
    settings: { dialBudgetMs: 250, sweepIntervalMs: 50, runCheckIntervalMs: 600_000 },
  });
  try {
    await work();
  } finally {
    await sweeper.stop();
  }
}

/** A confirmed import of one row that has not become a recipient yet. */
async function seedImport(id: string, phone: string): Promise<string> {
  const batchId = await seedBatch(test.db, workspace, { status: 'PAUSED', recipients: 0 });
  await test.db.pool.query(
    `INSERT INTO imports (id, workspace_id, batch_id, file_name, status, rows_outstanding, accepted_rows)
     VALUES ($1, $2, $3, 'people.csv', 'CONFIRMED', true, 1)`,
    [id, workspace.workspaceId, batchId],
  );
  await test.db.pool.query(
    'INSERT INTO import_rows (import_id, row_number, accepted, content) VALUES ($1, 1, true, $2)',
    [id, JSON.stringify({ phone })],
  );
  return batchId;
}

it('moves the rows of an import behind one whose rows cannot be moved', async () => {
  await seedImport('00000000-0000-7000-8000-000000000001', 'no number at all');
  const good = await seedImport('00000000-0000-7000-8000-000000000002', '+12025550101');
  await withSweeper(() =>
    eventually(async () => expect(await recipientStates(test.db, good)).toEqual(['WAITING']), 5_000),
  );
});

it('derives the zones of a draft to their end when the process that changed its clock has died', async () => {
  const batchId = await seedBatch(test.db, workspace, { status: 'DRAFT', recipients: 3, opening: null });
  const change = { workspaceId: workspace.workspaceId, batchId, actor: 'test', commandId: null };
  await changeBatch(test.db.pool, { ...change, action: 'edit', from: ['DRAFT'], patch: { hoursIn: 'recipient' } });
  const zones = async () => {
    const { zonesThrough } = await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } });
    const states = await test.db.prisma.recipientState.findMany({ where: { batchId } });
    return [zonesThrough, ...new Set(states.map(({ zoneSet }) => zoneSet))];
  };
  expect(await zones()).toEqual([0n, '']);
  await withSweeper(() => eventually(async () => expect(await zones()).toEqual([null, 'America/New_York']), 5_000));
});

it('gives up an upload whose process died although the hours of a batch cannot be computed', async () => {
  const broken = await seedBatch(test.db, workspace, { status: 'PAUSED', opening: null, recipients: 0 });
  await test.db.pool.query(`UPDATE batches SET settings = '{"blackoutDates": 7}' WHERE id = $1`, [broken]);
  const { id } = await test.db.prisma.import.create({
    data: { workspaceId: workspace.workspaceId, batchId: broken, fileName: 'people.csv', heartbeatAt: new Date(0) },
  });
  await withSweeper(() =>
    eventually(
      async () => expect(await test.db.prisma.import.findUnique({ where: { id } })).toMatchObject({ status: 'FAILED' }),
      5_000,
    ),
  );
});

it('cancels the recipients of a batch that is deleted while it runs', async () => {
  const batchId = await seedBatch(test.db, workspace, { status: 'PAUSED', recipients: 3 });
  const change = { workspaceId: workspace.workspaceId, batchId, actor: 'test', commandId: null };
  expect(await changeBatch(test.db.pool, { ...change, action: 'delete', from: ['PAUSED'] })).toMatchObject({
    result: 'CHANGED',
  });
  await withSweeper(() =>
    eventually(async () =>
      expect(await recipientStates(test.db, batchId)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']),
    ),
  );
  expect(await test.db.prisma.batch.findUnique({ where: { id: batchId } })).toMatchObject({ chunkWork: null });
});

it('moves the rows of an import behind more than one look finds whose rows cannot be moved', async () => {
  for (let index = 0; index < 55; index++)
    await seedImport(`00000000-0000-7000-8000-1000000000${index.toString().padStart(2, '0')}`, 'no number at all');
  const good = await seedImport('00000000-0000-7000-8000-200000000000', '+12025550102');
  await withSweeper(() =>
    eventually(async () => expect(await recipientStates(test.db, good)).toEqual(['WAITING']), MANY_MS),
  );
});

const statusOf = async (id: string) => (await test.db.prisma.batch.findUniqueOrThrow({ where: { id } })).status;
/** A running batch whose only call has failed, as its breaker counts. */
async function seedFailed(): Promise<string> {
  const failed = await seedWorkspace(test.db);
  const batchId = await seedBatch(test.db, failed, { recipients: 2 });
  const { id: attemptId, dialToken } = await claimOne(test.db, failed, batchId);
  await refuseCall(test.db.pool, { attemptId, dialToken, outcome: 'INVALID_NUMBER', endReason: 'no such number' });
  await setBreakers(batchId, { sampleSize: 1, failureShare: 0.5 });
  return batchId;
}
const setBreakers = (batchId: string, breakers: object) =>
  test.db.pool.query(`UPDATE batches SET breakers = $2, breakers_since = '-infinity' WHERE id = $1`, [
    batchId,
    JSON.stringify(breakers),
  ]);

it('looks at the circuit breakers of every running batch, however many are older, and if one cannot be read', async () => {
  const older = await seedBatch(test.db, workspace, { recipients: 0 });
  await setBreakers(older, { sampleSize: 'many' });
  await test.db.pool.query(
    `INSERT INTO batches (workspace_id, name, status, from_number_id, agent_id, time_zone, "window", start_at, openings_until, breakers, sweep_at)
     SELECT workspace_id, name, status, from_number_id, agent_id, time_zone, "window", start_at, 'infinity', '{"sampleSize": 10}', NULL
     FROM batches, generate_series(1, 210) WHERE id = $1`,
    [older],
  );
  const failing = await seedFailed();
  await withSweeper(() => eventually(async () => expect(await statusOf(failing)).toBe('PAUSED'), MANY_MS));
  await test.db.pool.query(`UPDATE batches SET status = 'CANCELLED', sweep_at = NULL WHERE status = 'RUNNING'`);
});

it('looks after every batch that is due, however many there are, and if one cannot be looked after', async () => {
  const broken = await seedBatch(test.db, workspace, { recipients: 1 });
  const neighbour = await seedBatch(test.db, workspace, { recipients: 1 });
  const dueAt = (id: string, at: string) =>
    test.db.pool.query('UPDATE batches SET sweep_at = $2 WHERE id = $1', [id, at]);
  await dueAt(broken, '-infinity');
  await dueAt(neighbour, 'epoch');
  await test.db.pool.query(
    `CREATE FUNCTION refuse_a_wake() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no wake'; END $$;
     CREATE TRIGGER broken BEFORE UPDATE ON batches FOR EACH ROW
       WHEN (NEW.id = '${broken}' AND NEW.wake_sent_at IS NOT NULL) EXECUTE FUNCTION refuse_a_wake();
     INSERT INTO batches (workspace_id, name, status, from_number_id, agent_id, time_zone, "window", start_at, openings_until)
     SELECT workspace_id, name, 'PAUSED', from_number_id, agent_id, time_zone, "window", start_at, 'infinity'
       FROM batches, generate_series(1, 120) WHERE id = '${broken}'`,
  );
  const last = await seedBatch(test.db, workspace, { recipients: 1 });
  const checkedAt = async (id: string) =>
    (await test.db.prisma.batch.findUniqueOrThrow({ where: { id } })).runCheckedAt;
  await withSweeper(() => eventually(async () => expect(await checkedAt(last)).not.toBeNull(), MANY_MS));
  // Taken together with the one that cannot be looked after: it is not due again when `last` is.
  expect(await checkedAt(neighbour)).not.toBeNull();
});

it('forgets a wake that could not be sent', async () => {
  const batchId = await seedBatch(test.db, workspace);
  const read = () => test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } });
  await withSweeper(() =>
    eventually(
      async () => expect(await read()).toMatchObject({ unansweredSince: expect.any(Date), wakeSentAt: null }),
      5_000,
    ),
  );
});

it('does a step for all batches once, however many sweepers there are, and again when it is due', async () => {
  const take = () => takeStep(test.db.pool, 'test', 60_000);
  expect((await Promise.all([take(), take(), take()])).sort()).toEqual([false, false, true]);
  await test.db.pool.query(`UPDATE sweep_steps SET due_at = dialwright_now() WHERE step = 'test'`);
  expect((await Promise.all([take(), take()])).sort()).toEqual([false, true]);
});

it('does a step again at once when the clock of the database went back', async () => {
  await takeStep(test.db.pool, 'back', 60_000);
  await test.db.pool.query(`UPDATE sweep_steps SET due_at = due_at + interval '1 day' WHERE step = 'back'`);
  expect(await takeStep(test.db.pool, 'back', 60_000)).toBe(true);
});
