import type { Outcome } from '../../../domain/calls/outcomes.js';
import type { CallFact } from '../../../domain/calls/call-fact.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { takeUnsettled } from '../../../store/attempts/settle-attempts.js';
import { doChunkWork } from '../../../store/batches/sweep-rows.js';
import { doubtCall } from '../../../store/calls/answer-call.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { acceptCall, claim, claimOne, lane, readAttempt, seedWorkspace, type Workspace } from '../../support/seed.js';
import { cancelBatch } from '../support/cancel-batch.js';
import { fact } from '../support/facts.js';
import { seedOpenBatch, standStill, type StandingClock } from '../support/standing-clock.js';

let test: TestDatabase;
let clock: StandingClock;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await standStill(test.db);
});
beforeEach(async () => {
  await clock.pass(3_600_000);
  workspace = await seedWorkspace(test.db, { callLengthMaxMs: 60_000 });
  batchId = await seedOpenBatch(test.db, workspace, clock);
});
afterAll(() => test.drop());

const recipient = async () => (await test.db.prisma.recipientState.findMany({ where: { batchId } }))[0]!;
const tell = (attemptId: string, outcome: Outcome, overrides: Partial<CallFact> = {}) => {
  const occurredAt = new Date(clock.nowMs());
  const told = { callId: `call of ${attemptId}`, occurredAt, outcome, endReason: 'as told', ...overrides };
  return recordFacts(test.db.pool, workspace.providerAccountId, [fact(attemptId, told)]);
};
const nextAnswer = async () => (await claim(test.db, workspace, [lane(batchId)]))[0];

describe('hanging up', () => {
  const due = async () => (await takeUnsettled(test.db.pool, 10, 1_000)).filter((attempt) => attempt.hangUpCallId);

  it('gives the settler the live calls of a batch that is cancelled with hangUp, and those that are accepted later', async () => {
    await test.db.pool.query(`SELECT insert_recipients($1, NULL, '[{"phone": "+12025559999"}]')`, [batchId]);
    const live = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, live.id, 'call-1');
    const dialing = await claimOne(test.db, workspace, batchId);
    await cancelBatch(test.db, workspace, batchId, { hangUp: true });
    for (let more = true; more;) more = await doChunkWork(test.db.pool, batchId);
    expect(await due()).toMatchObject([{ attemptId: live.id, hangUpCallId: 'call-1' }]);
    await acceptCall(test.db.pool, dialing.id, 'call-2');
    expect(await due()).toMatchObject([{ attemptId: dialing.id, hangUpCallId: 'call-2' }]);
  });

  it('is asked again until the call has ended', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    await test.db.pool.query('SELECT request_hang_up($1, $2, $3)', [workspace.workspaceId, call.id, '"test"']);
    expect(await due()).toHaveLength(1);
    expect(await due()).toHaveLength(0);
    await clock.pass(1_100);
    expect(await due()).toHaveLength(1);
    await tell(call.id, 'CANCELLED', { callId: 'call-1' });
    await clock.pass(1_100);
    expect(await due()).toHaveLength(0);
    expect((await recipient()).state).toBe('CANCELLED');
  });
});

describe("an operator's verdict", () => {
  const give = async (attemptId: string, verdict: string, outcome: string | null = null) => {
    const { rows } = await test.db.pool.query('SELECT * FROM give_verdict($1, $2, $3, $4, $5, NULL)', [
      workspace.workspaceId,
      attemptId,
      verdict,
      outcome,
      '"test"',
    ]);
    return rows[0];
  };
  const uncertain = async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
    return call;
  };

  it.each([
    ['CALLED', 'ANSWERED', 'COMPLETED'],
    ['CALLED', 'BUSY', 'NO_ANSWER'],
    ['GIVE_UP', null, 'UNCERTAIN'],
  ])('%s as %s settles the recipient as %s and keeps the slot until the hard end', async (verdict, outcome, state) => {
    const call = await uncertain();
    expect(await give(call.id, verdict, outcome)).toMatchObject({ result: 'GIVEN', state: 'ENDED' });
    expect((await recipient()).state).toBe(state);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ byVerdict: true, slotHeld: true });
    await clock.pass(10 * 60_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'ENDED', slotHeld: false, settleAt: null });
  });

  it('NOT_CALLED calls the recipient again, but not while the slot of the first call is held', async () => {
    const call = await uncertain();
    expect(await give(call.id, 'NOT_CALLED')).toMatchObject({ result: 'GIVEN', state: 'NOT_PLACED' });
    expect(await recipient()).toMatchObject({ state: 'WAITING', attemptsSpent: 0 });
    expect((await nextAnswer())?.verdict).toBe('END');
    await clock.pass(10 * 60_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    expect((await nextAnswer())?.verdict).toBe('CLAIMED');
  });

  it('is refused for an attempt that is not uncertain, and for that of another workspace', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(await give(call.id, 'GIVE_UP')).toMatchObject({ result: 'NOT_UNCERTAIN', state: 'DIALING' });
    workspace = { ...workspace, workspaceId: (await seedWorkspace(test.db)).workspaceId };
    expect(await give(call.id, 'GIVE_UP')).toMatchObject({ result: 'NOT_FOUND' });
  });

  it.each(['NOT_CALLED', 'GIVE_UP', 'CALLED'])('%s is corrected by later evidence', async (verdict) => {
    const call = await uncertain();
    await give(call.id, verdict, verdict === 'CALLED' ? 'BUSY' : null);
    await tell(call.id, 'ANSWERED');
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'ENDED',
      outcome: 'ANSWERED',
      byVerdict: false,
      slotHeld: false,
    });
    expect(await recipient()).toMatchObject({ state: 'COMPLETED', attemptsSpent: 1 });
  });
});
