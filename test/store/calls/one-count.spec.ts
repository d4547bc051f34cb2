import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

/** However many ask in one claim, test calls and batches, all take from one count of what is left. */
let test: TestDatabase;
let workspace: Workspace;
let phones = 1_000;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

const nextPhones = (count: number) => Array.from({ length: count }, () => `+1202555${phones++}`);
const seedCalls = (count: number) => seedBatch(test.db, workspace, { phones: nextPhones(count) });
async function seedTestCall(): Promise<string> {
  const id = await seedCalls(1);
  await test.db.pool.query(`UPDATE batches SET kind = 'TEST' WHERE id = $1`, [id]);
  return id;
}
const seedTestCalls = (count: number) => Promise.all(Array.from({ length: count }, seedTestCall));
const setWorkspace = (columns: string) =>
  test.db.pool.query(`UPDATE workspaces SET ${columns} WHERE id = $1`, [workspace.workspaceId]);
const setNumber = (columns: string) =>
  test.db.pool.query(`UPDATE phone_numbers SET ${columns} WHERE id = $1`, [workspace.fromNumberId]);
const setBatch = (id: string, columns: string) =>
  test.db.pool.query(`UPDATE batches SET ${columns} WHERE id = $1`, [id]);
const lanes = (batchId: string, count: number) => Array.from({ length: count }, () => lane(batchId));

/** How many calls each of these got when their lanes asked in one claim. */
async function claimTogether(asked: readonly { id: string; lanes: number }[], process = 'test'): Promise<number[]> {
  const all = asked.flatMap((ask) => lanes(ask.id, ask.lanes));
  const answers = await claim(test.db, workspace, all, process);
  const isCallOf = (id: string) => (answer: (typeof answers)[number], index: number) =>
    answer.verdict === 'CLAIMED' && all[index]?.batchId === id;
  return asked.map(({ id }) => answers.filter(isCallOf(id)).length);
}
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

describe.each([
  ['the slots of the workspace', () => setWorkspace('concurrency_limit = 2'), 2],
  ['the starts of the workspace', () => setWorkspace('calls_per_second = 2'), 2],
  ['the slots of the number', () => setNumber('concurrency_limit = 2'), 2],
  ['the starts of the number', () => setNumber('calls_per_second = 2'), 2],
])('%s', (_what, limit, most) => {
  it('are given once to test calls that ask in one claim', async () => {
    await limit();
    const ids = await seedTestCalls(5);
    expect(sum(await claimTogether(ids.map((id) => ({ id, lanes: 1 }))))).toBe(most);
  });

  it('are given once to test calls and batches that ask in one claim', async () => {
    await limit();
    const batches = [await seedCalls(5), await seedCalls(5)];
    const [testCall] = await seedTestCalls(1);
    const asked = [...batches.map((id) => ({ id, lanes: 4 })), { id: testCall!, lanes: 1 }];
    const claimed = await claimTogether(asked);
    expect([sum(claimed), claimed[2]]).toEqual([most, 1]);
    expect(sum(await claimTogether(asked))).toBe(0);
  });

  it('are given once to workers that race with test calls and a batch', async () => {
    await limit();
    const batchId = await seedCalls(20);
    const ids = await seedTestCalls(5);
    const asked = [{ id: batchId, lanes: 3 }, ...ids.map((id) => ({ id, lanes: 1 }))];
    const claims = Array.from({ length: 8 }, (_, worker) => claimTogether(asked, `worker-${worker}`));
    expect(sum((await Promise.all(claims)).flat())).toBe(most);
  });
});

it('the reserve is for test calls, within the limit of the workspace', async () => {
  await setWorkspace('concurrency_limit = 4');
  const batchId = await seedCalls(8);
  await setBatch(batchId, 'reserved_concurrency = 3');
  const ids = await seedTestCalls(6);
  const claimed = await claimTogether([{ id: batchId, lanes: 8 }, ...ids.map((id) => ({ id, lanes: 1 }))]);
  expect([claimed[0], sum(claimed)]).toEqual([0, 4]);
});

it('a claim gives no more calls than it is asked for at most, test calls first', async () => {
  await setWorkspace('concurrency_limit = 100');
  const batchId = await seedCalls(40);
  const ids = await seedTestCalls(3);
  const claimed = await claimTogether([{ id: batchId, lanes: 30 }, ...ids.map((id) => ({ id, lanes: 1 }))]);
  expect(claimed).toEqual([13, 1, 1, 1]);
});

it('a free slot is left to a test call that waits in another worker, and no longer than it waits', async () => {
  await setWorkspace('concurrency_limit = 1');
  const batchId = await seedCalls(9);
  const [testCall] = await seedTestCalls(1);
  const ofBatch = [{ id: batchId, lanes: 2 }];
  const ofTest = [{ id: testCall!, lanes: 1 }];
  expect(await claimTogether(ofBatch)).toEqual([1]);
  expect(await claimTogether(ofTest, 'other worker')).toEqual([0]);
  await test.db.pool.query(`UPDATE attempts SET slot_held = false, state = 'RELEASED' WHERE batch_id = $1`, [batchId]);
  expect(await claimTogether(ofBatch)).toEqual([0]);
  expect(await claimTogether(ofTest, 'other worker')).toEqual([1]);
  await setWorkspace('concurrency_limit = 2');
  expect(await claimTogether(ofBatch)).toEqual([1]);
});
