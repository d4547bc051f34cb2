import pg from 'pg';
import { createClaimer, type Claimer } from '../../activities/claimer.js';
import type { LaneOutcome } from '../../activities/waiting-lane.js';
import { createLogger } from '../../platform/logger.js';
import { listen } from '../../store/listen.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { claimOne, lane, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const DIAL_BUDGET_MS = 400;
const CONNECTIONS = 12;
/** No look by itself before a test is over. */
const NEVER_MS = 600_000;

type Waits = (workspace: Workspace, batchId: string) => Promise<LaneOutcome>;

/** The claimer of a worker, whose lanes wait until the test is over. */
async function withClaimer(claimIntervalMs: number, work: (waits: Waits, claimer: Claimer) => Promise<void>) {
  const { db } = test;
  const wakeups = listen(db.url, 'dialwright_lanes', () => {});
  const settings = { dialBudgetMs: DIAL_BUDGET_MS, requestTimeoutMs: 5_000, claimIntervalMs };
  const claimer = createClaimer({ db, logger: createLogger('silent', 'test'), process: 'here', wakeups, settings });
  const waits: Waits = ({ workspaceId }, batchId) =>
    claimer.wait({ ...lane(batchId), workspaceId, waitMaxMs: NEVER_MS, cancelled: new AbortController().signal });
  try {
    await work(waits, claimer);
  } finally {
    await claimer.stop();
    await wakeups.stop();
  }
}

/** A batch that waits for the one slot of its workspace, which another call has. */
async function seedWaiting(): Promise<{ workspace: Workspace; batchId: string }> {
  const workspace = await seedWorkspace(test.db, { concurrencyLimit: 1 });
  const batchId = await seedBatch(test.db, workspace, { recipients: 3 });
  await claimOne(test.db, workspace, batchId);
  return { workspace, batchId };
}

const claimedAt = async (batchId: string): Promise<number> => {
  const { rows } = await test.db.pool.query(
    `SELECT extract(epoch FROM seen_at)::float8 AS at FROM lane_demand WHERE batch_id = $1 AND process = 'here'`,
    [batchId],
  );
  return rows[0]?.at ?? 0;
};
const databaseSeconds = async (): Promise<number> =>
  (await test.db.pool.query('SELECT extract(epoch FROM dialwright_now())::float8 AS now')).rows[0].now;
const untilPassed = (sinceMs: number, ms: number) =>
  eventually(() => expect(performance.now()).toBeGreaterThan(sinceMs + ms));
/** The looks that follow the beginning are over: at once, and when notifications are heard. */
async function untilSettledDown(batchId: string): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await test.db.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'`,
    );
    expect(rowCount).toBe(1);
    expect(await claimedAt(batchId)).toBeGreaterThan(0);
  });
  const heardAt = await databaseSeconds();
  await eventually(async () => expect(await databaseSeconds()).toBeGreaterThan(heardAt + 0.5));
}
/** Nobody is notified. */
const raiseLimit = ({ workspaceId }: Workspace) =>
  test.db.pool.query('UPDATE workspaces SET concurrency_limit = 2 WHERE id = $1', [workspaceId]);
const notify = ({ workspaceId }: Workspace) => test.db.pool.query('SELECT notify_lanes($1)', [workspaceId]);

async function inTransaction(work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  try {
    await client.query('BEGIN');
    await work(client);
  } finally {
    await client.end();
  }
}

it('gives a call its whole dial budget, however long its claim waited for a connection', async () => {
  const workspace = await seedWorkspace(test.db);
  const batchId = await seedBatch(test.db, workspace);
  await withClaimer(NEVER_MS, async (waits) => {
    const others = await Promise.all(Array.from({ length: CONNECTIONS }, () => test.db.pool.connect()));
    const sinceMs = performance.now();
    const waiting = waits(workspace, batchId);
    await untilPassed(sinceMs, DIAL_BUDGET_MS * 1.5);
    const releasedMs = performance.now();
    others.forEach((other) => other.release());
    const outcome = await waiting;
    expect(outcome.is === 'claimed' && outcome.sendBeforeMs - DIAL_BUDGET_MS).toBeGreaterThanOrEqual(releasedMs);
  });
});

it('claims nothing that it would dial too late, when the workspace is locked for longer than the dial budget', async () => {
  const workspace = await seedWorkspace(test.db);
  const batchId = await seedBatch(test.db, workspace);
  await withClaimer(NEVER_MS, async (waits) => {
    await inTransaction(async (holder) => {
      await holder.query('SELECT lock_workspace($1)', [workspace.workspaceId]);
      const sinceMs = performance.now();
      const waiting = waits(workspace, batchId);
      await untilPassed(sinceMs, DIAL_BUDGET_MS * 1.5);
      const unlockedMs = performance.now();
      await holder.query('ROLLBACK');
      const outcome = await waiting;
      expect(outcome.is === 'claimed' && outcome.sendBeforeMs).toBeGreaterThan(unlockedMs);
    });
    expect(await test.db.prisma.attempt.count({ where: { batchId } })).toBe(1);
  });
});

