import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createBatchCounter } from '../../../store/batches/create-batch-counter.js';
import { LARGE_RECIPIENTS, refreshStoredCounts } from '../../../store/batches/batch-counts.js';
import { countBatches } from '../../../store/batches/count-batches.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());
beforeEach(() => test.db.pool.query('DELETE FROM batch_counts'));

const phonesOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `+1${2_122_200_000 + index}`);
const large = () => seedBatch(test.db, workspace, { phones: phonesOf(LARGE_RECIPIENTS + 1) });
/** As a call does: without a new version of the batch. */
const completeOne = (batchId: string) =>
  test.db.pool.query(
    `UPDATE recipient_states SET state = 'COMPLETED' WHERE recipient_id = (SELECT recipient_id FROM recipient_states WHERE batch_id = $1 AND state = 'WAITING' LIMIT 1)`,
    [batchId],
  );
const refresh = () =>
  refreshStoredCounts(test.db, (err) => {
    throw err;
  });
const age = (batchId: string, seconds: number) =>
  test.db.pool.query(
    `UPDATE batch_counts SET counted_at = counted_at - make_interval(secs => $2),
       count_again_at = count_again_at - make_interval(secs => $2) WHERE batch_id = $1`,
    [batchId, seconds],
  );
const storedFor = async (batchId: string) =>
  (await test.db.pool.query('SELECT counts FROM batch_counts WHERE batch_id = $1', [batchId])).rows[0]?.counts;
const completedOf = async (counter: ReturnType<typeof createBatchCounter>, batchId: string) =>
  (await counter.count([batchId])).get(batchId)?.states.COMPLETED ?? 0;

describe('the counts of a batch', () => {
  it('are exact at every look while it is small', async () => {
    const counter = createBatchCounter(test.db);
    const batchId = await seedBatch(test.db, workspace, { recipients: 3 });
    expect(await completedOf(counter, batchId)).toBe(0);
    await completeOne(batchId);
    expect(await completedOf(counter, batchId)).toBe(1);
    expect(await storedFor(batchId)).toBeUndefined();
  });

  it('are kept for a while when it is large, and say when they were counted; an old one is counted again by whoever looks', async () => {
    const counter = createBatchCounter(test.db);
    const batchId = await large();
    const first = (await counter.count([batchId])).get(batchId);
    await completeOne(batchId);
    expect((await counter.count([batchId])).get(batchId)).toEqual(first);
    await age(batchId, 9);
    expect(await completedOf(counter, batchId)).toBe(0);
    await eventually(async () => expect(await completedOf(counter, batchId)).toBe(1));
    await completeOne(batchId);
    await age(batchId, 11);
    expect(await completedOf(counter, batchId)).toBe(2);
  });

  it('are new as soon as somebody has changed the batch, or it has ended', async () => {
    const counter = createBatchCounter(test.db);
    const batchId = await large();
    await completedOf(counter, batchId);
    await completeOne(batchId);
    await test.db.pool.query(`UPDATE batches SET status = 'COMPLETED', version = version + 1 WHERE id = $1`, [batchId]);
    expect(await completedOf(counter, batchId)).toBe(1);
  });

  it('of before will do for the answer to a change that changes none, and are counted again then', async () => {
    const counter = createBatchCounter(test.db);
    const batchId = await large();
    const first = (await counter.count([batchId])).get(batchId);
    await completeOne(batchId);
    const changed = () => test.db.pool.query('UPDATE batches SET version = version + 1 WHERE id = $1', [batchId]);
    await changed();
    expect((await counter.count([batchId], 'version or before')).get(batchId)).toEqual(first);
    await eventually(async () => expect((await storedFor(batchId)).states.COMPLETED).toBe(1));
    await completeOne(batchId);
    await changed();
    await age(batchId, 11);
    expect((await counter.count([batchId], 'version or before')).get(batchId)?.states.COMPLETED).toBe(2);
    // Two changes ago: one of them may have changed them.
    await completeOne(batchId);
    await changed();
    await changed();
    expect((await counter.count([batchId], 'version or before')).get(batchId)?.states.COMPLETED).toBe(3);
  });

  it('of a large batch that runs are counted again by the sweeper, and by one only', async () => {
    const counter = createBatchCounter(test.db);
    const [running, paused] = [await large(), await large()];
    await counter.count([running, paused]);
    await test.db.pool.query(`UPDATE batches SET status = 'PAUSED' WHERE id = $1`, [paused]);
    for (const batchId of [running, paused]) {
      await completeOne(batchId);
      await age(batchId, 60);
    }
    await Promise.all([refresh(), refresh()]);
    expect((await storedFor(running)).states.COMPLETED).toBe(1);
    expect((await storedFor(paused)).states.COMPLETED).toBeUndefined();
  });

  it('are not looked at again by the sweeper once the batch has ended', async () => {
    const batchId = await large();
    await createBatchCounter(test.db).count([batchId]);
    await test.db.pool.query(`UPDATE batches SET status = 'PAUSED' WHERE id = $1`, [batchId]);
    await age(batchId, 60);
    await refresh();
    expect(await test.db.prisma.batchCount.findUnique({ where: { batchId } })).toMatchObject({ countAgainAt: null });
  });

  it('tell who waits for a later time or a closed zone from who could be called now', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 6 });
    const put = (count: number, change: string) =>
      test.db.pool.query(
        `UPDATE recipient_states SET ${change} WHERE recipient_id IN (SELECT recipient_id FROM recipient_states
           WHERE batch_id = $1 AND zone_set = '' AND due_at = '-infinity' ORDER BY ordinal LIMIT $2)`,
        [batchId, count],
      );
    await put(1, `due_at = dialwright_now() + interval '1 hour'`);
    await put(2, `zone_set = 'Asia/Tokyo'`);
    await test.db.pool.query(`INSERT INTO batch_zones VALUES ($1, 'Asia/Tokyo')`, [batchId]);
    expect((await countBatches(test.db.pool, [batchId])).get(batchId)?.waitingLater).toBe(3);
    await test.db.pool.query(
      `INSERT INTO openings SELECT batch_id, hours_version, 'Asia/Tokyo', opens_at, closes_at FROM openings WHERE batch_id = $1`,
      [batchId],
    );
    expect((await countBatches(test.db.pool, [batchId])).get(batchId)?.waitingLater).toBe(1);
  });
});
