import { takeUnsettled } from '../../../store/attempts/settle-attempts.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { hastenLooks, takeWebhooks } from '../../../store/webhooks/webhook-gaps.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { acceptCall, claimOne, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { fact } from '../support/facts.js';
import { standStill, type StandingClock } from '../support/standing-clock.js';

const GAP_MS = 2_500;
const POLL_MS = 120_000;
const SPREAD_MS = 3_000;

let test: TestDatabase;
let clock: StandingClock;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await standStill(test.db);
});
beforeEach(async () => {
  await test.db.pool.query(
    'UPDATE attempts SET slot_held = false, settle_at = NULL; DELETE FROM webhook_gaps; DELETE FROM api_heartbeat',
  );
  await clock.pass(3_600_000);
  workspace = await seedWorkspace(test.db);
  await takeWebhooks(test.db.pool, GAP_MS);
});
afterAll(() => test.drop());

/** Calls of one batch that the provider has accepted and that go on. */
async function startCalls(calls: number, area = '1202555'): Promise<string[]> {
  const batchId = await seedBatch(test.db, workspace, {
    phones: Array.from({ length: calls }, (_, index) => `+${area}${1000 + index}`),
    opening: { opensInMs: -60_000, closesInMs: 7 * 86_400_000 },
    startAt: new Date(clock.nowMs() - 1_000),
  });
  const ids: string[] = [];
  for (let call = 0; call < calls; call++) {
    const { id } = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, id, `call of ${id}`);
    ids.push(id);
  }
  return ids;
}

/** In how many milliseconds each call is looked at next. */
async function nextLooks(ids: readonly string[]): Promise<number[]> {
  const attempts = await test.db.prisma.attempt.findMany({ where: { id: { in: [...ids] } } });
  return attempts.map(({ settleAt }) => (settleAt?.getTime() ?? NaN) - clock.nowMs());
}
const hasten = (kindsWithPages: string[] = []) => hastenLooks(test.db.pool, 5_000, kindsWithPages);
const takeIds = async () => (await takeUnsettled(test.db.pool, 200, 15_000)).map(({ attemptId }) => attemptId).sort();
const tellEnd = (attemptId: string, agoMs: number) =>
  recordFacts(test.db.pool, workspace.providerAccountId, [
    fact(attemptId, { callId: `call of ${attemptId}`, occurredAt: new Date(clock.nowMs() - agoMs) }),
  ]);

