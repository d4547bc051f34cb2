import { deferCall } from '../../../store/calls/answer-call.js';
import type { ClaimedCall } from '../../../store/claims/claim-calls.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { acceptCall, claim, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { standStill, type StandingClock } from '../support/standing-clock.js';

/** A number whose provider takes no more calls: it pauses, then its live calls have a ceiling that rises by itself. */
let test: TestDatabase;
let workspace: Workspace;
let clock: StandingClock;
let phones = 1_000;
let calls = 0;
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await standStill(test.db);
});
beforeEach(async () => {
  await clock.pass(3_600_000);
  workspace = await seedWorkspace(test.db, { concurrencyLimit: 50 });
});
afterAll(() => test.drop());

const PAUSE_MS = 2_000;
const seed = (recipients: number) =>
  seedBatch(test.db, workspace, {
    phones: Array.from({ length: recipients }, () => `+1202555${phones++}`),
    opening: { opensInMs: -60_000, closesInMs: 7 * 86_400_000 },
    startAt: new Date(clock.nowMs() - 1_000),
  });
const setNumber = (columns: string) =>
  test.db.pool.query(`UPDATE phone_numbers SET ${columns} WHERE id = $1`, [workspace.fromNumberId]);
const readNumber = () => test.db.prisma.phoneNumber.findUniqueOrThrow({ where: { id: workspace.fromNumberId } });

/** What lanes of these batches get when all of them ask in one claim. */
async function claimAll(batchIds: readonly string[], each = 8): Promise<{ calls: ClaimedCall[]; reasons: string[] }> {
  const asked = batchIds.flatMap((id) => Array.from({ length: each }, () => lane(id)));
  const answers = await claim(test.db, workspace, asked);
  return {
    calls: answers.flatMap((answer) => (answer.verdict === 'CLAIMED' ? [answer.call] : [])),
    reasons: [...new Set(answers.flatMap((answer) => (answer.verdict === 'WAIT' ? [answer.reason] : [])))],
  };
}
const accept = (call: ClaimedCall) => acceptCall(test.db.pool, call.id, `call-${++calls}`);
const refuse = ({ id, dialToken }: ClaimedCall, retryAfterMs: number | null = null) =>
  deferCall(test.db.pool, { attemptId: id, dialToken, deferral: 'capacity', endReason: '429', retryAfterMs });
async function claimOne(batchId: string): Promise<ClaimedCall> {
  const [call] = (await claimAll([batchId], 1)).calls;
  if (!call) throw new Error('no call was claimed');
  return call;
}
async function waitOf(batchId: string) {
  const [answer] = await claim(test.db, workspace, [lane(batchId)]);
  return answer as { verdict: string; reason?: string; untilMs?: number | null };
}
const endCalls = (count: number) =>
  test.db.pool.query(
    `UPDATE attempts SET slot_held = false, state = 'ENDED', outcome = 'BUSY' WHERE id IN
       (SELECT id FROM attempts WHERE workspace_id = $1 AND slot_held ORDER BY dialing_at LIMIT $2)`,
    [workspace.workspaceId, count],
  );
/** A number with live calls that the provider took, and one that it has just refused; its pause is over. */
async function refusedBeside(live: number, recipients = 40): Promise<string> {
  const batchId = await seed(recipients);
  for (let call = 0; call < live; call++) await accept(await claimOne(batchId));
  await refuse(await claimOne(batchId));
  await clock.pass(PAUSE_MS);
  return batchId;
}

describe('the pause', () => {
  it('backs off 2 s, doubling with each refusal, and spends nothing', async () => {
    const batchId = await seed(1);
    for (const expectedMs of [2_000, 4_000, 8_000]) {
      await refuse(await claimOne(batchId));
      const { reason, untilMs } = await waitOf(batchId);
      expect({ reason, untilMs }).toEqual({ reason: 'NUMBER_BACKOFF', untilMs: expectedMs });
      await clock.pass(expectedMs);
    }
    const [row] = await test.db.prisma.recipientState.findMany({ where: { batchId } });
    expect(row).toMatchObject({ state: 'WAITING', attemptsSpent: 0, attemptCount: 3 });
  });

  it('waits as long as the provider says', async () => {
    const batchId = await seed(1);
    await refuse(await claimOne(batchId), 30_000);
    expect((await waitOf(batchId)).untilMs).toBe(30_000);
  });

  it('counts requests that were under way together once', async () => {
    const batchId = await seed(3);
    const together = [await claimOne(batchId), await claimOne(batchId)];
    for (const call of together) await refuse(call);
    expect((await waitOf(batchId)).untilMs).toBe(PAUSE_MS);
  });
});

