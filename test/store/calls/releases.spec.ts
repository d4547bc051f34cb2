import { releaseCall } from '../../../store/calls/answer-call.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { acceptCall, claim, claimOne, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { standStill, type StandingClock } from '../support/standing-clock.js';

let test: TestDatabase;
let clock: StandingClock;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await standStill(test.db);
});
beforeEach(async () => {
  await clock.pass(60_000);
  workspace = await seedWorkspace(test.db);
  batchId = await seedBatch(test.db, workspace, {
    recipients: 5,
    startAt: new Date(clock.nowMs() - 1_000),
    opening: { opensInMs: -60_000, closesInMs: 7 * 86_400_000 },
  });
});
afterAll(() => test.drop());

type Claimed = { claimKey: string; dialToken: string };
const release = ({ claimKey, dialToken }: Claimed, { isOwnDelay = false } = {}) =>
  releaseCall(test.db.pool, {
    workspaceId: workspace.workspaceId,
    claimKey,
    dialToken,
    why: 'connection refused',
    isOwnDelay,
  });
const nextAnswer = async () => (await claim(test.db, workspace, [lane(batchId)]))[0];
const batch = () => test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } });

/** Claims and releases until the batch does not let it. @returns how long each of them made the batch wait */
async function releaseInARow(times: number, { isOwnDelay = false } = {}): Promise<(number | null)[]> {
  const waits: (number | null)[] = [];
  for (let time = 0; time < times; time++) {
    expect(await release(await claimOne(test.db, workspace, batchId), { isOwnDelay })).toBe(true);
    const { unsentUntil } = await batch();
    const waitMs = unsentUntil!.getTime() - clock.nowMs();
    waits.push(waitMs);
    await clock.pass(waitMs + 10);
  }
  return waits;
}

it('calls that cannot be sent make their batch wait longer and longer, and pause it with the reason at the seventh', async () => {
  expect(await releaseInARow(1)).toEqual([0]);
  await release(await claimOne(test.db, workspace, batchId));
  expect(await nextAnswer()).toMatchObject({ verdict: 'WAIT', reason: 'NOT_SENT', untilMs: 1_000 });
  await clock.pass(1_000);
  expect(await releaseInARow(4)).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect((await batch()).status).toBe('RUNNING');
  await release(await claimOne(test.db, workspace, batchId));
  expect(await batch()).toMatchObject({
    status: 'PAUSED',
    statusReason: expect.stringMatching(/^7 times in a row no call could be sent \(connection refused\).*then resume/),
  });
});

it('what this machine was too slow for makes the batch wait each time, and never pauses it', async () => {
  expect(await releaseInARow(9, { isOwnDelay: true })).toEqual(Array.from({ length: 9 }, () => 1_000));
  expect((await batch()).status).toBe('RUNNING');
  expect(await releaseInARow(4)).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(await releaseInARow(3, { isOwnDelay: true })).toEqual([16_000, 16_000, 16_000]);
  expect((await batch()).status).toBe('RUNNING');
});

it('holds back no other batch, also not one of the same number', async () => {
  const other = await seedBatch(test.db, workspace, {
    phones: ['+12025559999'],
    opening: { opensInMs: -60_000, closesInMs: 7 * 86_400_000 },
  });
  await releaseInARow(1);
  await release(await claimOne(test.db, workspace, batchId));
  expect((await nextAnswer())?.verdict).toBe('WAIT');
  expect((await claimOne(test.db, workspace, other)).id).toBeTruthy();
});

it('a call that was sent begins a new count', async () => {
  await releaseInARow(5);
  const sent = await claimOne(test.db, workspace, batchId);
  await acceptCall(test.db.pool, sent.id, `call-${sent.id}`);
  await clock.pass(10);
  expect(await releaseInARow(3)).toEqual([0, 1_000, 2_000]);
  expect((await batch()).status).toBe('RUNNING');
});

it('calls that were claimed before the last release count once with it', async () => {
  const calls = [];
  for (const _ of [1, 2, 3, 4, 5]) calls.push(await claimOne(test.db, workspace, batchId));
  await clock.pass(100);
  for (const call of calls) await release(call);
  expect((await batch()).unsentCount).toBe(1);
});

it('a batch that is resumed has as many tries as before', async () => {
  await releaseInARow(7);
  expect((await batch()).status).toBe('PAUSED');
  const change = { workspaceId: workspace.workspaceId, batchId, actor: 'test', commandId: null };
  await changeBatch(test.db.pool, { ...change, action: 'resume', from: ['PAUSED'] });
  expect(await releaseInARow(3)).toEqual([0, 1_000, 2_000]);
  expect((await batch()).status).toBe('RUNNING');
});