it('serves other workspaces while many are locked', async () => {
  const locked = await Promise.all(Array.from({ length: 20 }, () => seedWorkspace(test.db)));
  const free = await seedWorkspace(test.db);
  const batchId = await seedBatch(test.db, free);
  const lockedBatches: string[] = [];
  for (const workspace of locked) lockedBatches.push(await seedBatch(test.db, workspace));
  await withClaimer(NEVER_MS, async (waits) => {
    await inTransaction(async (holder) => {
      for (const { workspaceId } of locked) await holder.query('SELECT lock_workspace($1)', [workspaceId]);
      const others = locked.map((workspace, index) => waits(workspace, lockedBatches[index]!));
      expect(await waits(free, batchId)).toMatchObject({ is: 'claimed' });
      await holder.query('ROLLBACK');
      for (const other of others) expect(await other).toMatchObject({ is: 'claimed' });
    });
  });
  // Each of them would hold a turn for five seconds, after which a connection gives up a lock by itself.
}, 15_000);

it('does not claim for a workspace in which nothing can start', async () => {
  const { workspace, batchId } = await seedWaiting();
  await withClaimer(50, async (waits) => {
    void waits(workspace, batchId);
    await eventually(async () => expect(await claimedAt(batchId)).toBeGreaterThan(0));
    const first = await claimedAt(batchId);
    await eventually(async () => expect(await databaseSeconds()).toBeGreaterThan(first + 1.5));
    expect(await claimedAt(batchId)).toBe(first);
  });
});

it('notices what can start although nobody told', async () => {
  const { workspace, batchId } = await seedWaiting();
  await withClaimer(50, async (waits) => {
    const waiting = waits(workspace, batchId);
    await untilSettledDown(batchId);
    await raiseLimit(workspace);
    expect(await waiting).toMatchObject({ is: 'claimed' });
  });
});

it('claims when somebody told, without a look of its own', async () => {
  const { workspace, batchId } = await seedWaiting();
  await withClaimer(NEVER_MS, async (waits) => {
    const waiting = waits(workspace, batchId);
    await eventually(async () => expect(await claimedAt(batchId)).toBeGreaterThan(0));
    await raiseLimit(workspace);
    await eventually(async () => {
      await notify(workspace);
      expect(await Promise.race([waiting, Promise.resolve('waits')])).toMatchObject({ is: 'claimed' });
    });
  });
});

it('looks at every workspace when it hears notifications again after they were away', async () => {
  const { workspace, batchId } = await seedWaiting();
  await withClaimer(NEVER_MS, async (waits) => {
    const waiting = waits(workspace, batchId);
    await eventually(async () => expect(await claimedAt(batchId)).toBeGreaterThan(0));
    await raiseLimit(workspace);
    const { rows } = await eventually(async () => {
      const cut = await test.db.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );
      expect(cut.rows).toHaveLength(1);
      return cut;
    });
    expect(rows).toHaveLength(1);
    expect(await waiting).toMatchObject({ is: 'claimed' });
  });
});

it('claims at the time that the last claim named, however far away it was', async () => {
  const { workspace, batchId } = await seedWaiting();
  await test.db.pool.query(`UPDATE attempts SET slot_held = false WHERE batch_id = $1`, [batchId]);
  await test.db.pool.query(`UPDATE batches SET unsent_until = dialwright_now() + interval '1.5 s' WHERE id = $1`, [
    batchId,
  ]);
  await withClaimer(NEVER_MS, async (waits) => {
    expect(await waits(workspace, batchId)).toMatchObject({ is: 'claimed' });
  });
});

it('keeps as many lanes waiting as the batch can use, and one at least', async () => {
  const workspace = await seedWorkspace(test.db, { concurrencyLimit: 2 });
  const batches: string[] = [];
  for (let count = 0; count < 3; count++) batches.push(await seedBatch(test.db, workspace));
  await test.db.pool.query(
    `UPDATE batches SET unsent_until = dialwright_now() + interval '10 s' WHERE workspace_id = $1`,
    [workspace.workspaceId],
  );
  await withClaimer(NEVER_MS, async (waits) => {
    const ended: LaneOutcome[] = [];
    for (const batchId of batches)
      for (let count = 0; count < 10; count++) void waits(workspace, batchId).then((outcome) => ended.push(outcome));
    await eventually(() => expect(ended.length).toBeGreaterThanOrEqual(30 - 3 * 4));
    expect(ended.every(({ is }) => is === 'idle')).toBe(true);
  });
});
