import { randomUUID } from 'node:crypto';
import { ALLOWED_WHEN } from '../../../domain/batches/status.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import { doJobWork } from '../../../store/jobs/do-job-work.js';
import { beginJob, endJob } from '../../../store/jobs/jobs.js';
import { doChunkWork, forgetLeftovers } from '../../../store/batches/sweep-rows.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claimOne, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { ADA, addMany, begin, jobOf, setStates, work } from './job-world.js';

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
const remove = (batchId: string, filter = {}) => begin(test.db, workspace, batchId, { filter });
const job = (jobId: string) => jobOf(test.db, workspace, jobId);
const end = (jobId: string) =>
  endJob(test.db.pool, { workspaceId: workspace.workspaceId, jobId, actor: ADA, commandId: null });
const cancel = (batchId: string) =>
  changeBatch(test.db.pool, {
    ...{ workspaceId: workspace.workspaceId, batchId, action: 'cancel', from: ALLOWED_WHEN.cancel },
    ...{ actor: 'test', commandId: null },
  });

describe('a job that removes', () => {
  it('removes those who match and wait, and says why it left out the others', async () => {
    const batchId = await seed({ recipients: 6 });
    await claimOne(test.db, workspace, batchId);
    await setStates(test.db, batchId, ['IN_PROGRESS', 'COMPLETED:ANSWERED', 'WAITING', 'WAITING:BUSY']);
    const jobId = await remove(batchId);
    expect(await work(test.db, jobId)).toEqual({ isMore: false, isOver: true, batchId });
    expect(await job(jobId)).toMatchObject({
      ...{ status: 'DONE', examined: 6, matched: 6, done: 4, skipped: { NOT_WAITING: 2 } },
      finishedAt: expect.any(Date),
    });
    expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'COMPLETED']);
  });

  it('means those alone who are shown with the status, had the outcome, and have the text or the number', async () => {
    const phones = ['+12025550111', '+12025550112', '+12025550113', '+442079460114'];
    const matched = async (filter: object): Promise<number> => {
      const batchId = await seed({ phones, opening: { opensInMs: -60_000, closesInMs: 86_400_000 } });
      await setStates(test.db, batchId, ['WAITING:BUSY', 'WAITING', 'NO_ANSWER:BUSY', 'WAITING']);
      await test.db.pool.query(
        `UPDATE recipient_states SET due_at = dialwright_now() + interval '1 hour' WHERE batch_id = $1 AND phone = $2`,
        [batchId, phones[1]],
      );
      await test.db.pool.query(`UPDATE recipients SET name = 'Jos\u00e9' WHERE batch_id = $1 AND phone = $2`, [
        batchId,
        phones[3],
      ]);
      const jobId = await remove(batchId, filter);
      await work(test.db, jobId);
      return (await job(jobId)).matched;
    };
    expect(await matched({})).toBe(4);
    expect(await matched({ status: 'QUEUED' })).toBe(2);
    expect(await matched({ status: 'PENDING' })).toBe(1);
    expect(await matched({ status: 'NO_ANSWER' })).toBe(1);
    expect(await matched({ outcome: 'BUSY' })).toBe(2);
    expect(await matched({ outcome: 'BUSY', status: 'QUEUED' })).toBe(1);
    expect(await matched({ phone: phones[0] })).toBe(1);
    expect(await matched({ text: 'jose', phonePart: 'jose' })).toBe(1);
    expect(await matched({ text: '+44', phonePart: '+44' })).toBe(1);
    expect(await matched({ importId: randomUUID() })).toBe(0);
  });

  it('finds in a paused batch that all who wait are PENDING', async () => {
    const batchId = await seed({ status: 'PAUSED', recipients: 2 });
    const [queued, pending] = [
      await remove(batchId, { status: 'QUEUED' }),
      await remove(batchId, { status: 'PENDING' }),
    ];
    for (const jobId of [queued, pending]) await work(test.db, jobId);
    expect([(await job(queued)).matched, (await job(pending)).done]).toEqual([0, 2]);
  });

  it('changes those whom it was given by their ids, and counts those who are not there', async () => {
    // Who came first: a job looks no further than the last of its batch.
    const [other, batchId] = [await seed({ recipients: 1 }), await seed({ recipients: 3 })];
    const [mine] = await test.db.prisma.recipient.findMany({ where: { batchId } });
    const [theirs] = await test.db.prisma.recipient.findMany({ where: { batchId: other } });
    const jobId = await remove(batchId, { recipientIds: [mine!.id, theirs!.id, randomUUID()] });
    await work(test.db, jobId);
    expect(await job(jobId)).toMatchObject({ status: 'DONE', matched: 1, done: 1, skipped: { NOT_FOUND: 2 } });
    expect(await recipientStates(test.db, other)).toEqual(['WAITING']);
  });

  it('waits for nobody who is just being called, and counts them', async () => {
    const batchId = await seed({ recipients: 3 });
    const holder = await test.db.pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query(
        `SELECT FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal LIMIT 1 FOR NO KEY UPDATE`,
        [batchId],
      );
      const jobId = await remove(batchId);
      await work(test.db, jobId);
      expect(await job(jobId)).toMatchObject({ status: 'DONE', matched: 3, done: 2, skipped: { BUSY: 1 } });
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
    expect(await recipientStates(test.db, batchId)).toEqual(['WAITING']);
  });

  it('has nothing to do with recipients that come after it has begun', async () => {
    const batchId = await seed({ recipients: 1 });
    const jobId = await remove(batchId);
    await addMany(test.db, batchId, 2);
    await work(test.db, jobId);
    expect(await job(jobId)).toMatchObject({ status: 'DONE', done: 1 });
    expect(await recipientStates(test.db, batchId)).toEqual(['WAITING', 'WAITING']);
  });

  it('is in the audit with who began it, what it changed, and what it was about but no searched text', async () => {
    const batchId = await seed({ recipients: 2 });
    await work(test.db, await remove(batchId, { text: '+1202', phonePart: '+1202' }));
    const { rows } = await test.db.pool.query(
      'SELECT action, actor_name AS name, target_kind AS target, detail FROM audit_events WHERE batch_id = $1 ORDER BY action',
      [batchId],
    );
    expect(rows).toEqual([
      { action: 'begin job', name: 'Ada', target: 'job', detail: { kind: 'remove' } },
      { action: 'job done', name: null, target: 'job', detail: { matched: 2, done: 2, skipped: {} } },
      { action: 'remove recipients', name: 'Ada', target: 'job', detail: { removed: 2 } },
    ]);
  });
});

