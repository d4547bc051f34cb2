import { bindClock } from '../../support/bind-clock.js';
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
let clock: { set(nowMs: number): Promise<void> };
let nowMs = Date.UTC(2026, 5, 1, 9);
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await bindClock(test.db, { stands: true });
});
beforeEach(async () => {
  await passTime(3_600_000);
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

async function passTime(ms: number): Promise<void> {
  nowMs += ms;
  await clock.set(nowMs);
}

const openFor = { opensInMs: -60_000, closesInMs: 7 * 86_400_000 };
const seed = (options: Parameters<typeof seedBatch>[2] = {}) =>
  seedBatch(test.db, workspace, { opening: openFor, startAt: new Date(nowMs - 1_000), ...options });
const phonesFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `+1202555${first + index}`);
const setWorkspace = (columns: string) =>
  test.db.pool.query(`UPDATE workspaces SET ${columns} WHERE id = $1`, [workspace.workspaceId]);
const setNumber = (columns: string) =>
  test.db.pool.query(`UPDATE phone_numbers SET ${columns} WHERE id = $1`, [workspace.fromNumberId]);
const setBatch = (id: string, columns: string) =>
  test.db.pool.query(`UPDATE batches SET ${columns} WHERE id = $1`, [id]);
const lanes = (batchId: string, count: number) => Array.from({ length: count }, () => lane(batchId));

/** How many lanes got a call, and what the others were told. */
async function claimMany(batchIds: readonly string[], each: number): Promise<{ claimed: number[]; reasons: string[] }> {
  const asked = batchIds.flatMap((id) => lanes(id, each));
  const answers = await claim(test.db, workspace, asked);
  const claimed = batchIds.map(
    (id) => answers.filter((answer, index) => answer.verdict === 'CLAIMED' && asked[index]?.batchId === id).length,
  );
  const reasons = answers.flatMap((answer) => (answer.verdict === 'WAIT' ? [answer.reason] : []));
  return { claimed, reasons: [...new Set(reasons)] };
}

describe('slots', () => {
  it("gives all batches of a number together no more calls than the number's limit", async () => {
    await setNumber('concurrency_limit = 3');
    const batches = [await seed({ phones: phonesFrom(1000, 5) }), await seed({ phones: phonesFrom(2000, 5) })];
    const first = await claimMany(batches, 4);
    expect(first.claimed[0]! + first.claimed[1]!).toBe(3);
    expect(await claimMany(batches, 4)).toMatchObject({ claimed: [0, 0], reasons: ['NUMBER_LIMIT'] });
  });

  it('keeps the largest reserve of the batches that run and are open free of batch calls', async () => {
    await setWorkspace('concurrency_limit = 6');
    const batchId = await seed({ recipients: 8 });
    await setBatch(batchId, 'reserved_concurrency = 4');
    const other = await seed({ phones: phonesFrom(2000, 8) });
    expect((await claimMany([batchId, other], 6)).claimed).toEqual([1, 1]);
    expect((await claimMany([batchId, other], 6)).reasons).toEqual(['WORKSPACE_LIMIT']);
  });

  it('keeps no reserve for a batch whose window is closed', async () => {
    await setWorkspace('concurrency_limit = 4');
    const closed = await seed({
      phones: phonesFrom(2000, 2),
      opening: { opensInMs: 3_600_000, closesInMs: 7_200_000 },
    });
    await setBatch(closed, 'reserved_concurrency = 3');
    const batchId = await seed({ recipients: 8 });
    expect((await claimMany([batchId], 8)).claimed).toEqual([4]);
  });

  it('lets a test call use the reserve', async () => {
    await setWorkspace('concurrency_limit = 4');
    const batchId = await seed({ recipients: 8 });
    await setBatch(batchId, 'reserved_concurrency = 1');
    expect((await claimMany([batchId], 8)).claimed).toEqual([3]);
    const testCall = await seed({ phones: phonesFrom(2000, 2) });
    await setBatch(testCall, `kind = 'TEST'`);
    expect((await claimMany([testCall], 2)).claimed).toEqual([1]);
  });
});

describe('sharing', () => {
  it('gives batches that ask together equal shares, and what one does not need to the others', async () => {
    await setWorkspace('concurrency_limit = 10');
    const small = await seed({ phones: phonesFrom(1000, 2) });
    const batches = [small, await seed({ phones: phonesFrom(2000, 20) }), await seed({ phones: phonesFrom(3000, 20) })];
    expect((await claimMany(batches, 10)).claimed).toEqual([2, 4, 4]);
  });

  it('gives a freed slot to the batch that holds the fewest, not to the one that asks first', async () => {
    await setWorkspace('concurrency_limit = 4');
    const big = await seed({ phones: phonesFrom(1000, 20) });
    expect((await claimMany([big], 4)).claimed).toEqual([4]);
    const small = await seed({ phones: phonesFrom(2000, 5) });
    await claimMany([big, small], 4);
    await test.db.pool.query(
      `UPDATE attempts SET slot_held = false, state = 'RELEASED' WHERE id = (SELECT id FROM attempts WHERE batch_id = $1 LIMIT 1)`,
      [big],
    );
    expect(await claimMany([big], 4)).toMatchObject({ claimed: [0], reasons: ['FAIR_SHARE'] });
    expect((await claimMany([big, small], 4)).claimed).toEqual([0, 1]);
  });

  it('gives the remainder to the batch that has waited longest since its last dial', async () => {
    await setWorkspace('concurrency_limit = 3');
    const batches = [await seed({ phones: phonesFrom(1000, 9) }), await seed({ phones: phonesFrom(2000, 9) })];
    const first = await claimMany(batches, 3);
    const ahead = first.claimed.indexOf(2);
    await passTime(1_000);
    await test.db.pool.query(`UPDATE attempts SET slot_held = false, state = 'RELEASED' WHERE batch_id = ANY ($1)`, [
      batches,
    ]);
    await claimMany([batches[1 - ahead]!], 1);
    await passTime(1_000);
    await test.db.pool.query(`UPDATE attempts SET slot_held = false, state = 'RELEASED' WHERE batch_id = ANY ($1)`, [
      batches,
    ]);
    expect((await claimMany(batches, 3)).claimed[ahead]).toBe(2);
  });

  it('shares with a batch whose lanes wait in another worker, for as long as they were seen', async () => {
    await setWorkspace('concurrency_limit = 1');
    const here = await seed({ phones: phonesFrom(1000, 9) });
    const there = await seed({ phones: phonesFrom(2000, 9) });
    const [busy] = await claim(test.db, workspace, [lane(here)]);
    expect(busy?.verdict).toBe('CLAIMED');
    await claim(test.db, workspace, [lane(there)], 'other worker');
    await test.db.pool.query(`UPDATE attempts SET slot_held = false, state = 'RELEASED' WHERE batch_id = $1`, [here]);
    expect(await claimMany([here], 1)).toMatchObject({ claimed: [0], reasons: ['FAIR_SHARE'] });
    await passTime(2_100);
    expect((await claimMany([here], 1)).claimed).toEqual([1]);
  });
});

describe('pace', () => {
  it('never starts more calls than the rate in one second and a dial budget, and says until when', async () => {
    await setWorkspace('calls_per_second = 3');
    const batchId = await seed({ recipients: 9 });
    expect((await claimMany([batchId], 9)).claimed).toEqual([3]);
    const [answer] = await claim(test.db, workspace, [lane(batchId)]);
    expect(answer).toMatchObject({ verdict: 'WAIT', reason: 'PACE' });
    expect(answer).toMatchObject({ untilMs: 1_250 });
    await passTime(1_249);
    expect((await claimMany([batchId], 9)).claimed).toEqual([0]);
    await passTime(1);
    expect((await claimMany([batchId], 9)).claimed).toEqual([3]);
  });

  it('counts a number and a batch by themselves', async () => {
    await setNumber('calls_per_second = 2');
    const batches = [await seed({ phones: phonesFrom(1000, 5) }), await seed({ phones: phonesFrom(2000, 5) })];
    await setBatch(batches[0]!, 'calls_per_second = 1');
    expect(await claimMany([batches[0]!], 5)).toMatchObject({ claimed: [1], reasons: ['PACE'] });
    expect(await claimMany([batches[1]!], 5)).toMatchObject({ claimed: [1], reasons: ['PACE'] });
  });

  it('gives two batches of one number that ask together no more starts than the number has', async () => {
    await setNumber('calls_per_second = 2');
    const batches = [await seed({ phones: phonesFrom(1000, 5) }), await seed({ phones: phonesFrom(2000, 5) })];
    const { claimed } = await claimMany(batches, 5);
    expect(claimed[0]! + claimed[1]!).toBe(2);
  });

  it('does not wait for starts that lie far ahead after the clock went back', async () => {
    await setWorkspace('calls_per_second = 2');
    const batchId = await seed({ recipients: 9 });
    expect((await claimMany([batchId], 2)).claimed).toEqual([2]);
    await passTime(-600_000);
    await setBatch(batchId, `start_at = '-infinity'`);
    await test.db.pool.query(`UPDATE openings SET opens_at = opens_at - interval '1 hour' WHERE batch_id = $1`, [
      batchId,
    ]);
    expect((await claimMany([batchId], 9)).claimed).toEqual([2]);
  });
});

describe('the frequency cap', () => {
  it('calls one number no more often in 24 hours over all batches, and says when it may again', async () => {
    await setWorkspace('frequency_cap = 2');
    for (const _ of [1, 2]) {
      const batchId = await seed({ phones: ['+12025550111'] });
      const call = await claimOne(test.db, workspace, batchId);
      await test.db.pool.query(
        `UPDATE attempts SET slot_held = false, state = 'ENDED', outcome = 'BUSY' WHERE id = $1`,
        [call.id],
      );
      await passTime(3_600_000);
    }
    const third = await seed({ phones: ['+12025550111', '+12025550112'] });
    expect((await claimMany([third], 2)).claimed).toEqual([1]);
    const [capped] = await test.db.prisma.recipientState.findMany({ where: { batchId: third, phone: '+12025550111' } });
    expect(capped).toMatchObject({ state: 'WAITING', waitReason: 'FREQUENCY_CAP' });
    expect(capped!.dueAt.getTime() - nowMs).toBeGreaterThan(21.9 * 3_600_000);
    await passTime(22 * 3_600_000 + 1_000);
    expect((await claimMany([third], 1)).claimed).toEqual([1]);
  });

  it('does not count what was never sent', async () => {
    await setWorkspace('frequency_cap = 1');
    const first = await seed({ phones: ['+12025550111'] });
    const call = await claimOne(test.db, workspace, first);
    await test.db.pool.query(
      `UPDATE attempts SET slot_held = false, state = 'RELEASED', spends_attempt = false WHERE id = $1`,
      [call.id],
    );
    const second = await seed({ phones: ['+12025550111'] });
    expect((await claimMany([second], 1)).claimed).toEqual([1]);
  });
});

it('settles a recipient that has no attempt left by its last outcome, when the policy was cut while it waited', async () => {
  const batchId = await seed({ recipients: 1 });
  await test.db.pool.query(
    `UPDATE recipient_states SET attempts_spent = 1, attempt_count = 1, last_outcome = 'BUSY' WHERE batch_id = $1`,
    [batchId],
  );
  expect((await claimMany([batchId], 1)).claimed).toEqual([0]);
  expect(await recipientStates(test.db, batchId)).toEqual(['NO_ANSWER']);
});
