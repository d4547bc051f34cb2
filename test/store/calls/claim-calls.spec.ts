import { randomUUID } from 'node:crypto';
import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  claim,
  claimOne,
  lane,
  openBatch,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';

describe('claimCalls', () => {
  let test: TestDatabase;
  let workspace: Workspace;
  beforeAll(async () => {
    test = await createTestDatabase();
  });
  beforeEach(async () => {
    workspace = await seedWorkspace(test.db);
  });
  afterAll(() => test.drop());

  const reasonOf = async (batchId: string): Promise<string> => {
    const [answer] = await claim(test.db, workspace, [lane(batchId)]);
    return answer?.verdict === 'WAIT' || answer?.verdict === 'END'
      ? `${answer.verdict} ${answer.reason}`
      : String(answer?.verdict);
  };

  it('gives recipients in the order they were added, each to one lane', async () => {
    const batchId = await seedBatch(test.db, workspace, { phones: ['+12025550111', '+12025550112', '+12025550113'] });
    const answers = await claim(test.db, workspace, [lane(batchId), lane(batchId)]);
    expect(answers.map((answer) => answer.verdict === 'CLAIMED' && answer.call.to)).toEqual([
      '+12025550111',
      '+12025550112',
    ]);
    expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'WAITING']);
  });

  it('says how many more calls could start', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 5 });
    const [answer] = await claim(test.db, workspace, [lane(batchId)]);
    expect(answer).toMatchObject({ verdict: 'CLAIMED', couldStart: 4 });
  });

  it('never gives a claim key a second attempt', async () => {
    const batchId = await seedBatch(test.db, workspace);
    const repeated = lane(batchId);
    await claim(test.db, workspace, [repeated]);
    const [again] = await claim(test.db, workspace, [{ ...repeated, dialToken: randomUUID() }]);
    expect(again).toMatchObject({ verdict: 'REPEATED', attempt: { state: 'DIALING' } });
    expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'WAITING', 'WAITING']);
  });

  it('gives one of two lanes with the same key the call, and ends the other', async () => {
    const batchId = await seedBatch(test.db, workspace);
    const first = lane(batchId);
    const answers = await claim(test.db, workspace, [first, { ...first, dialToken: randomUUID() }, lane(batchId)]);
    expect(answers.map((answer) => answer.verdict)).toEqual(['CLAIMED', 'END', 'CLAIMED']);
  });

  it("keeps an account's own ring lead from the end of the opening, and says so to the run", async () => {
    await test.db.pool.query('UPDATE provider_accounts SET ring_lead_ms = 20000 WHERE workspace_id = $1', [
      workspace.workspaceId,
    ]);
    const batchId = await seedBatch(test.db, workspace, { opening: { opensInMs: -60_000, closesInMs: 10_000 } });
    expect(await reasonOf(batchId)).toBe('END OUTSIDE_HOURS');
    expect(await lookAtBatch(test.db.pool, batchId, 250)).toMatchObject({ reason: 'OUTSIDE_HOURS' });
  });

  it.each([
    ['PAUSED', 'END PAUSED'],
    ['CANCELLED', 'END CANCELLED'],
    ['SCHEDULED', 'END SCHEDULED'],
    ['PENDING', 'END PENDING'],
    ['COMPLETED', 'END COMPLETED'],
  ] as const)('claims nothing for a batch that is %s', async (status, expected) => {
    expect(await reasonOf(await seedBatch(test.db, workspace, { status }))).toBe(expected);
  });

  it('claims nothing for a lane of an older generation or of an earlier run', async () => {
    const batchId = await seedBatch(test.db, workspace);
    await test.db.pool.query('UPDATE batches SET generation = 2, lane_epoch = 3 WHERE id = $1', [batchId]);
    const answers = await claim(test.db, workspace, [
      lane(batchId, { laneEpoch: 3 }),
      lane(batchId, { generation: 2, laneEpoch: 1 }),
      lane(batchId, { generation: 2, laneEpoch: 3 }),
    ]);
    expect(answers.map((answer) => answer.verdict)).toEqual(['END', 'END', 'CLAIMED']);
    expect(answers[1]).toMatchObject({ reason: 'LEFT_BEHIND' });
  });

  it('tells a lane of the run before, which may go on until others are there, that the run has continued as new', async () => {
    const batchId = await seedBatch(test.db, workspace);
    await test.db.pool.query('UPDATE batches SET lane_epoch = 3 WHERE id = $1', [batchId]);
    const [answer] = await claim(test.db, workspace, [lane(batchId, { laneEpoch: 2 })]);
    expect(answer).toMatchObject({ verdict: 'CLAIMED', call: { laneEpoch: 3 } });
  });

  it('claims nothing outside the openings and says when the next one begins', async () => {
    const batchId = await seedBatch(test.db, workspace, { opening: { opensInMs: 60_000, closesInMs: 120_000 } });
    const [answer] = await claim(test.db, workspace, [lane(batchId)]);
    expect(answer).toMatchObject({ verdict: 'END', reason: 'OUTSIDE_HOURS' });
    expect(answer?.verdict === 'END' && answer.untilMs).toBeGreaterThan(55_000);
    expect(answer?.verdict === 'END' && answer.untilMs).toBeLessThanOrEqual(60_000);
  });

  it('claims nothing that would ring after the opening has closed', async () => {
    expect(
      await reasonOf(await seedBatch(test.db, workspace, { opening: { opensInMs: -60_000, closesInMs: 2_000 } })),
    ).toBe('END OUTSIDE_HOURS');
    expect(
      await reasonOf(await seedBatch(test.db, workspace, { opening: { opensInMs: -60_000, closesInMs: 5_000 } })),
    ).toBe('CLAIMED');
  });

  it('uses the openings of the newest config version only', async () => {
    const batchId = await seedBatch(test.db, workspace);
    await test.db.pool.query('UPDATE batches SET hours_version = 2 WHERE id = $1', [batchId]);
    expect(await reasonOf(batchId)).toBe('END OUTSIDE_HOURS');
    await openBatch(test.db, batchId, { opensInMs: -1_000, closesInMs: 60_000 });
    expect(await reasonOf(batchId)).toBe('CLAIMED');
  });

  it('stops at the limit of the workspace, over all its batches', async () => {
    await test.db.pool.query('UPDATE workspaces SET concurrency_limit = 3 WHERE id = $1', [workspace.workspaceId]);
    const first = await seedBatch(test.db, workspace, { phones: ['+12025550111', '+12025550112'] });
    const second = await seedBatch(test.db, workspace, { phones: ['+12025550113', '+12025550114'] });
    const answers = await claim(test.db, workspace, [lane(first), lane(first), lane(second), lane(second)]);
    expect(answers.filter((answer) => answer.verdict === 'CLAIMED')).toHaveLength(3);
    expect(await reasonOf(second)).toBe('WAIT WORKSPACE_LIMIT');
  });

  it('stops at the limit of the batch', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 3, concurrencyLimit: 2 });
    const answers = await claim(test.db, workspace, [lane(batchId), lane(batchId), lane(batchId)]);
    expect(answers.map((answer) => answer.verdict)).toEqual(['CLAIMED', 'CLAIMED', 'WAIT']);
    expect(answers[2]).toMatchObject({ reason: 'BATCH_LIMIT' });
  });

  it('does not call a number that is in a call already, and does not let it block the others', async () => {
    const batchId = await seedBatch(test.db, workspace, { phones: ['+12025550111', '+12025550111', '+12025550112'] });
    expect((await claimOne(test.db, workspace, batchId)).to).toBe('+12025550111');
    expect((await claimOne(test.db, workspace, batchId)).to).toBe('+12025550112');
    const rows = await test.db.prisma.recipientState.findMany({ where: { batchId }, orderBy: { ordinal: 'asc' } });
    expect(rows[1]).toMatchObject({ state: 'WAITING', waitReason: 'NUMBER_IN_CALL', attemptCount: 0 });
  });

  it('never calls a suppressed number', async () => {
    const batchId = await seedBatch(test.db, workspace, { phones: ['+12025550111', '+12025550112'] });
    await test.db.prisma.suppression.create({
      data: { workspaceId: workspace.workspaceId, phone: '+12025550111', phoneKey: '+12025550111' },
    });
    await claim(test.db, workspace, [lane(batchId), lane(batchId)]);
    expect(await recipientStates(test.db, batchId)).toEqual(['SUPPRESSED', 'IN_PROGRESS']);
  });

  it('fails a recipient whose last instant has passed, without a call', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
    await test.db.pool.query(
      `UPDATE recipient_states SET not_after = dialwright_now() + interval '1 s' WHERE batch_id = $1`,
      [batchId],
    );
    expect(await reasonOf(batchId)).toBe('END SETTLED');
    expect(await recipientStates(test.db, batchId)).toEqual(['FAILED']);
  });

  it.each([
    ['the workspace is stopped', `UPDATE workspaces SET stopped_at = now()`, 'END WORKSPACE_STOPPED'],
    ['the number is disabled', `UPDATE phone_numbers SET disabled_at = now()`, 'END NUMBER_DISABLED'],
    ['the number takes no outbound calls any more', `UPDATE phone_numbers SET outbound = false`, 'END NUMBER_DISABLED'],
    ['the provider account is disabled', `UPDATE provider_accounts SET disabled_at = now()`, 'END NUMBER_DISABLED'],
    ['the agent is disabled', `UPDATE agents SET disabled_at = now()`, 'END AGENT_DISABLED'],
  ])('claims nothing when %s', async (_, sql, expected) => {
    const batchId = await seedBatch(test.db, workspace);
    await test.db.pool.query(sql + (sql.includes('workspaces') ? ' WHERE id = $1' : ' WHERE workspace_id = $1'), [
      workspace.workspaceId,
    ]);
    expect(await reasonOf(batchId)).toBe(expected);
  });

  it('lets one lane wait for the last calls and sends the others home', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
    await claimOne(test.db, workspace, batchId);
    const answers = await claim(test.db, workspace, [lane(batchId), lane(batchId)]);
    expect(answers).toMatchObject([
      { verdict: 'WAIT', reason: 'CALLS_IN_PROGRESS' },
      { verdict: 'END', reason: 'CALLS_IN_PROGRESS' },
    ]);
  });
});
