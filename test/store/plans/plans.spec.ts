import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { lane } from '../../support/seed.js';
import { claimCalls } from '../../../store/claims/claim-calls.js';
import { countReads } from '../support/count-reads.js';
import { claimSome, hotStatements } from './hot-statements.js';
import {
  closeBatch,
  forgetStatistics,
  insertCalls,
  insertStates,
  insertTheRest,
  insertUnsettledCalls,
  seedAnotherBatch,
  seedFew,
  takeStatistics,
  type ManyRows,
} from './many-rows.js';

/** By hand with 200,000: PLAN_ROWS=200000 npm test -- store/plans */
const MANY = Number(process.env['PLAN_ROWS'] ?? 20_000);
/** Rows and index entries that a statement may read: its own, and the dead ones that the runs before it have left. */
const FEW = 3_500;
/** More than are few, of what is not read row by row. */
const PART = MANY / 4;
/** PostgreSQL plans the first five times for the values at hand, and may go on with one plan for all. */
const RUNS = 6;
const SEEDING_MAX_MS = 240_000;

/** What PostgreSQL believes, and how it is. */
const BELIEFS = {
  'nothing, and most wait': 'none',
  'that all are settled, while most wait': 'settled',
  'that all wait and every call is live, while most are settled': 'waiting',
  'what was so when there were a few hundred rows': 'few',
} as const;
type Belief = (typeof BELIEFS)[keyof typeof BELIEFS];

let test: TestDatabase;
const reads = {} as Record<Belief, Record<string, number>>;

beforeAll(async () => {
  test = await createTestDatabase();
  const { db } = test;
  const rows = await seedFew(db);
  await takeStatistics(db);
  await claimAndEnd(rows);
  const early = await connect();
  try {
    await readsOf(early, rows);
    await insertStates(db, { batchId: rows.batchId, state: 'COMPLETED', count: MANY, isBefore: true });
    await insertCalls(db, rows, MANY);
    await insertTheRest(db, rows, { strays: PART, others: MANY });
    reads.few = await readsOf(early, rows);
  } finally {
    await early.end();
  }
  reads.waiting = await readsOfAnother(rows);

  await db.pool.query(`UPDATE recipient_states SET state = 'COMPLETED' WHERE state <> 'COMPLETED' AND batch_id = $1`, [
    rows.batchId,
  ]);
  await db.pool.query(
    `UPDATE attempts SET state = 'ENDED', outcome = 'ANSWERED', slot_held = false, settle_at = NULL WHERE state <> 'ENDED'`,
  );
  await closeBatch(db, rows.batchId);
  await takeStatistics(db);
  const next = await seedAnotherBatch(db, rows, 4_000);
  await insertStates(db, {
    batchId: next.batchId,
    state: 'WAITING',
    count: MANY,
    columns: ', not_after',
    values: `, dialwright_now() + interval '1 day'`,
  });
  await insertStates(db, {
    batchId: rows.laterBatchId,
    state: 'WAITING',
    count: PART,
    columns: ', due_at',
    values: `, dialwright_now() + interval '1 day'`,
  });
  await insertUnsettledCalls(db, rows, PART);
  reads.settled = await readsOfAnother(next);
  await forgetStatistics(db);
  reads.none = await readsOfAnother(next);
}, SEEDING_MAX_MS);
afterAll(() => test.drop());

it.each(Object.entries(BELIEFS))(
  'every statement of the dial path reads a few rows of many when PostgreSQL knows %s',
  (_, belief) => {
    const tooMany = Object.entries(reads[belief]).filter(([, read]) => read > FEW);
    expect(Object.fromEntries(tooMany)).toEqual({});
    expect(reads[belief]).toHaveProperty('claim');
  },
);

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  return client;
}

async function readsOfAnother(rows: ManyRows): Promise<Record<string, number>> {
  const client = await connect();
  try {
    return await readsOf(client, rows);
  } finally {
    await client.end();
  }
}

/** The most that each statement reads in one of several runs, each of which is taken back. */
async function readsOf(client: pg.Client, rows: ManyRows): Promise<Record<string, number>> {
  const most: Record<string, number> = {};
  for (let run = 0; run < RUNS; run++) {
    for (const { name, prepare, run: work } of hotStatements(rows)) {
      await client.query('BEGIN');
      const call = await claimOne(client, rows);
      await prepare?.(client);
      const before = await countReads(client);
      await work(client, call);
      most[name] = Math.max(most[name] ?? 0, (await countReads(client)) - before);
      await client.query('ROLLBACK');
    }
  }
  return most;
}

async function claimOne(client: pg.ClientBase, { workspace, batchId }: ManyRows) {
  const waiting = lane(batchId);
  const [answer] = await claimCalls(client, {
    workspaceId: workspace.workspaceId,
    process: 'test',
    dialBudgetMs: 250,
    requestTimeoutMs: 8_000,
    claimsMax: 16,
    lanes: [waiting],
  });
  if (answer?.verdict !== 'CLAIMED') throw new Error(`no call was claimed: ${JSON.stringify(answer)}`);
  return { ...answer.call, claimKey: waiting.claimKey };
}

/** Every call that there is is live, and is known to be; then most of them end. */
async function claimAndEnd(rows: ManyRows): Promise<void> {
  const client = await connect();
  for (let claimed = 0; claimed < 160; claimed += 16) await claimSome(client, rows, 16);
  await client.end();
  await test.db.pool.query('ANALYZE attempts');
  await test.db.pool.query(
    `UPDATE attempts SET state = 'ENDED', outcome = 'ANSWERED', slot_held = false, settle_at = NULL WHERE id IN (SELECT id FROM attempts LIMIT 150)`,
  );
}
