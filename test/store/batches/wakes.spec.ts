import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import {
  forgetWake,
  lookAfterBatch,
  takeDueBatches,
  takeWake,
  type NeglectedBatch,
} from '../../../store/batches/wake-batches.js';
import { forgetDeadLanes, keepLanes } from '../../../store/lanes/keep-lanes.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

describe('wakes', () => {
  const options = { dialBudgetMs: 250, laneLostMs: 2_000, runCheckMs: 30_000 };
  const neglected = async () => {
    const found: NeglectedBatch[] = [];
    for (const batchId of await takeDueBatches(test.db.pool, 50))
      found.push(...[(await lookAfterBatch(test.db.pool, batchId, options)) ?? []].flat());
    return found;
  };
  const makeDue = (batchId: string) =>
    test.db.pool.query('UPDATE batches SET sweep_at = dialwright_now() WHERE id = $1', [batchId]);
  const dueInMs = async (batchId: string): Promise<number | null> => {
    const { rows } = await test.db.pool.query(
      'SELECT extract(epoch FROM sweep_at - dialwright_now()) * 1000 AS ms FROM batches WHERE id = $1',
      [batchId],
    );
    return rows[0].ms === null ? null : Number(rows[0].ms);
  };

  it('at most one is unacknowledged; a look acknowledges it', async () => {
    const batchId = await seedBatch(test.db, workspace);
    expect(await takeWake(test.db.pool, batchId)).toMatchObject({ batchId, status: 'RUNNING' });
    expect(await takeWake(test.db.pool, batchId)).toBeNull();
    await lookAtBatch(test.db.pool, batchId, 0);
    expect(await takeWake(test.db.pool, batchId)).not.toBeNull();
  });

  it('finds work without a lane once, and not while lanes are seen', async () => {
    const batchId = await seedBatch(test.db, workspace);
    const mine = async () => (await neglected()).filter((batch) => batch.batchId === batchId);
    expect(await mine()).toMatchObject([{ lanesLost: true, wakeWanted: true }]);
    await makeDue(batchId);
    expect(await mine()).toEqual([]);
    await lookAtBatch(test.db.pool, batchId, 0);
    await claim(test.db, workspace, [lane(batchId)]);
    await makeDue(batchId);
    expect(await mine()).toEqual([]);
  });

  it('are sent later and later while no run answers, a minute apart at most', async () => {
    const batchId = await seedBatch(test.db, workspace);
    const isWokenAfter = async (seconds: number): Promise<boolean> => {
      await test.db.pool.query(
        `UPDATE batches SET wake_sent_at = wake_sent_at - make_interval(secs => $2),
           unanswered_since = unanswered_since - make_interval(secs => $2) WHERE id = $1`,
        [batchId, seconds],
      );
      await makeDue(batchId);
      return (await neglected()).some((batch) => batch.batchId === batchId);
    };
    expect(await isWokenAfter(0)).toBe(true);
    expect(await isWokenAfter(9)).toBe(false);
    expect(await isWokenAfter(2)).toBe(true); // 11 s since the first
    expect(await isWokenAfter(15)).toBe(true); // 26 s
    expect(await isWokenAfter(15)).toBe(false);
    expect(await dueInMs(batchId)).toBeGreaterThan(8_000);
    expect(await isWokenAfter(12)).toBe(true); // 53 s
    expect(await isWokenAfter(52)).toBe(false);
    expect(await isWokenAfter(9)).toBe(true);
    expect(await isWokenAfter(61)).toBe(true);
  });

  it('that could not be sent are none: the next is sent in 10 s, however long nobody has answered', async () => {
    const batchId = await seedBatch(test.db, workspace);
    await test.db.pool.query(
      `UPDATE batches SET unanswered_since = dialwright_now() - interval '1 hour' WHERE id = $1`,
      [batchId],
    );
    const [wake] = (await neglected()).filter((batch) => batch.batchId === batchId);
    await forgetWake(test.db.pool, wake!);
    expect(await dueInMs(batchId)).toBeLessThanOrEqual(10_000);
    await makeDue(batchId);
    expect((await neglected()).map((batch) => batch.batchId)).toContain(batchId);
  });

  it('finds no work without a lane while the process of a lane lives, however long ago its claim was', async () => {
    const batchId = await seedBatch(test.db, workspace);
    await claim(test.db, workspace, [lane(batchId)], 'alive');
    await test.db.pool.query(`UPDATE lane_demand SET seen_at = seen_at - interval '1 hour' WHERE batch_id = $1`, [
      batchId,
    ]);
    await keepLanes(test.db.pool, 'alive', [batchId]);
    await makeDue(batchId);
    expect((await neglected()).map((batch) => batch.batchId)).not.toContain(batchId);
  });

  it.each([
    ['its process has not been seen for a while', () => forgetDeadLanes(test.db.pool, 1_500), 0],
    ['its process lives and has no lane of it any more', () => keepLanes(test.db.pool, 'gone', []), 1_500],
  ])('has a batch looked at whose last lane is gone because %s', async (_, notice, soonMs) => {
    const batchId = await seedBatch(test.db, workspace);
    await claim(test.db, workspace, [lane(batchId)], 'gone');
    await keepLanes(test.db.pool, 'gone', [batchId]);
    await makeDue(batchId);
    expect((await neglected()).map((batch) => batch.batchId)).not.toContain(batchId);
    expect(await dueInMs(batchId)).toBeGreaterThan(20_000);
    await test.db.pool.query(`UPDATE lane_demand SET seen_at = seen_at - interval '1 minute'`);
    await test.db.pool.query(`UPDATE lane_processes SET seen_at = seen_at - interval '1 minute'`);
    await notice();
    expect(await dueInMs(batchId)).toBeLessThanOrEqual(soonMs);
    expect(await test.db.prisma.laneDemand.count({ where: { batchId } })).toBe(0);
  });

  it('looks at a batch that waits for an opening again when it opens, or when its run is to be checked', async () => {
    const soon = await seedBatch(test.db, workspace, { opening: { opensInMs: 10_000, closesInMs: 86_400_000 } });
    const later = await seedBatch(test.db, workspace, { opening: { opensInMs: 120_000, closesInMs: 86_400_000 } });
    const muchLater = await seedBatch(test.db, workspace, {
      opening: { opensInMs: 3_600_000, closesInMs: 86_400_000 },
    });
    await neglected();
    for (const [batchId, dueMs] of [
      [soon, 11_000],
      [later, 30_000],
      [muchLater, 300_000],
    ] as const) {
      expect(await dueInMs(batchId)).toBeGreaterThan(dueMs - 5_000);
      expect(await dueInMs(batchId)).toBeLessThanOrEqual(dueMs);
    }
  });

  it('looks at a batch that is over no more', async () => {
    const batchId = await seedBatch(test.db, workspace, { status: 'COMPLETED' });
    await neglected();
    expect(await dueInMs(batchId)).toBeNull();
  });

  it('gives each of many batches that are due to one of two sweepers', async () => {
    const mine: string[] = [];
    for (let count = 0; count < 10; count++) mine.push(await seedBatch(test.db, workspace, { status: 'PAUSED' }));
    const [first, second] = [await test.db.pool.connect(), await test.db.pool.connect()];
    try {
      await first.query('BEGIN');
      const taken = await takeDueBatches(first, 50);
      // What the first has taken is not committed: the other passes over it, and does not wait.
      await second.query(`SET lock_timeout = '2s'`);
      const others = await takeDueBatches(second, 50);
      await first.query('COMMIT');
      expect([...taken, ...others].filter((id) => mine.includes(id)).sort()).toEqual(mine.sort());
    } finally {
      for (const connection of [first, second]) connection.release(true);
    }
  });

  it('finds a wake that nobody answered', async () => {
    const batchId = await seedBatch(test.db, workspace, { status: 'PAUSED' });
    await takeWake(test.db.pool, batchId);
    expect((await neglected()).map((batch) => batch.batchId)).not.toContain(batchId);
    await test.db.pool.query(`UPDATE batches SET wake_sent_at = wake_sent_at - interval '11 s' WHERE id = $1`, [
      batchId,
    ]);
    await makeDue(batchId);
    expect((await neglected()).map((batch) => batch.batchId)).toContain(batchId);
  });
});
