import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { doChunkWork } from '../../../store/batches/sweep-rows.js';
import { changeBatch, type BatchChange } from '../../../store/changes/change-batch.js';
import { doJobWork } from '../../../store/jobs/do-job-work.js';
import { endJob, type JobFilter } from '../../../store/jobs/jobs.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, lane, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
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

const retry = (batchId: string, filter: JobFilter = {}) =>
  begin(test.db, workspace, batchId, { kind: 'retry', filter });
const batchOf = (id: string) => test.db.prisma.batch.findUniqueOrThrow({ where: { id } });
const change = (batchId: string, action: BatchChange, from: readonly ('RUNNING' | 'PENDING' | 'CANCELLED')[]) =>
  changeBatch(test.db.pool, {
    ...{ workspaceId: workspace.workspaceId, batchId, action, from },
    ...{ actor: 'test', commandId: null },
  });
async function seedOver(status: 'COMPLETED' | 'CANCELLED', states: readonly string[]): Promise<string> {
  const batchId = await seedBatch(test.db, workspace, { status, recipients: states.length });
  await setStates(test.db, batchId, states);
  return batchId;
}

describe('a job that retries', () => {
  it('puts back to waiting those who match and may be called again, and nobody else', async () => {
    const batchId = await seedOver('COMPLETED', [
      ...['NO_ANSWER:BUSY', 'NO_ANSWER:NO_ANSWER', 'COMPLETED:ANSWERED', 'FAILED:INVALID_NUMBER', 'NO_ANSWER:BUSY'],
    ]);
    const jobId = await retry(batchId, { outcome: 'BUSY' });
    expect(await batchOf(batchId)).toMatchObject({ status: 'PENDING', generation: 2, chunkWork: 'RETRY_JOB' });
    await work(test.db, jobId);
    expect(await jobOf(test.db, workspace, jobId)).toMatchObject({ status: 'DONE', matched: 2, done: 2, skipped: {} });
    expect(await batchOf(batchId)).toMatchObject({ chunkWork: null });
    expect(await recipientStates(test.db, batchId)).toEqual([
      ...['WAITING', 'NO_ANSWER', 'COMPLETED', 'FAILED', 'WAITING'],
    ]);
  });

  it('counts those whom no retry calls', async () => {
    const batchId = await seedOver('COMPLETED', ['NO_ANSWER:BUSY', 'FAILED:INVALID_NUMBER', 'COMPLETED:ANSWERED']);
    const jobId = await retry(batchId);
    await work(test.db, jobId);
    expect(await jobOf(test.db, workspace, jobId)).toMatchObject({
      matched: 3,
      done: 1,
      skipped: { NOT_RETRIABLE: 2 },
    });
  });

  it('calls who was cancelled before the call in a batch that was cancelled, and nobody who was removed', async () => {
    const batchId = await seedOver('CANCELLED', ['CANCELLED', 'CANCELLED', 'COMPLETED:ANSWERED']);
    await test.db.pool.query(
      `UPDATE recipient_states SET last_error = 'REMOVED' WHERE recipient_id = (SELECT recipient_id FROM recipient_states WHERE batch_id = $1 ORDER BY ordinal LIMIT 1)`,
      [batchId],
    );
    await work(test.db, await retry(batchId, { status: 'CANCELLED' }));
    expect(await recipientStates(test.db, batchId)).toEqual(['CANCELLED', 'WAITING', 'COMPLETED']);
  });

  it('keeps its batch from finishing until the last has followed, whichever claims came before', async () => {
    const batchId = await seedOver('COMPLETED', ['NO_ANSWER:BUSY']);
    await addMany(test.db, batchId, 1_500);
    await test.db.pool.query(`UPDATE recipient_states SET state = 'NO_ANSWER' WHERE batch_id = $1`, [batchId]);
    const jobId = await retry(batchId);
    await lookAtBatch(test.db.pool, batchId, 0);
    expect(await change(batchId, 'finish', ['RUNNING'])).toMatchObject({ result: 'UNSETTLED' });
    expect((await doJobWork(test.db.pool, jobId)).isMore).toBe(true);
    // All whom the first chunk has put back are done, and the claims have looked behind them.
    await test.db.pool.query(
      `UPDATE recipient_states SET state = 'COMPLETED' WHERE batch_id = $1 AND state = 'WAITING'`,
      [batchId],
    );
    expect(await claim(test.db, workspace, [lane(batchId, { generation: 2 })])).toMatchObject([
      { verdict: 'WAIT', reason: 'ROWS_OUTSTANDING' },
    ]);
    expect(await doChunkWork(test.db.pool, batchId)).toBe(false);
    expect(await change(batchId, 'finish', ['RUNNING'])).toMatchObject({ result: 'UNSETTLED' });
    await work(test.db, jobId);
    expect(await jobOf(test.db, workspace, jobId)).toMatchObject({ status: 'DONE', done: 1_501 });
    expect(await claim(test.db, workspace, [lane(batchId, { generation: 2 })])).toMatchObject([{ verdict: 'CLAIMED' }]);
  });

  it('is over when its batch is cancelled, and takes nobody out of that', async () => {
    const batchId = await seedOver('COMPLETED', ['NO_ANSWER:BUSY', 'NO_ANSWER:BUSY']);
    const jobId = await retry(batchId);
    await change(batchId, 'cancel', ['PENDING']);
    expect(await work(test.db, jobId)).toMatchObject({ isOver: true });
    expect(await jobOf(test.db, workspace, jobId)).toMatchObject({ status: 'FAILED', done: 0 });
    expect(await batchOf(batchId)).toMatchObject({ status: 'CANCELLED', chunkWork: 'CANCEL' });
    while (await doChunkWork(test.db.pool, batchId));
    expect(await recipientStates(test.db, batchId)).toEqual(['NO_ANSWER', 'NO_ANSWER']);
  });

  it('is over when its batch was retried again', async () => {
    const batchId = await seedOver('COMPLETED', ['NO_ANSWER:BUSY']);
    const jobId = await retry(batchId);
    await change(batchId, 'cancel', ['PENDING']);
    while (await doChunkWork(test.db.pool, batchId));
    expect(await change(batchId, 'retry', ['CANCELLED'])).toMatchObject({ result: 'CHANGED' });
    await work(test.db, jobId);
    expect(await jobOf(test.db, workspace, jobId)).toMatchObject({
      ...{ status: 'FAILED', done: 0, statusReason: 'The batch was retried again.' },
    });
    expect(await batchOf(batchId)).toMatchObject({ status: 'PENDING', generation: 3, chunkWork: 'RETRY_CANCELLED' });
  });

  it('lets its batch finish when it is ended in its middle', async () => {
    const batchId = await seedOver('COMPLETED', ['NO_ANSWER:BUSY', 'NO_ANSWER:BUSY']);
    const jobId = await retry(batchId);
    const { workspaceId } = workspace;
    await endJob(test.db.pool, { workspaceId, jobId, actor: ADA, commandId: null });
    expect(await work(test.db, jobId)).toMatchObject({ isMore: false });
    expect(await batchOf(batchId)).toMatchObject({ chunkWork: null, status: 'PENDING' });
    await lookAtBatch(test.db.pool, batchId, 0);
    expect(await change(batchId, 'finish', ['RUNNING'])).toMatchObject({ result: 'CHANGED', status: 'COMPLETED' });
    expect(await recipientStates(test.db, batchId)).toEqual(['NO_ANSWER', 'NO_ANSWER']);
  });

  it('changes nothing when nobody would be called, when rows still follow, or when its batch is open', async () => {
    const batchId = await seedOver('COMPLETED', ['NO_ANSWER:BUSY']);
    await expect(retry(batchId, { outcome: 'DECLINED' })).rejects.toThrow('NOTHING_TO_RETRY');
    await expect(retry(batchId, { recipientIds: [] })).rejects.toThrow('NOTHING_TO_RETRY');
    await test.db.pool.query(`UPDATE batches SET chunk_work = 'CANCEL' WHERE id = $1`, [batchId]);
    await expect(retry(batchId)).rejects.toThrow('ROWS_OUTSTANDING');
    expect(await batchOf(batchId)).toMatchObject({ status: 'COMPLETED', generation: 1 });
    for (const status of ['DRAFT', 'SCHEDULED', 'RUNNING', 'PAUSED'] as const)
      await expect(retry(await seedBatch(test.db, workspace, { status }))).rejects.toThrow('NOT_ALLOWED');
  });

  it('leaves nobody behind and everything as it was when its number cannot call', async () => {
    const batchId = await seedOver('COMPLETED', ['NO_ANSWER:BUSY']);
    await test.db.pool.query('UPDATE phone_numbers SET disabled_at = dialwright_now() WHERE workspace_id = $1', [
      workspace.workspaceId,
    ]);
    await expect(retry(batchId)).rejects.toThrow('NUMBER_UNUSABLE');
    expect(await test.db.prisma.job.count({ where: { batchId } })).toBe(0);
    expect(await batchOf(batchId)).toMatchObject({ status: 'COMPLETED', generation: 1, chunkWork: null });
  });
});