describe('a job over 100,000 recipients', () => {
  const MANY = 100_000;

  it('that is ended in its middle changes nobody more, and its counts say exactly what it has done', async () => {
    const batchId = await seed({ status: 'PAUSED', recipients: 0 });
    for (let added = 0; added < MANY; added += 20_000) await addMany(test.db, batchId, 20_000);
    const jobId = await remove(batchId);
    for (let chunk = 0; chunk < 37; chunk++) expect((await doJobWork(test.db.pool, jobId)).isMore).toBe(true);
    // One chunk is under way: the end waits for it.
    const [, ended] = await Promise.all([doJobWork(test.db.pool, jobId), end(jobId)]);
    expect(ended).toMatchObject({ result: 'ENDED' });
    const { status, examined, matched, done, skipped } = await job(jobId);
    expect(status).toBe('ENDED');
    expect([37_000, 38_000]).toContain(done);
    expect({ examined, matched, skipped }).toEqual({ examined: done, matched: done, skipped: {} });
    expect(await doJobWork(test.db.pool, jobId)).toMatchObject({ isMore: false, isOver: false });
    const { rows } = await test.db.pool.query(
      'SELECT count(*)::int AS left FROM recipient_states WHERE batch_id = $1',
      [batchId],
    );
    expect(rows[0].left).toBe(MANY - done);
    expect(await end(jobId)).toMatchObject({ result: 'NOT_RUNNING', status: 'ENDED' });
  }, 60_000);
});

