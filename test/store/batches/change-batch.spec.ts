import { ALLOWED_WHEN, BATCH_STATUSES, type BatchAction } from '../../../domain/batches/status.js';
import { changeBatch, type BatchChange } from '../../../store/batches/change-batch.js';
import { doChunkWork } from '../../../store/batches/sweep-rows.js';
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
import {
  claim,
  claimOne,
  lane,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

const change = (batchId: string, action: BatchAction & BatchChange, commandId: string | null = null) =>
  changeBatch(test.db.pool, {
    workspaceId: workspace.workspaceId,
    batchId,
    action,
    from: ALLOWED_WHEN[action],
    actor: 'test',
    commandId,
  });
const setStates = (batchId: string, states: string[]) =>
  test.db.pool.query(
    `UPDATE recipient_states r SET state = s.state, last_outcome = s.outcome, attempt_count = (s.state <> 'CANCELLED')::integer FROM
       (SELECT recipient_id, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $1) p
       JOIN (SELECT split_part(v, ':', 1) AS state, nullif(split_part(v, ':', 2), '') AS outcome, place FROM unnest($2::text[]) WITH ORDINALITY AS u (v, place)) s ON s.place = p.place
     WHERE r.recipient_id = p.recipient_id`,
    [batchId, states],
  );

describe('changeBatch', () => {
  const actions = ['pause', 'resume', 'cancel', 'retry', 'delete'] as const;
  const cases = actions.flatMap((action) => BATCH_STATUSES.map((status) => [action, status] as const));
  it.each(cases)('%s of a batch that is %s follows the table of allowed actions', async (action, status) => {
    const batchId = await seedBatch(test.db, workspace, { status, recipients: 1 });
    await setStates(batchId, ['NO_ANSWER:BUSY']);
    const { result, status: after } = await change(batchId, action);
    const isAllowed = ALLOWED_WHEN[action].includes(status);
    expect(result).toBe(isAllowed ? 'CHANGED' : 'NOT_ALLOWED');
    if (!isAllowed) expect(after).toBe(status);
  });

  it('applies a command id once', async () => {
    const batchId = await seedBatch(test.db, workspace);
    expect(await change(batchId, 'pause', 'command-1')).toMatchObject({ result: 'CHANGED', status: 'PAUSED' });
    await change(batchId, 'resume');
    expect(await change(batchId, 'pause', 'command-1')).toMatchObject({ result: 'REPEATED', status: 'RUNNING' });
  });

  it('sees no batch of another workspace', async () => {
    const batchId = await seedBatch(test.db, workspace);
    workspace = await seedWorkspace(test.db);
    expect(await change(batchId, 'pause')).toMatchObject({ result: 'NOT_FOUND' });
  });

  it('does not start before the start, and resumes to SCHEDULED when the start is still to come', async () => {
    const batchId = await seedBatch(test.db, workspace, { status: 'SCHEDULED' });
    await test.db.pool.query(`UPDATE batches SET start_at = dialwright_now() + interval '1 hour' WHERE id = $1`, [
      batchId,
    ]);
    expect(await lookAtBatch(test.db.pool, batchId, 0)).toMatchObject({ status: 'SCHEDULED', reason: 'STARTS_LATER' });
    await test.db.pool.query(`UPDATE batches SET status = 'PAUSED' WHERE id = $1`, [batchId]);
    expect(await change(batchId, 'resume')).toMatchObject({ status: 'SCHEDULED' });
    await test.db.pool.query(`UPDATE batches SET start_at = dialwright_now() WHERE id = $1`, [batchId]);
    expect(await lookAtBatch(test.db.pool, batchId, 0)).toMatchObject({ status: 'RUNNING', reason: 'READY' });
  });

  it('finishes only when every recipient is settled', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 2 });
    const finish = () =>
      changeBatch(test.db.pool, {
        workspaceId: workspace.workspaceId,
        batchId,
        action: 'finish',
        from: ['RUNNING'],
        actor: 'test',
        commandId: null,
      });
    await setStates(batchId, ['COMPLETED:ANSWERED', 'WAITING']);
    expect(await finish()).toMatchObject({ result: 'UNSETTLED', status: 'RUNNING' });
    await setStates(batchId, ['COMPLETED:ANSWERED', 'UNCERTAIN:UNCERTAIN']);
    expect(await finish()).toMatchObject({ result: 'CHANGED', status: 'COMPLETED' });
  });

  it('cancels waiting recipients and leaves the others', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 3 });
    await claimOne(test.db, workspace, batchId);
    await change(batchId, 'cancel');
    expect(await doChunkWork(test.db.pool, batchId)).toBe(false);
    expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'CANCELLED', 'CANCELLED']);
  });

  it('retries failed and unanswered recipients, never an invalid number or one that was answered', async () => {
    const batchId = await seedBatch(test.db, workspace, { status: 'COMPLETED', recipients: 6 });
    await setStates(batchId, [
      'COMPLETED:ANSWERED',
      'NO_ANSWER:BUSY',
      'FAILED:UNREACHABLE',
      'FAILED:INVALID_NUMBER',
      'CANCELLED:CANCELLED',
      'UNCERTAIN:UNCERTAIN',
    ]);
    expect(await change(batchId, 'retry')).toMatchObject({ result: 'CHANGED', status: 'PENDING' });
    await doChunkWork(test.db.pool, batchId);
    expect(await recipientStates(test.db, batchId)).toEqual([
      'COMPLETED',
      'WAITING',
      'WAITING',
      'FAILED',
      'CANCELLED',
      'UNCERTAIN',
    ]);
    expect(await lookAtBatch(test.db.pool, batchId, 0)).toMatchObject({ status: 'RUNNING', generation: 2 });
    const answers = await claim(test.db, workspace, [lane(batchId), lane(batchId, { generation: 2 })]);
    expect(answers.map((answer) => answer.verdict)).toEqual(['END', 'CLAIMED']);
  });

  it('retries those never called when the batch was cancelled', async () => {
    const batchId = await seedBatch(test.db, workspace, { status: 'CANCELLED', recipients: 2 });
    await setStates(batchId, ['CANCELLED', 'NO_ANSWER:BUSY']);
    await change(batchId, 'retry');
    await doChunkWork(test.db.pool, batchId);
    expect(await recipientStates(test.db, batchId)).toEqual(['WAITING', 'WAITING']);
  });

  it('refuses a retry when nobody failed or was unanswered', async () => {
    const batchId = await seedBatch(test.db, workspace, { status: 'COMPLETED', recipients: 1 });
    await setStates(batchId, ['COMPLETED:ANSWERED']);
    expect(await change(batchId, 'retry')).toMatchObject({ result: 'NOTHING_TO_RETRY', status: 'COMPLETED' });
  });
});

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
    const taken = await Promise.all([takeDueBatches(test.db.pool, 50), takeDueBatches(test.db.pool, 50)]);
    expect(
      taken
        .flat()
        .filter((id) => mine.includes(id))
        .sort(),
    ).toEqual(mine.sort());
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
