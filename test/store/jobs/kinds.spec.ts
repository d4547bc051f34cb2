import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  claim,
  claimOne,
  lane,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';
import { untilLockIsAwaited } from '../../support/workspace-lock.js';
import { doJobWork } from '../../../store/jobs/do-job-work.js';
import { begin, jobOf, setStates, work } from './job-world.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

const seed = (options: Parameters<typeof seedBatch>[2] = {}) => seedBatch(test.db, workspace, options);
const job = (jobId: string) => jobOf(test.db, workspace, jobId);
const recipientsOf = (batchId: string) =>
  test.db.prisma.recipient.findMany({ where: { batchId }, orderBy: { ordinal: 'asc' } });

describe('a job that edits', () => {
  const edit = (batchId: string, change: object) => begin(test.db, workspace, batchId, { kind: 'edit', change });

  it('changes those who wait, and nobody who is in a call or settled', async () => {
    const batchId = await seed({ recipients: 3 });
    await claimOne(test.db, workspace, batchId);
    await setStates(test.db, batchId, ['IN_PROGRESS', 'NO_ANSWER:BUSY', 'WAITING']);
    const jobId = await edit(batchId, { variables: { city: 'Rome' }, notBefore: '2027-01-01T08:00:00.000Z' });
    await work(test.db, jobId);
    expect(await job(jobId)).toMatchObject({ status: 'DONE', matched: 3, done: 1, skipped: { NOT_WAITING: 2 } });
    expect((await recipientsOf(batchId)).map(({ variables }) => variables)).toEqual([{}, {}, { city: 'Rome' }]);
    const states = await test.db.prisma.recipientState.findMany({ where: { batchId }, orderBy: { ordinal: 'asc' } });
    expect(states.map(({ notBefore }) => notBefore?.toISOString() ?? null)).toEqual([
      ...[null, null],
      '2027-01-01T08:00:00.000Z',
    ]);
  });

  it('goes on behind those whom it has passed over, and changes nobody twice', async () => {
    const batchId = await seed({ status: 'PAUSED', recipients: 450 });
    const jobId = await edit(batchId, { variables: { city: 'Rome' } });
    expect(await doJobWork(test.db.pool, jobId)).toMatchObject({ isMore: true });
    expect(await job(jobId)).toMatchObject({ examined: 200, done: 200 });
    for (let chunk = 0; chunk < 2; chunk++) await doJobWork(test.db.pool, jobId);
    expect(await job(jobId)).toMatchObject({ status: 'DONE', examined: 450, done: 450, skipped: {} });
  });

  it('leaves out whom it would leave no time, or too long variables, and says so', async () => {
    const batchId = await seed({ recipients: 3 });
    const [first, second] = await recipientsOf(batchId);
    await test.db.pool.query(`UPDATE recipient_states SET not_after = '2026-12-31T00:00:00Z' WHERE recipient_id = $1`, [
      first!.id,
    ]);
    await test.db.pool.query(`UPDATE recipients SET variables = $2 WHERE id = $1`, [
      second!.id,
      JSON.stringify({ long: 'x'.repeat(65_000) }),
    ]);
    const change = { variables: { more: 'y'.repeat(1_000) }, notBefore: '2027-01-01T08:00:00.000Z' };
    const jobId = await edit(batchId, change);
    await work(test.db, jobId);
    expect(await job(jobId)).toMatchObject({ matched: 3, done: 1, skipped: { EMPTY_PERIOD: 1, TOO_LARGE: 1 } });
    expect((await recipientsOf(batchId))[0]!.variables).toEqual({});
  });

  it('lets no call begin with what a recipient was before, once its chunk is committed', async () => {
    const batchId = await seed({ recipients: 1 });
    const jobId = await edit(batchId, { variables: { city: 'Rome' } });
    const tx = await test.db.pool.connect();
    try {
      await tx.query('BEGIN');
      await doJobWork(tx, jobId);
      const claiming = claim(test.db, workspace, [lane(batchId)]);
      await untilLockIsAwaited(test.db);
      await tx.query('COMMIT');
      expect(await claiming).toMatchObject([{ verdict: 'CLAIMED', call: { variables: { city: 'Rome' } } }]);
    } finally {
      tx.release();
    }
  });

  it('is refused by a test call', async () => {
    const batchId = await seed({ recipients: 1 });
    await test.db.pool.query(`UPDATE batches SET kind = 'TEST' WHERE id = $1`, [batchId]);
    await expect(edit(batchId, { variables: { city: 'Rome' } })).rejects.toThrow('NOT_ALLOWED');
  });
});

describe('a job that settles', () => {
  const settle = (batchId: string, change: object) => begin(test.db, workspace, batchId, { kind: 'settle', change });
  /** Who were called, as end_overdue leaves them; the first one is still asked about. */
  async function uncertain(count: number): Promise<string> {
    const batchId = await seed({ recipients: count });
    for (let called = 0; called < count; called++) await claimOne(test.db, workspace, batchId);
    await test.db.pool.query(`UPDATE attempts SET state = 'UNCERTAIN' WHERE batch_id = $1`, [batchId]);
    await test.db.pool.query(
      `UPDATE attempts a SET slot_held = false, settle_at = NULL FROM recipient_states s WHERE s.last_attempt_id = a.id AND a.batch_id = $1
         AND s.ordinal > (SELECT min(ordinal) FROM recipient_states WHERE batch_id = $1)`,
      [batchId],
    );
    await setStates(test.db, batchId, ['IN_PROGRESS', ...Array<string>(count - 1).fill('UNCERTAIN:UNCERTAIN')]);
    return batchId;
  }

  it('gives its verdict on attempts that nobody will explain, and on none that may still be live', async () => {
    const batchId = await uncertain(4);
    const jobId = await settle(batchId, { verdict: 'CALLED', outcome: 'NO_ANSWER' });
    const { version } = await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } });
    await work(test.db, jobId);
    expect(await job(jobId)).toMatchObject({ status: 'DONE', matched: 4, done: 3, skipped: { NOT_UNCERTAIN: 1 } });
    // What was counted before is not shown any more.
    expect((await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).version).toBe(version + 1);
    expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'NO_ANSWER', 'NO_ANSWER', 'NO_ANSWER']);
    const { rows } = await test.db.pool.query(
      `SELECT actor_name AS name, attempt_id IS NOT NULL AS "isOfAttempt" FROM audit_events WHERE batch_id = $1 AND action = 'verdict'`,
      [batchId],
    );
    expect(rows).toEqual(Array(3).fill({ name: 'Ada', isOfAttempt: true }));
  });

  it('puts back to waiting those who were not called, and leaves out who has a verdict already', async () => {
    const batchId = await uncertain(3);
    await test.db.pool.query(
      `UPDATE attempts SET state = 'ENDED', outcome = 'UNCERTAIN' WHERE id = (SELECT last_attempt_id FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal DESC LIMIT 1)`,
      [batchId],
    );
    const jobId = await settle(batchId, { verdict: 'NOT_CALLED', outcome: null });
    await work(test.db, jobId);
    expect(await job(jobId)).toMatchObject({ done: 1, skipped: { NOT_UNCERTAIN: 2 } });
    expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'WAITING', 'UNCERTAIN']);
  });
});
