import type { PoolClient } from 'pg';
import { takeUnsettled } from '../../store/attempts/settle-attempts.js';
import { changeBatch, type ChangeResult } from '../../store/changes/change-batch.js';
import { acceptCalls } from '../../store/calls/answer-call.js';
import type { Queryable } from '../../store/database.js';
import { recordFacts } from '../../store/facts/record-facts.js';
import { fact, started } from '../store/support/facts.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { claimOne, readAttempt, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';

/** Races on real connections: evidence of a call that everybody had given up, while its batch is being completed. */
let test: TestDatabase;
let workspace: Workspace;
let batchId: string;
let attemptId: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db, { concurrencyLimit: 100 });
  batchId = await seedBatch(test.db, workspace, { recipients: 1 });
  ({ id: attemptId } = await claimOne(test.db, workspace, batchId));
  await giveUp();
  expect(await recipientStates(test.db, batchId)).toEqual(['UNCERTAIN']);
});
afterEach(() => test.db.pool.query('UPDATE attempts SET slot_held = false, settle_at = NULL'));
afterAll(() => test.drop());

/** Its hard end passes: nobody knows what became of the call. */
async function giveUp(): Promise<void> {
  const sql = 'UPDATE attempts SET hard_end_at = dialwright_now(), settle_at = dialwright_now() WHERE id = $1';
  await test.db.pool.query(sql, [attemptId]);
  await takeUnsettled(test.db.pool, 10, 1_000);
}

const finish = (db: Queryable): Promise<ChangeResult> =>
  changeBatch(db, {
    workspaceId: workspace.workspaceId,
    batchId,
    action: 'finish',
    from: ['RUNNING'],
    actor: 'dialwright',
    commandId: null,
  });
const status = async () => (await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).status;

const EVIDENCE: [string, (db: Queryable) => Promise<unknown>][] = [
  ['an event that shows a live call', (db) => recordFacts(db, workspace.providerAccountId, [started(attemptId)])],
  ['a look-up that finds it', (db) => acceptCalls(db, [{ attemptId, callId: 'call-1' }])],
];

/** Does `first` in an open transaction, lets `second` run into it, and commits. @returns what `second` came to */
async function overtake<T>(first: (tx: PoolClient) => Promise<unknown>, second: () => Promise<T>): Promise<T> {
  const tx = await test.db.pool.connect();
  let isDone = false;
  try {
    await tx.query('BEGIN');
    await first(tx);
    const done = second().finally(() => (isDone = true));
    await eventually(async () => {
      const { rowCount } = await test.db.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(isDone || rowCount === 1).toBe(true);
    });
    await tx.query('COMMIT');
    return await done;
  } finally {
    tx.release();
  }
}

describe.each(EVIDENCE)('%s', (_what, show) => {
  it('keeps its batch from being completed when it is not committed yet', async () => {
    const { result } = await overtake(show, () => finish(test.db.pool));
    expect([result, await status()]).toEqual(['UNSETTLED', 'RUNNING']);
    expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS']);
  });

  it('takes no recipient of a batch back that is being completed, and its end is recorded all the same', async () => {
    await overtake(finish, () => show(test.db.pool));
    expect(await status()).toBe('COMPLETED');
    expect(await recipientStates(test.db, batchId)).toEqual(['UNCERTAIN']);
    expect(await readAttempt(test.db, attemptId)).toMatchObject({ state: 'IN_PROGRESS', slotHeld: true });
    await recordFacts(test.db.pool, workspace.providerAccountId, [fact(attemptId)]);
    expect(await recipientStates(test.db, batchId)).toEqual(['COMPLETED']);
    expect(await readAttempt(test.db, attemptId)).toMatchObject({ state: 'ENDED', slotHeld: false });
  });
});

it('never completes a batch with a recipient in progress, however evidence and finish meet', async () => {
  for (let round = 0; round < 25; round++) {
    batchId = await seedBatch(test.db, workspace, { phones: [`+1202556${7000 + round}`] });
    ({ id: attemptId } = await claimOne(test.db, workspace, batchId));
    await giveUp();
    const seen = started(attemptId);
    await Promise.all([
      recordFacts(test.db.pool, workspace.providerAccountId, [{ ...seen, callId: `call of ${attemptId}` }]),
      finish(test.db.pool),
    ]);
    expect([await status(), ...(await recipientStates(test.db, batchId))]).not.toEqual(['COMPLETED', 'IN_PROGRESS']);
  }
});
