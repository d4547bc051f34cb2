import { MockActivityEnvironment } from '@temporalio/testing';
import { createBatchActivities } from '../../../activities/batch-activities.js';
import { createLaneEpochs } from '../../../activities/lane-epochs.js';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { settleUncallable } from '../../../store/batches/sweep-rows.js';
import { bindClock } from '../../support/bind-clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, lane, openBatch, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

const NOW_MS = Date.UTC(2026, 5, 1, 9);
const HOUR_MS = 3_600_000;

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  await (await bindClock(test.db, { stands: true })).set(NOW_MS);
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

/** A recipient in the batch's own zone, which opens as told, then one in each of the zone sets, which never do. */
async function seed(sets: readonly string[], opening = { opensInMs: -HOUR_MS, closesInMs: HOUR_MS }): Promise<string> {
  const batchId = await seedBatch(test.db, workspace, {
    recipients: sets.length + 1,
    opening: null,
    startAt: new Date(NOW_MS - 1),
  });
  await set(batchId, `zone_set = coalesce(($2::text[])[p.place - 1], '')`, [sets]);
  await test.db.pool.query('INSERT INTO batch_zones SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING', [
    batchId,
    sets,
  ]);
  await openBatch(test.db, batchId, opening);
  await planUntil(batchId, '48 hours');
  return batchId;
}

/** Openings are written until then. */
const planUntil = (batchId: string, ahead: string | null) =>
  test.db.pool.query(`UPDATE batches SET openings_until = dialwright_now() + $2::interval WHERE id = $1`, [
    batchId,
    ahead,
  ]);
const set = (batchId: string, columns: string, values: unknown[] = []) =>
  test.db.pool.query(
    `UPDATE recipient_states s SET ${columns}
     FROM (SELECT recipient_id, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $1) p
     WHERE p.recipient_id = s.recipient_id`,
    [batchId, ...values],
  );
const look = async (batchId: string) => {
  const { reason, untilMs } = await lookAtBatch(test.db.pool, batchId, 250);
  return [reason, untilMs];
};
const shown = async (batchId: string) =>
  (await test.db.prisma.recipientState.findMany({ where: { batchId }, orderBy: { ordinal: 'asc' } })).map(
    ({ state, lastError }) => [state, lastError],
  );
const settle = (batchId: string) => settleUncallable(test.db.pool, batchId, 250);

it('settles those whom no call may ever reach once all others are settled, by the outcome of a call that they had, else as failed', async () => {
  const batchId = await seed(['?', 'A|B', 'A|B', 'A|B']);
  await test.db.pool.query(
    `UPDATE recipient_states SET last_outcome = 'BUSY', wait_reason = 'RETRY' WHERE recipient_id =
       (SELECT recipient_id FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal DESC LIMIT 1)`,
    [batchId],
  );
  expect(await look(batchId)).toEqual(['READY', null]);
  expect(await settle(batchId)).toBe(false);
  expect((await shown(batchId)).every(([state]) => state === 'WAITING')).toBe(true);

  const [first] = await claim(test.db, workspace, [lane(batchId)]);
  expect(first?.verdict).toBe('CLAIMED');
  expect(await look(batchId)).toEqual(['CALLS_IN_PROGRESS', null]);
  expect(await settle(batchId)).toBe(false);

  await test.db.pool.query(
    `UPDATE recipient_states SET state = 'COMPLETED' WHERE batch_id = $1 AND state = 'IN_PROGRESS'`,
    [batchId],
  );
  expect(await look(batchId)).toEqual(['NEVER_OPEN', null]);
  expect(await settle(batchId)).toBe(false);
  expect(await shown(batchId)).toEqual([
    ['COMPLETED', null],
    ['FAILED', 'NEVER_OPEN'],
    ['FAILED', 'NEVER_OPEN'],
    ['FAILED', 'NEVER_OPEN'],
    ['NO_ANSWER', 'NEVER_OPEN'],
  ]);
  expect(await look(batchId)).toEqual(['SETTLED', null]);
});

it('keeps those waiting whose zones have still to be looked at, and those whose last call is not proven absent', async () => {
  const batchId = await seed(['A|B']);
  await test.db.pool.query(`UPDATE recipient_states SET state = 'COMPLETED' WHERE batch_id = $1 AND zone_set = ''`, [
    batchId,
  ]);
  await planUntil(batchId, null);
  expect(await look(batchId)).toEqual(['OUTSIDE_HOURS', null]);
  await planUntil(batchId, '48 hours');
  await test.db.pool.query(
    `UPDATE recipient_states SET due_at = 'infinity', wait_reason = 'CONFIRMING_ABSENCE' WHERE batch_id = $1 AND zone_set <> ''`,
    [batchId],
  );
  expect(await look(batchId)).toEqual(['NOT_DUE', null]);
  expect(await settle(batchId)).toBe(false);
  expect((await shown(batchId))[1]).toEqual(['WAITING', null]);
});

it('says the same of a batch whose last opening has closed, or is too short for a call', async () => {
  for (const opening of [
    { opensInMs: -2 * HOUR_MS, closesInMs: -HOUR_MS },
    { opensInMs: HOUR_MS, closesInMs: HOUR_MS + 2_000 },
  ])
    expect(await look(await seed([], opening))).toEqual(['NEVER_OPEN', null]);
});

it('is done by the run itself, in one look', async () => {
  const batchId = await seed(['?', 'A|B'], { opensInMs: -2 * HOUR_MS, closesInMs: -HOUR_MS });
  const activities = createBatchActivities({
    db: test.db,
    laneEpochs: createLaneEpochs(),
    settings: { dialBudgetMs: 250 },
    noteStatus: () => {},
  });
  const look = { batchId, workspaceId: workspace.workspaceId };
  const step = await new MockActivityEnvironment().run(activities.decideNext, look);
  expect(step).toMatchObject({ is: 'settled', reason: 'SETTLED' });
});

it('names no time at which the zone is closed', async () => {
  const batchId = await seed([], { opensInMs: -HOUR_MS, closesInMs: 2 * HOUR_MS });
  await openBatch(test.db, batchId, { opensInMs: 20 * HOUR_MS, closesInMs: 28 * HOUR_MS });
  const due = (hours: number) => set(batchId, `due_at = dialwright_now() + make_interval(hours => $2)`, [hours]);
  await due(1);
  expect(await look(batchId)).toEqual(['NOT_DUE', HOUR_MS]);
  await due(3);
  expect(await look(batchId)).toEqual(['NOT_DUE', 20 * HOUR_MS]);
  await due(25);
  expect(await look(batchId)).toEqual(['NOT_DUE', 25 * HOUR_MS]);
});

it('does not keep a batch from its end that a disabled number or a stop keeps from calling', async () => {
  const batchId = await seed([]);
  await test.db.pool.query(`UPDATE recipient_states SET state = 'COMPLETED' WHERE batch_id = $1`, [batchId]);
  await test.db.pool.query('UPDATE phone_numbers SET disabled_at = now() WHERE id = $1', [workspace.fromNumberId]);
  await test.db.pool.query('UPDATE workspaces SET stopped_at = now() WHERE id = $1', [workspace.workspaceId]);
  expect(await look(batchId)).toEqual(['SETTLED', null]);
});