describe('when no API process took webhooks for a while', () => {
  it('live calls are looked up at once, spread over three seconds, each once', async () => {
    const calls = await startCalls(12);
    await clock.pass(18_000);
    expect(await takeWebhooks(test.db.pool, GAP_MS)).toBe(18_000);
    expect(await hasten()).toBe(12);
    const looks = await nextLooks(calls);
    for (const lookMs of looks) {
      expect(lookMs).toBeGreaterThanOrEqual(0);
      expect(lookMs).toBeLessThanOrEqual(SPREAD_MS);
    }
    expect(Math.max(...looks) - Math.min(...looks)).toBeGreaterThan(SPREAD_MS / 3);
    expect(await hasten()).toBe(0);
    await clock.pass(SPREAD_MS);
    await takeWebhooks(test.db.pool, 5_000);
    expect(await takeIds()).toEqual([...calls].sort());
    expect(await hasten()).toBe(0);
    expect(await nextLooks(calls)).toEqual(calls.map(() => POLL_MS));
  });

  it('are looked up within three seconds, however many they are, where one question is about many', async () => {
    const calls = await startCalls(12);
    await clock.pass(18_000);
    await takeWebhooks(test.db.pool, GAP_MS);
    await test.db.pool.query('UPDATE webhook_gaps SET spread_ms = 40000');
    expect(await hasten(['another kind'])).toBe(12);
    expect(Math.max(...(await nextLooks(calls)))).toBeGreaterThan(SPREAD_MS);
    await test.db.pool.query('UPDATE webhook_gaps SET is_open = true');
    expect(await hasten(['another kind', 'simulator'])).toBeGreaterThan(0);
    expect(Math.max(...(await nextLooks(calls)))).toBeLessThanOrEqual(SPREAD_MS);
  });

  it('repeating the moves of looks changes nothing, and leaves alone what was looked at meanwhile', async () => {
    const calls = await startCalls(6);
    await clock.pass(18_000);
    await takeWebhooks(test.db.pool, GAP_MS);
    await hasten();
    const first = await nextLooks(calls);
    await test.db.pool.query('UPDATE webhook_gaps SET is_open = true');
    expect(await hasten()).toBe(0);
    expect(await nextLooks(calls)).toEqual(first);
    await clock.pass(SPREAD_MS);
    await takeWebhooks(test.db.pool, 5_000);
    await takeIds();
    await test.db.pool.query('UPDATE webhook_gaps SET is_open = true');
    expect(await hasten()).toBe(0);
  });

  it('calls that started afterwards, and accounts that are polled anyway, are left alone', async () => {
    const before = await startCalls(2);
    await clock.pass(18_000);
    await takeWebhooks(test.db.pool, GAP_MS);
    await clock.pass(10);
    const after = await startCalls(2, '1202556');
    expect(await hasten()).toBe(2);
    expect(Math.max(...(await nextLooks(before)))).toBeLessThanOrEqual(SPREAD_MS);
    expect(await nextLooks(after)).toEqual([POLL_MS, POLL_MS]);

    workspace = await seedWorkspace(test.db);
    await test.db.pool.query('UPDATE provider_accounts SET poll_interval_ms = 5000 WHERE id = $1', [
      workspace.providerAccountId,
    ]);
    await startCalls(2);
    await clock.pass(4_000);
    expect(await takeWebhooks(test.db.pool, GAP_MS)).toBe(4_010);
    expect(await test.db.prisma.webhookGap.count({ where: { providerAccountId: workspace.providerAccountId } })).toBe(
      0,
    );
  });

  it('a call that somebody is just writing is looked up all the same, a moment later', async () => {
    const [held = ''] = await startCalls(3);
    await clock.pass(18_000);
    await takeWebhooks(test.db.pool, GAP_MS);
    const holder = await test.db.pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT FROM attempts WHERE id = $1 FOR UPDATE', [held]);
      expect(await hasten()).toBe(2);
      await holder.query('COMMIT');
    } finally {
      holder.release();
    }
    expect(await hasten()).toBe(1);
    expect(Math.max(...(await nextLooks([held])))).toBeLessThanOrEqual(SPREAD_MS);
  });

  it('processes that start at the same time see one gap', async () => {
    await startCalls(1);
    await clock.pass(18_000);
    const gaps = await Promise.all(Array.from({ length: 8 }, () => takeWebhooks(test.db.pool, GAP_MS)));
    expect(gaps.filter((gapMs) => gapMs !== null)).toEqual([18_000]);
  });

  it('live calls are looked up every ten seconds until one takes them again', async () => {
    const calls = await startCalls(3);
    const looked: number[] = [];
    for (let second = 0; second < 30; second++) {
      await clock.pass(1_000);
      await hasten();
      looked.push((await takeIds()).length);
    }
    expect(looked.slice(0, 4)).toEqual([0, 0, 0, 0]);
    const total = looked.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThanOrEqual(2 * calls.length);
    expect(total).toBeLessThanOrEqual(3 * calls.length);
  });
});

it('as long as one of several API processes takes webhooks, no look is moved', async () => {
  const calls = await startCalls(2);
  for (let second = 0; second < 20; second++) {
    await clock.pass(1_000);
    expect(await takeWebhooks(test.db.pool, GAP_MS)).toBeNull();
    expect(await hasten()).toBe(0);
  }
  expect(await nextLooks(calls)).toEqual([POLL_MS - 20_000, POLL_MS - 20_000]);
});

it('goes on seeing gaps after the clock of PostgreSQL went back', async () => {
  await test.db.pool.query(`UPDATE api_heartbeat SET heard_at = dialwright_now() + interval '1 hour'`);
  expect(await takeWebhooks(test.db.pool, GAP_MS)).toBeNull();
  await clock.pass(18_000);
  expect(await takeWebhooks(test.db.pool, GAP_MS)).toBe(18_000);
});

describe('an end that is told long after it', () => {
  it('is a sign that webhooks were missed: the other live calls of the account are looked up', async () => {
    const [first = '', ...others] = await startCalls(4);
    await clock.pass(20_000);
    await takeWebhooks(test.db.pool, 60_000);
    await tellEnd(first, 10_500);
    expect(await hasten()).toBe(3);
    expect(Math.max(...(await nextLooks(others)))).toBeLessThanOrEqual(SPREAD_MS);
  });

  it('is one once a minute at most, because the clocks of provider and PostgreSQL differ', async () => {
    const calls = await startCalls(5);
    let moved = 0;
    for (const call of calls) {
      await clock.pass(12_000);
      await takeWebhooks(test.db.pool, 60_000);
      await tellEnd(call, 10_500);
      moved += await hasten();
      await takeIds();
    }
    expect(moved).toBe(4);
  });

  it('is none when it was told in time, nor when the attempt was over already', async () => {
    const [inTime = '', over = ''] = await startCalls(3);
    await clock.pass(20_000);
    await takeWebhooks(test.db.pool, 60_000);
    await tellEnd(inTime, 9_000);
    await tellEnd(over, 1_000);
    await tellEnd(over, 15_000);
    expect(await hasten()).toBe(0);
  });
});
