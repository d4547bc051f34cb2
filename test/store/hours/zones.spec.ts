import { addRecipients } from '../../../store/recipients/add-recipients.js';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { bindClock } from '../../support/bind-clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, lane, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

const NOW_MS = Date.UTC(2026, 5, 1, 9);
const HOUR_MS = 3_600_000;

let test: TestDatabase;
let workspace: Workspace;
let clock: { set(nowMs: number): Promise<void> };
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await bindClock(test.db, { stands: true });
});
beforeEach(async () => {
  await clock.set(NOW_MS);
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

/** A batch with one recipient in each zone set, in order. Openings are given in hours from now. */
async function seed(zones: readonly string[], openings: Record<string, [number, number][]>): Promise<string> {
  const batchId = await seedBatch(test.db, workspace, {
    recipients: zones.length,
    opening: null,
    startAt: new Date(NOW_MS - 1),
  });
  await test.db.pool.query(
    `UPDATE recipient_states s SET zone_set = z.zone FROM (SELECT zone, place FROM unnest($2::text[]) WITH ORDINALITY AS z (zone, place)) z
     WHERE s.recipient_id = (SELECT recipient_id FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal OFFSET z.place - 1 LIMIT 1)`,
    [batchId, zones],
  );
  await test.db.pool.query('INSERT INTO batch_zones SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING', [
    batchId,
    zones,
  ]);
  await test.db.pool.query('DELETE FROM batch_zones WHERE batch_id = $1 AND zone_set <> ALL ($2)', [batchId, zones]);
  for (const [zone, hours] of Object.entries(openings))
    for (const [from, until] of hours)
      await test.db.pool.query(
        `INSERT INTO openings (batch_id, hours_version, zone_set, opens_at, closes_at) VALUES ($1, 1, $2, to_timestamp($3), to_timestamp($4))`,
        [batchId, zone, NOW_MS / 1000 + from * 3_600, NOW_MS / 1000 + until * 3_600],
      );
  return batchId;
}

const claimAll = async (batchId: string, lanes = 5) => {
  const answers = await claim(
    test.db,
    workspace,
    Array.from({ length: lanes }, () => lane(batchId)),
  );
  return answers.filter((answer) => answer.verdict === 'CLAIMED').length;
};
const look = async (batchId: string) => {
  const { reason, untilMs } = await lookAtBatch(test.db.pool, batchId, 250);
  return { reason, untilMs };
};

const settleCalls = (batchId: string) =>
  test.db.pool.query(`UPDATE recipient_states SET state = 'COMPLETED' WHERE batch_id = $1 AND state = 'IN_PROGRESS'`, [
    batchId,
  ]);

it('calls only those whose zone is open, in order of arrival over all open zones', async () => {
  const batchId = await seed(['B', 'A', 'closed', 'A'], { A: [[-1, 1]], B: [[-1, 1]], closed: [[2, 3]] });
  const [first] = await claim(test.db, workspace, [lane(batchId)]);
  expect(first).toMatchObject({ verdict: 'CLAIMED', couldStart: 2 });
  expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'WAITING', 'WAITING', 'WAITING']);
  expect(await claimAll(batchId)).toBe(2);
  expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'WAITING', 'IN_PROGRESS']);
});

it('waits for the next opening of a zone that still has recipients, not of one that has none', async () => {
  const batchId = await seed(['A', 'B'], { A: [[5, 6]], B: [[9, 10]], C: [[1, 2]] });
  expect(await look(batchId)).toEqual({ reason: 'OUTSIDE_HOURS', untilMs: 5 * HOUR_MS });
  await test.db.pool.query(`UPDATE recipient_states SET state = 'CANCELLED' WHERE batch_id = $1 AND zone_set = 'A'`, [
    batchId,
  ]);
  expect(await look(batchId)).toEqual({ reason: 'OUTSIDE_HOURS', untilMs: 9 * HOUR_MS });
});

