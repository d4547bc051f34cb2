import type { CallFact } from '../../../domain/calls/call-fact.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { noteAbsent, takeUnsettled } from '../../../store/attempts/settle-attempts.js';
import { giveVerdict } from '../../../store/attempts/give-verdict.js';
import { doubtCall } from '../../../store/calls/answer-call.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  acceptCall,
  claim,
  claimOne,
  lane,
  readAttempt,
  recipientStates,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';
import { fact, started } from '../support/facts.js';
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

const tell = (told: CallFact) =>
  recordFacts(test.db.pool, workspace.providerAccountId, [{ ...told, occurredAt: new Date(clock.nowMs()) }]);
const later = (column: string, attemptId: string) =>
  test.db.pool.query(`UPDATE attempts SET ${column} = dialwright_now() - interval '1 ms' WHERE id = $1`, [attemptId]);
const states = () => recipientStates(test.db, batchId);

describe('settling', () => {
  const take = async (mine: string) => {
    const taken = await takeUnsettled(test.db.pool, 100, 1_000);
    return taken.filter(({ attemptId }) => attemptId === mine).map(({ state }) => state);
  };

  it('doubts a dial whose deadline has passed, and gives it to one settler at a time', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(await take(call.id)).toEqual([]);
    await later('settle_at', call.id);
    expect(await take(call.id)).toEqual(['UNCERTAIN']);
    expect(await take(call.id)).toEqual([]);
    expect(await doubtCall(test.db.pool, call.id, call.dialToken, 'late')).toBe(false);
  });

  it('takes two absents a settle delay apart for NOT_PLACED, and one more before the recipient may be called', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'timeout');
    const absent = () => noteAbsent(test.db.pool, call.id, 5_000, 60_000);
    expect(await absent()).toBe('UNCERTAIN');
    expect(await absent()).toBe('UNCERTAIN');
    await test.db.pool.query(`UPDATE attempts SET absent_at = absent_at - interval '5 s' WHERE id = $1`, [call.id]);
    expect(await absent()).toBe('NOT_PLACED');
    expect(await readAttempt(test.db, call.id)).toMatchObject({ slotHeld: false, spendsAttempt: false });
    const [waiting] = await claim(test.db, workspace, [lane(batchId)]);
    expect(waiting).toMatchObject({ verdict: 'WAIT', reason: 'NOT_DUE' });
    await absent();
    expect((await claimOne(test.db, workspace, batchId)).id).not.toBe(call.id);
  });

  it('shows a recipient as uncertain, for a verdict, when the provider cannot be asked a third time until the hard end', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'timeout');
    await noteAbsent(test.db.pool, call.id, 0, 60_000);
    expect(await noteAbsent(test.db.pool, call.id, 0, 60_000)).toBe('NOT_PLACED');
    expect(await states()).toEqual(['WAITING']);
    const asked: string[] = [];
    for (let minute = 0; minute < 15; minute++) {
      await clock.pass(60_000);
      asked.push(...(await take(call.id)));
    }
    expect(asked.length).toBeGreaterThanOrEqual(9);
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'UNCERTAIN',
      slotHeld: false,
      settleAt: null,
      spendsAttempt: true,
    });
    const [recipient] = await test.db.prisma.recipientState.findMany({ where: { batchId } });
    expect(recipient).toMatchObject({ state: 'UNCERTAIN', waitReason: null, attemptsSpent: 1 });
    const verdict = { workspaceId: workspace.workspaceId, attemptId: call.id, actor: 'test', commandId: null };
    expect(await giveVerdict(test.db.pool, { ...verdict, verdict: 'NOT_CALLED', outcome: null })).toMatchObject({
      result: 'GIVEN',
    });
    expect((await claimOne(test.db, workspace, batchId)).id).not.toBe(call.id);
  });

  it('never calls an attempt absent that has a call id or a fact', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'timeout');
    await noteAbsent(test.db.pool, call.id, 0, 0);
    await tell(started(call.id));
    expect(await noteAbsent(test.db.pool, call.id, 0, 0)).toBe('IN_PROGRESS');
    expect(await states()).toEqual(['IN_PROGRESS']);
  });

  it('frees the slot of a call past its hard end and shows its recipient as uncertain, until its end is told', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    await later('hard_end_at', call.id);
    await later('settle_at', call.id);
    expect(await take(call.id)).toEqual(['UNCERTAIN']);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: false });
    expect(await states()).toEqual(['UNCERTAIN']);
    await tell(fact(call.id));
    expect(await states()).toEqual(['COMPLETED']);
  });
});

describe('a live call of which nothing is heard', () => {
  it('holds its slot until its hard end at most, though the provider never hangs it up', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    await test.db.pool.query('SELECT request_hang_up($1, $2, $3)', [workspace.workspaceId, call.id, '"test"']);
    const asked = [];
    for (let minute = 0; minute < 10; minute++) {
      asked.push(...(await takeUnsettled(test.db.pool, 10, 15_000)).filter(({ attemptId }) => attemptId === call.id));
      await clock.pass(60_000);
    }
    const live = asked.filter(({ state }) => state === 'IN_PROGRESS');
    expect(live.length).toBeGreaterThan(1);
    expect(live.every(({ hangUpCallId }) => hangUpCallId === 'call-1')).toBe(true);
    // Asked about a little longer, and hung up no more.
    const past = asked.slice(live.length);
    expect(past.length).toBeLessThanOrEqual(2);
    expect(past.every(({ state, hangUpCallId }) => state === 'UNCERTAIN' && hangUpCallId === null)).toBe(true);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: false, settleAt: null });
    expect(await states()).toEqual(['UNCERTAIN']);
  });

  it('is looked up as often as its account says, until its hard end', async () => {
    await test.db.pool.query('UPDATE provider_accounts SET poll_interval_ms = 30000 WHERE id = $1', [
      workspace.providerAccountId,
    ]);
    const call = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, call.id, 'call-1');
    const take = async () =>
      (await takeUnsettled(test.db.pool, 100, 1_000)).filter(({ attemptId }) => attemptId === call.id);
    expect(await take()).toEqual([]);
    for (const _ of [1, 2]) {
      await clock.pass(30_100);
      expect(await take()).toMatchObject([{ state: 'IN_PROGRESS', hangUpCallId: null }]);
    }
    await clock.pass(10 * 60_000);
    expect(await take()).toMatchObject([{ state: 'UNCERTAIN', hangUpCallId: null }]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: false });
    expect(await states()).toEqual(['UNCERTAIN']);
    await clock.pass(60_000);
    await take();
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', settleAt: null });
  });

  it('is given a whole call length when it shows up after its hard end', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
    await clock.pass(10 * 60_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    await tell(started(call.id));
    await clock.pass(1_000);
    await takeUnsettled(test.db.pool, 10, 1_000);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'IN_PROGRESS', slotHeld: true });
  });
});