describe('the trial after the pause', () => {
  it('is one call at a time, over all batches that ask together', async () => {
    await refusedBeside(0, 1);
    const batches = await Promise.all(Array.from({ length: 5 }, () => seed(3)));
    const first = await claimAll(batches, 2);
    expect(first).toMatchObject({ calls: [{}], reasons: ['NUMBER_BACKOFF'] });
    expect((await claimAll(batches, 2)).calls).toEqual([]);
  });

  it('is followed by another one, and no more, when its request did not leave', async () => {
    await refusedBeside(0, 1);
    const batches = [await seed(3), await seed(3)];
    const [trial] = (await claimAll(batches)).calls;
    await test.db.pool.query(
      `UPDATE attempts SET slot_held = false, spends_attempt = false, state = 'RELEASED' WHERE id = $1`,
      [trial!.id],
    );
    expect((await claimAll(batches)).calls).toHaveLength(1);
  });

  it('lets the next refusal pause the number for 2 s again once one is accepted', async () => {
    const batchId = await refusedBeside(0);
    await refuse(await claimOne(batchId));
    await clock.pass(2 * PAUSE_MS);
    await accept(await claimOne(batchId));
    await refuse(await claimOne(batchId));
    expect((await waitOf(batchId)).untilMs).toBe(PAUSE_MS);
  });
});

describe('the ceiling', () => {
  it('begins at one call and rises by one after as many accepted calls as it allows', async () => {
    const batchId = await refusedBeside(0);
    const ceilings: (number | null)[] = [];
    for (let accepted = 0; accepted < 6; accepted++) {
      await endCalls(1);
      await accept(await claimOne(batchId));
      ceilings.push((await readNumber()).callCeiling);
    }
    // One accepted: 2. Two more: 3. Three more: 4.
    expect(ceilings).toEqual([2, 2, 3, 3, 3, 4]);
    expect(await claimAll([batchId])).toMatchObject({ calls: { length: 3 }, reasons: ['NUMBER_BACKOFF'] });
  });

  it('is half of the calls that were live with the one that was refused', async () => {
    const batchId = await refusedBeside(9);
    expect(await waitOf(batchId)).toMatchObject({ reason: 'NUMBER_BACKOFF' });
    await endCalls(6);
    await accept(await claimOne(batchId));
    expect((await claimAll([batchId])).calls).toHaveLength(1);
  });

  it('follows what stayed when many requests were refused together', async () => {
    const batchId = await seed(40);
    const { calls: together } = await claimAll([batchId], 16);
    for (const call of together.slice(0, 3)) await accept(call);
    for (const call of together.slice(3)) await refuse(call);
    expect((await readNumber()).callCeiling).toBe(2);
  });

  it('is not raised twice by one call, however often its answer comes', async () => {
    const batchId = await refusedBeside(0);
    const call = await claimOne(batchId);
    for (let times = 0; times < 5; times++) await acceptCall(test.db.pool, call.id, 'call-same');
    expect(await readNumber()).toMatchObject({ callCeiling: 2, ceilingAccepted: 0 });
  });

  it('is not raised by a call that was dialled before the pause', async () => {
    const batchId = await seed(10);
    const before = await claimOne(batchId);
    await refuse(await claimOne(batchId));
    await accept(before);
    expect(await readNumber()).toMatchObject({ callCeiling: 1, ceilingAccepted: 0, backoffMs: 2_000 });
  });

  it('lets one call at a time above it after 5 minutes without a refusal, and says so', async () => {
    const batchId = await refusedBeside(1);
    expect(await waitOf(batchId)).toMatchObject({ reason: 'NUMBER_BACKOFF', untilMs: 300_000 });
    await clock.pass(300_000);
    const [trial] = (await claimAll([batchId])).calls;
    expect((await claimAll([batchId])).calls).toEqual([]);
    await accept(trial!);
    expect((await claimAll([batchId])).calls).toHaveLength(1);
  });

  it.each([
    ['the number', 'concurrency_limit = 3'],
    ['the workspace', ''],
  ])('goes when it is as high as the limit of %s', async (_what, limit) => {
    if (limit) await setNumber(limit);
    else await test.db.pool.query('UPDATE workspaces SET concurrency_limit = 3 WHERE id = $1', [workspace.workspaceId]);
    const batchId = await refusedBeside(0);
    for (let accepted = 0; accepted < 3; accepted++) {
      await accept(await claimOne(batchId));
      await endCalls(1);
    }
    expect((await readNumber()).callCeiling).toBeNull();
    expect((await claimAll([batchId])).calls).toHaveLength(3);
  });
});
