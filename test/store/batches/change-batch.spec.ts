import { ALLOWED_WHEN, BATCH_STATUSES, type BatchAction } from '../../../domain/batches/status.js';
import { changeBatch, type BatchChange } from '../../../store/changes/change-batch.js';
import { doChunkWork } from '../../../store/batches/sweep-rows.js';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
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
