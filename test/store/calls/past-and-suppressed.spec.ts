import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, lane, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { writeOpenings } from '../../../store/hours/extend-openings.js';
import { readsOf } from '../support/count-reads.js';

/** A year of openings in every hour. */
const PAST_OPENINGS = 8_760;
const READS_MAX = 600;

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

it.each([
  ['while it is open', { opensInMs: -60_000, closesInMs: 86_400_000 }, { verdict: 'CLAIMED' }],
  ['while it is closed', { opensInMs: 60_000, closesInMs: 86_400_000 }, { reason: 'OUTSIDE_HOURS' }],
])('a claim reads nothing of a year of openings that are over, %s', async (_when, opening, expected) => {
  const batchId = await seedBatch(test.db, workspace, { opening });
  await test.db.pool.query(`UPDATE batches SET openings_until = dialwright_now() + interval '1 day' WHERE id = $1`, [
    batchId,
  ]);
  await addPastOpenings(batchId);
  const reads = await readsOf(test.db.pool, async (client) => {
    const { rows } = await client.query('SELECT verdict, reason FROM claim_calls($1, $2)', [
      workspace.workspaceId,
      JSON.stringify(claimOf(batchId)),
    ]);
    expect(rows).toMatchObject([expected]);
  });
  expect(reads).toBeLessThan(READS_MAX);
});

it('keeps the openings of the last day only', async () => {
  const batchId = await seedBatch(test.db, workspace);
  await addPastOpenings(batchId);
  await writeOpenings(
    test.db.pool,
    { batchId, hoursVersion: 1 },
    { openings: [], zoneSets: [''], zoneData: '2026a', untilMs: Date.now() + 86_400_000 },
  );
  const { rows } = await test.db.pool.query('SELECT count(*)::int AS count FROM openings WHERE batch_id = $1', [
    batchId,
  ]);
  expect(rows[0].count).toBeLessThan(30);
});

it('passes 900 suppressed recipients within two claims of one lane', async () => {
  const phones = Array.from({ length: 901 }, (_, index) => `+1202${5_000_000 + index}`);
  const batchId = await seedBatch(test.db, workspace, { phones });
  await test.db.pool.query(
    `INSERT INTO suppressions (workspace_id, phone, phone_key) SELECT $1, p, p FROM unnest($2::text[]) p`,
    [workspace.workspaceId, phones.slice(0, 900)],
  );
  const answers = [
    ...(await claim(test.db, workspace, [lane(batchId)])),
    ...(await claim(test.db, workspace, [lane(batchId)])),
  ];
  expect(answers.filter(({ verdict }) => verdict === 'CLAIMED')).toMatchObject([{ call: { to: phones[900] } }]);
  const states = await recipientStates(test.db, batchId);
  expect(states.filter((state) => state === 'SUPPRESSED')).toHaveLength(900);
});

const addPastOpenings = (batchId: string) =>
  test.db.pool.query(
    `INSERT INTO openings (batch_id, hours_version, opens_at, closes_at)
     SELECT $1, 1, t.at, t.at + interval '30 minutes' FROM generate_series(1, ${PAST_OPENINGS}) g,
       LATERAL (SELECT dialwright_now() - (g + 1) * interval '1 hour' AS at) t`,
    [batchId],
  );

const claimOf = (batchId: string) => ({
  ...{ process: 'test', dialBudgetMs: 250, requestTimeoutMs: 8_000, claimsMax: 16 },
  lanes: [lane(batchId)],
});
