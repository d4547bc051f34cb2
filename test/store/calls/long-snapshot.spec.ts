import pg from 'pg';
import { randomUUID } from 'node:crypto';
import { claimCalls, type ClaimAnswer } from '../../../store/claims/claim-calls.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { readsOf } from '../support/count-reads.js';
import { standStill, type StandingClock } from '../support/standing-clock.js';

/**
 * While a transaction keeps a snapshot, the index entries of calls that were made since stay: a look that begins before
 * them passes all of them. What a claim reads must not grow with them.
 */
const CLAIMS = 100;
const LANES = 16;
/** Rows and index entries that one claim may read: a second's calls, and as many as a cursor may lag behind. */
const READS_MAX = 2_000;
const TIMEOUT_MS = 120_000;

let test: TestDatabase;
let clock: StandingClock;
let workspace: Workspace;
let snapshot: pg.Client;
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await standStill(test.db);
  await clock.pass(0);
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db, { concurrencyLimit: 1_000 });
  snapshot = new pg.Client({ connectionString: test.url });
  await snapshot.connect();
});
afterEach(async () => {
  await snapshot.query('ROLLBACK');
  await snapshot.end();
});
afterAll(() => test.drop());

it.each([
  ['of those who wait for no time', () => Promise.resolve()],
  ['of those whom a time kept waiting', (id: string) => setDue(id, `dialwright_now() - interval '1 hour'`)],
  [
    'of those whose calls failed before',
    (id: string) => setDue(id, `dialwright_now() - interval '1 hour' + ordinal % 3000 * interval '1 s'`),
  ],
])(
  'costs a claim the same after many calls %s',
  async (_who, wait) => {
    const batchId = await seedMany();
    await wait(batchId);
    await holdSnapshot();
    await callMany(batchId, 3);
    const before = await readsOfClaim(batchId);
    await callMany(batchId, CLAIMS);
    expect(await readsOfClaim(batchId)).toBeLessThan(before + READS_MAX);
  },
  TIMEOUT_MS,
);

it(
  'costs a claim the same beside a call that is live from the first second on',
  async () => {
    const batchId = await seedMany();
    await holdSnapshot();
    const [first] = await claimSome(test.db.pool, batchId, 1);
    await callMany(batchId, CLAIMS, first?.verdict === 'CLAIMED' ? first.call.id : undefined);
    expect(await readsOfClaim(batchId)).toBeLessThan(READS_MAX);
    expect(await slotsHeld()).toBe(1);
  },
  TIMEOUT_MS,
);

it(
  'costs a claim the same when the last recipients are in a call, or wait for a time',
  async () => {
    const batchId = await seedMany(CLAIMS * LANES);
    await holdSnapshot();
    await callMany(batchId, CLAIMS - 1);
    await claimSome(test.db.pool, batchId, LANES);
    expect(await readsOfClaim(batchId, 'CALLS_IN_PROGRESS')).toBeLessThan(READS_MAX);
    await end(batchId, `'WAITING', due_at = dialwright_now() + interval '1 hour', wait_reason = 'RETRY'`);
    expect(await readsOfClaim(batchId, 'NOT_DUE')).toBeLessThan(READS_MAX);
  },
  TIMEOUT_MS,
);

async function seedMany(recipients = 2 * CLAIMS * LANES): Promise<string> {
  return seedBatch(test.db, workspace, {
    phones: Array.from({ length: recipients }, (_, index) => `+1202${5_000_000 + index}`),
    opening: { opensInMs: -60_000, closesInMs: 7 * 86_400_000 },
  });
}

const setDue = (batchId: string, at: string) =>
  test.db.pool.query(`UPDATE recipient_states SET due_at = ${at} WHERE batch_id = $1`, [batchId]);

async function holdSnapshot(): Promise<void> {
  await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await snapshot.query('SELECT FROM workspaces');
}

function claimSome(db: pg.Pool | pg.ClientBase, batchId: string, lanes: number): Promise<ClaimAnswer[]> {
  return claimCalls(db, {
    workspaceId: workspace.workspaceId,
    process: 'test',
    dialBudgetMs: 250,
    requestTimeoutMs: 8_000,
    claimsMax: LANES,
    lanes: Array.from({ length: lanes }, () => lane(batchId, { claimKey: `snapshot/${randomUUID()}` })),
  });
}

/** Claims, and ends of all the calls but one, a second apart. */
async function callMany(batchId: string, claims: number, live?: string): Promise<void> {
  for (let round = 0; round < claims; round++) {
    const answers = await claimSome(test.db.pool, batchId, LANES);
    expect(answers.filter(({ verdict }) => verdict === 'CLAIMED')).toHaveLength(LANES);
    await end(batchId, `'COMPLETED'`, live);
    await clock.pass(1_000);
  }
}

async function end(batchId: string, becomes: string, live?: string): Promise<void> {
  await test.db.pool.query(
    `WITH ended AS (UPDATE attempts SET state = 'ENDED', outcome = 'ANSWERED', slot_held = false, settle_at = NULL
       WHERE id IN (SELECT id FROM held_slots($3)) AND id IS DISTINCT FROM $2 RETURNING recipient_id)
     UPDATE recipient_states r SET state = ${becomes} FROM ended e WHERE r.recipient_id = e.recipient_id AND r.batch_id = $1`,
    [batchId, live ?? null, workspace.workspaceId],
  );
}

async function slotsHeld(): Promise<number> {
  const { rows } = await test.db.pool.query('SELECT count(*)::int AS held FROM held_slots($1)', [
    workspace.workspaceId,
  ]);
  return rows[0].held;
}

/** What a claim reads, which is taken back. */
function readsOfClaim(batchId: string, reason?: string): Promise<number> {
  return readsOf(test.db.pool, async (client) => {
    const [answer] = await claimSome(client, batchId, 1);
    expect(answer).toMatchObject(reason === undefined ? { verdict: 'CLAIMED' } : { reason });
  });
}