it('waits for a closed zone although another is open, when those in the open one are done', async () => {
  const batchId = await seed(['A', 'B'], { A: [[-1, 20]], B: [[4, 6]] });
  expect(await claimAll(batchId)).toBe(1);
  expect(await look(batchId)).toEqual({ reason: 'OUTSIDE_HOURS', untilMs: 4 * HOUR_MS });
});

it('waits for the earlier of a retry in an open zone and the opening of a closed one', async () => {
  const batchId = await seed(['A', 'B'], { A: [[-1, 20]], B: [[4, 6]] });
  const due = (hours: number) =>
    test.db.pool.query(`UPDATE recipient_states SET due_at = to_timestamp($2) WHERE batch_id = $1 AND zone_set = 'A'`, [
      batchId,
      (NOW_MS + hours * HOUR_MS) / 1000,
    ]);
  await due(1);
  expect(await look(batchId)).toEqual({ reason: 'NOT_DUE', untilMs: HOUR_MS });
  await due(7);
  expect(await look(batchId)).toEqual({ reason: 'NOT_DUE', untilMs: 4 * HOUR_MS });
});

it('holds those of whom nobody knows the zone, and says so when only they are left', async () => {
  const batchId = await seed(['?', 'A'], { A: [[-1, 1]] });
  expect(await claimAll(batchId)).toBe(1);
  expect(await look(batchId)).toEqual({ reason: 'CALLS_IN_PROGRESS', untilMs: null });
  await settleCalls(batchId);
  expect(await look(batchId)).toEqual({ reason: 'NEVER_OPEN', untilMs: null });
  expect(await recipientStates(test.db, batchId)).toEqual(['WAITING', 'COMPLETED']);
});

it('calls nobody in a zone whose openings are not written yet', async () => {
  const batchId = await seed(['A', 'B'], { A: [[-1, 1]] });
  expect(await claimAll(batchId)).toBe(1);
  expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'WAITING']);
});

it('asks for openings again when recipients of a new zone are added', async () => {
  const batchId = await seed(['A'], { A: [[-1, 1]] });
  await test.db.pool.query(`UPDATE batches SET openings_until = 'infinity' WHERE id = $1`, [batchId]);
  await test.db.pool.query(
    `WITH r AS (INSERT INTO recipients (batch_id, phone) VALUES ($1, '+12025559999') RETURNING id, batch_id, ordinal, phone)
     INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, phone_key, zone_set) SELECT id, batch_id, ordinal, phone, phone, 'Z' FROM r`,
    [batchId],
  );
  expect((await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).openingsUntil).toBeNull();
  expect(await test.db.prisma.batchZone.count({ where: { batchId, zoneSet: 'Z' } })).toBe(1);
});

describe('addRecipients', () => {
  const draft = {
    phone: '+12025550188',
    country: 'US',
    name: null,
    variables: {},
    metadata: {},
    sipHeaders: {},
    skipPhoneCheck: false,
    overrideAgentId: null,
    overrideAgentVersion: null,
    timeZone: null,
    notBefore: null,
    notAfter: null,
    repaired: false,
  };
  const add = (batchId: string) =>
    addRecipients(test.db, {
      workspaceId: workspace.workspaceId,
      batchId,
      actor: 'test',
      commandId: null,
      from: ['RUNNING'],
      recipients: [draft],
      hours: { hoursIn: 'batch', purpose: null, unknownZone: 'hold' },
    });

  it.each([
    ['hours_in', 'recipient'],
    ['purpose', 'telemarketing'],
    ['unknown_zone', 'batch'],
  ])('adds nobody whose zone was chosen by another %s', async (column, value) => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
    expect(await add(batchId)).toMatchObject({ result: 'ADDED' });
    await test.db.pool.query(`UPDATE batches SET ${column} = $2 WHERE id = $1`, [batchId, value]);
    expect(await add(batchId)).toMatchObject({ result: 'HOURS_CHANGED' });
    expect(await recipientStates(test.db, batchId)).toHaveLength(2);
  });
});
