import type { ApiClient } from '../../dev/demo/api-client.js';
import type { Stack } from '../../dev/stack.js';
import { parsePublicId } from '../../domain/ids.js';
import type { Database } from '../../store/database.js';
import { ALL_DAY, type ShownBatch } from '../support/api.js';
import { startCrashStack, type CrashStack } from './crash-stack.js';
import { eventually } from '../support/eventually.js';
import { addMany } from '../store/jobs/job-world.js';

/** Real processes, killed with SIGKILL in the middle of a job and started again. */
const RECIPIENTS = 100_000;
/** Those whose number ends in 7. */
const MATCHING = RECIPIENTS / 10;

type ShownJob = {
  id: string;
  status: string;
  counts: { examined: number; matched: number; done: number; skipped: Record<string, number> };
};

let crash: CrashStack;
let stack: Stack;
let call: ApiClient;
let db: Database;

beforeAll(async () => {
  crash = await startCrashStack('jobs');
  ({ stack, call, db } = crash);
}, 120_000);
afterAll(() => crash?.stop(), 60_000);

it('a job goes on by itself after API and worker were killed, and its counts say exactly what was done', async () => {
  const batch = await call<ShownBatch>('POST', '/v1/batches', {
    ...{ name: 'Job', fromNumberId: stack.fromNumberId, timeZone: 'UTC', window: ALL_DAY, recipients: [] },
  });
  const batchId = parsePublicId('batch', batch.id)!;
  for (let added = 0; added < RECIPIENTS; added += 20_000) await addMany(db, batchId, 20_000);
  await db.pool.query(`UPDATE recipients SET name = CASE WHEN phone LIKE '%7' THEN 'Ada' END WHERE batch_id = $1`, [
    batchId,
  ]);
  const begun = await call<ShownJob>('POST', `/v1/batches/${batch.id}/jobs`, {
    kind: 'remove',
    filter: { text: 'ada' },
  });
  expect(begun.status).toBe('RUNNING');
  await eventually(async () => expect((await readJob(begun.id)).counts.examined).toBeGreaterThan(3_000), 30_000);

  await Promise.all([stack.worker.kill(), stack.api.kill()]);
  const { rows } = await db.pool.query<{ status: string; examined: number; done: number; left: number }>(
    `SELECT status, examined_count AS examined, done_count AS done,
       (SELECT count(*)::int FROM recipient_states s WHERE s.batch_id = j.batch_id) AS left FROM jobs j`,
  );
  const [middle] = rows;
  expect(middle).toMatchObject({ status: 'RUNNING', left: RECIPIENTS - middle!.done });
  expect(middle!.examined).toBeLessThan(RECIPIENTS);

  [stack.worker, stack.api] = await Promise.all([stack.startWorker(), stack.startApi()]);
  await eventually(async () => expect((await readJob(begun.id)).status).toBe('DONE'), 60_000, 200);
  const { counts } = await readJob(begun.id);
  expect(counts).toMatchObject({ examined: RECIPIENTS, matched: MATCHING, done: MATCHING });
  expect(Object.values(counts.skipped).every((count) => count === 0)).toBe(true);
  const left = await db.pool.query<{ all: number; matching: number }>(
    `SELECT count(*)::int AS all, (count(*) FILTER (WHERE r.name = 'Ada'))::int AS matching
     FROM recipients r WHERE r.batch_id = $1`,
    [batchId],
  );
  expect(left.rows[0]).toEqual({ all: RECIPIENTS - MATCHING, matching: 0 });
}, 180_000);

const readJob = (id: string) => call<ShownJob>('GET', `/v1/jobs/${id}`);
