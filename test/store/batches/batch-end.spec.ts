import { changeBatch } from '../../../store/changes/change-batch.js';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { doChunkWork, findOutstandingRows, settleUncallable } from '../../../store/batches/sweep-rows.js';
import { bindClock } from '../../support/bind-clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  claim,
  lane,
  openBatch,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';

const NOW_MS = Date.UTC(2026, 5, 1, 9);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let test: TestDatabase;
let workspace: Workspace;
let clock: { set(nowMs: number): Promise<void> };
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await bindClock(test.db, { stands: true });
});
beforeEach(async () => {
  await clock.set(NOW_MS);
  workspace = await seedWorkspace(test.db, { ringLeadMs: 0 });
});
afterAll(() => test.drop());

async function seed(endsInMs: number, options: Parameters<typeof seedBatch>[2] = {}): Promise<string> {
  const batchId = await seedBatch(test.db, workspace, { startAt: new Date(NOW_MS - 1), ...options });
  await test.db.prisma.batch.update({ where: { id: batchId }, data: { endAt: new Date(NOW_MS + endsInMs) } });
  return batchId;
}
const verdictOf = async (batchId: string) => {
  const [answer] = await claim(test.db, workspace, [lane(batchId)]);
  return answer?.verdict === 'END' ? `END ${answer.reason}` : answer?.verdict;
};
const look = async (batchId: string) => {
  const { reason, untilMs } = await lookAtBatch(test.db.pool, batchId, 250);
  return [reason, untilMs];
};
const settle = (batchId: string) => settleUncallable(test.db.pool, batchId, 250);

it('claims nothing at or after the end of the batch, and nothing that would ring then', async () => {
  const batchId = await seed(HOUR_MS, { recipients: 4 });
  expect(await verdictOf(batchId)).toBe('CLAIMED');
  await clock.set(NOW_MS + HOUR_MS - 251);
  expect(await verdictOf(batchId)).toBe('CLAIMED');
  for (const beforeMs of [250, 1, 0, -1, -HOUR_MS]) {
    await clock.set(NOW_MS + HOUR_MS - beforeMs);
    expect([beforeMs, await verdictOf(batchId)]).toEqual([beforeMs, 'END BATCH_ENDED']);
  }
});

it('fails all who wait at the end, whatever they wait for, and nobody who is in a call or settled', async () => {
  const batchId = await seed(HOUR_MS, { recipients: 5 });
  expect(await verdictOf(batchId)).toBe('CLAIMED');
  await test.db.pool.query(
    `UPDATE recipient_states s SET due_at = CASE place WHEN 2 THEN 'infinity' ELSE due_at END,
       state = CASE place WHEN 3 THEN 'NO_ANSWER' ELSE state END, last_outcome = CASE place WHEN 4 THEN 'BUSY' END
     FROM (SELECT recipient_id, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $1) p
     WHERE p.recipient_id = s.recipient_id`,
    [batchId],
  );
  await clock.set(NOW_MS + HOUR_MS - 1);
  await settle(batchId);
  expect(await recipientStates(test.db, batchId)).toEqual([
    'IN_PROGRESS',
    'WAITING',
    'NO_ANSWER',
    'WAITING',
    'WAITING',
  ]);
  await clock.set(NOW_MS + HOUR_MS);
  expect((await findOutstandingRows(test.db.pool)).endedIds).toContain(batchId);
  await settle(batchId);
  expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'FAILED', 'NO_ANSWER', 'FAILED', 'FAILED']);
  expect((await findOutstandingRows(test.db.pool)).endedIds).not.toContain(batchId);
  const rows = await test.db.prisma.recipientState.findMany({ where: { batchId, state: 'FAILED' } });
  expect(rows.map(({ lastError }) => lastError)).toEqual(['BATCH_ENDED', 'BATCH_ENDED', 'BATCH_ENDED']);
  expect(await look(batchId)).toEqual(['CALLS_IN_PROGRESS', null]);
});

it('settles each of them once, however many workers look, and takes nobody out of a call', async () => {
  const batchId = await seed(HOUR_MS, { recipients: 30 });
  await test.db.prisma.batch.update({ where: { id: batchId }, data: { endAt: new Date(NOW_MS) } });
  const settling = Array.from({ length: 4 }, () => settle(batchId));
  await Promise.all([...settling, claim(test.db, workspace, [lane(batchId)])]);
  for (let round = 0; round < 5; round++) await settle(batchId);
  expect(new Set(await recipientStates(test.db, batchId))).toEqual(new Set(['FAILED']));
  const events = await test.db.prisma.auditEvent.findMany({ where: { batchId, action: 'settle' } });
  const counts = events.map(({ detail }) => (detail as { count: number }).count);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30);
});

it.each(['SCHEDULED', 'PENDING', 'PAUSED'] as const)('ends a batch that is %s too', async (status) => {
  const batchId = await seed(0, { status, recipients: 2 });
  await settle(batchId);
  expect(await recipientStates(test.db, batchId)).toEqual(['FAILED', 'FAILED']);
});

it('waits until the end, and says so, when the next call could start later only', async () => {
  const batchId = await seed(HOUR_MS, { opening: { opensInMs: 2 * HOUR_MS, closesInMs: 3 * HOUR_MS } });
  expect(await look(batchId)).toEqual(['BATCH_ENDED', HOUR_MS]);
  const later = await seed(HOUR_MS, { opening: { opensInMs: HOUR_MS / 2, closesInMs: 3 * HOUR_MS } });
  expect(await look(later)).toEqual(['OUTSIDE_HOURS', HOUR_MS / 2]);
  await openBatch(test.db, later, { opensInMs: -HOUR_MS, closesInMs: HOUR_MS });
  await test.db.pool.query(
    `UPDATE recipient_states SET due_at = dialwright_now() + interval '61 min' WHERE batch_id = $1`,
    [later],
  );
  expect(await look(later)).toEqual(['BATCH_ENDED', HOUR_MS]);
});

it('is called again after a retry with another end, and refused without one', async () => {
  const batchId = await seed(-MINUTE_MS, { recipients: 2 });
  await settle(batchId);
  await test.db.pool.query(`UPDATE batches SET status = 'COMPLETED' WHERE id = $1`, [batchId]);
  const retry = (patch: Parameters<typeof changeBatch>[1]['patch']) =>
    changeBatch(test.db.pool, {
      workspaceId: workspace.workspaceId,
      batchId,
      action: 'retry',
      from: ['COMPLETED'],
      actor: 'test',
      commandId: null,
      ...(patch && { patch }),
    });
  expect((await retry(undefined)).result).toBe('END_PASSED');
  expect((await retry({ endAt: new Date(NOW_MS) })).result).toBe('END_PASSED');
  expect((await retry({ endAt: new Date(NOW_MS + HOUR_MS) })).result).toBe('CHANGED');
  await doChunkWork(test.db.pool, batchId);
  expect(await look(batchId)).toEqual(['READY', null]);
  const rows = await test.db.prisma.recipientState.findMany({ where: { batchId } });
  expect(rows.map(({ state, lastError }) => [state, lastError])).toEqual([
    ['WAITING', null],
    ['WAITING', null],
  ]);
});