describe('a job', () => {
  it('is changed by one process at a time, and counts nobody twice', async () => {
    const batchId = await seed({ status: 'PAUSED', recipients: 0 });
    await addMany(test.db, batchId, 5_000);
    const jobId = await remove(batchId);
    await Promise.all(Array.from({ length: 4 }, () => work(test.db, jobId)));
    await work(test.db, jobId);
    expect(await job(jobId)).toMatchObject({ status: 'DONE', examined: 5_000, matched: 5_000, done: 5_000 });
    expect(await recipientStates(test.db, batchId)).toEqual([]);
  });

  it('goes on where it was when its process dies before a chunk is committed', async () => {
    const batchId = await seed({ status: 'PAUSED', recipients: 0 });
    await addMany(test.db, batchId, 2_500);
    const jobId = await remove(batchId);
    await doJobWork(test.db.pool, jobId);
    const dying = await test.db.pool.connect();
    await dying.query('BEGIN');
    await doJobWork(dying, jobId);
    await dying.query('ROLLBACK');
    dying.release();
    expect((await job(jobId)).done).toBe(1_000);
    await work(test.db, jobId);
    expect(await job(jobId)).toMatchObject({ status: 'DONE', examined: 2_500, done: 2_500 });
  });

  it('begins once for each id', async () => {
    const batchId = await seed();
    const [id, { workspaceId }] = [randomUUID(), workspace];
    const given = { id, workspaceId, batchId, kind: 'remove' as const, filter: {}, change: {}, total: 0 };
    const from = ALLOWED_WHEN.removeRecipients;
    const ask = () => beginJob(test.db.pool, { ...given, from, actor: ADA, commandId: null });
    expect([await ask(), await ask()]).toMatchObject([
      { result: 'BEGUN', id },
      { result: 'REPEATED', id },
    ]);
  });

  it('is one of ten that run in a workspace, however many begin at once', async () => {
    const batchId = await seed();
    const begun = await Promise.allSettled(Array.from({ length: 14 }, () => remove(batchId)));
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(begun.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { message: 'TOO_MANY' } });
    workspace = await seedWorkspace(test.db);
    await expect(remove(await seed())).resolves.toBeDefined();
  });

  it.each(['COMPLETED', 'CANCELLED', 'FAILED'] as const)(
    'that removes is refused by a batch that is %s',
    async (status) => {
      await expect(remove(await seed({ status }))).rejects.toThrow('NOT_ALLOWED');
    },
  );

  it('fails when its batch is cancelled or deleted meanwhile, and says so', async () => {
    const batchId = await seed({ recipients: 2 });
    const jobId = await remove(batchId);
    await cancel(batchId);
    expect(await work(test.db, jobId)).toMatchObject({ isMore: false, isOver: true });
    expect(await job(jobId)).toMatchObject({
      ...{ status: 'FAILED', done: 0 },
      statusReason: 'The batch is CANCELLED, which does not allow it.',
    });
    while (await doChunkWork(test.db.pool, batchId));
    expect(await recipientStates(test.db, batchId)).toEqual(['CANCELLED', 'CANCELLED']);
  });

  it('waits while recipients still follow a retry of their batch', async () => {
    const batchId = await seed({ status: 'PAUSED', recipients: 2 });
    await test.db.pool.query(`UPDATE batches SET chunk_work = 'RETRY' WHERE id = $1`, [batchId]);
    const jobId = await remove(batchId);
    expect(await work(test.db, jobId)).toMatchObject({ isMore: false, isOver: false });
    expect(await job(jobId)).toMatchObject({ status: 'RUNNING', examined: 0 });
    await test.db.pool.query('UPDATE batches SET chunk_work = NULL WHERE id = $1', [batchId]);
    expect(await work(test.db, jobId)).toMatchObject({ isOver: true });
  });

  it('has failed when chunks go wrong again and again', async () => {
    const batchId = await seed({ recipients: 1 });
    const jobId = await remove(batchId);
    // A text where a number belongs.
    await test.db.pool.query(`UPDATE jobs SET filter = '{"importId": "nonsense"}' WHERE id = $1`, [jobId]);
    for (let failure = 0; failure < 20; failure++) await expect(work(test.db, jobId)).rejects.toThrow('nonsense');
    expect(await job(jobId)).toMatchObject({
      status: 'FAILED',
      statusReason: expect.stringContaining('Begin it again'),
    });
    expect(await work(test.db, jobId)).toMatchObject({ isMore: false });
  });

  it('is forgotten 30 days after it was over, and never while it runs', async () => {
    const batchId = await seed({ recipients: 0 });
    const [old, young, running] = [await remove(batchId), await remove(batchId), await remove(batchId)];
    for (const jobId of [old, young]) await work(test.db, jobId);
    await test.db.pool.query(`UPDATE jobs SET created_at = created_at - interval '40 days'`);
    await test.db.pool.query(`UPDATE jobs SET finished_at = finished_at - interval '31 days' WHERE id = $1`, [old]);
    await forgetLeftovers(test.db.pool);
    const left = await test.db.prisma.job.findMany({ where: { batchId } });
    expect(left.map(({ id }) => id).sort()).toEqual([young, running].sort());
    const { rowCount } = await test.db.pool.query(`SELECT FROM live_changes WHERE id = $1`, [old]);
    expect(rowCount).toBe(0);
  });
});
