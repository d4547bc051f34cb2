import type { CallFact } from '../../../domain/calls/call-fact.js';
import { forgetLeftovers } from '../../../store/batches/sweep-rows.js';
import { doubtCall, releaseCall } from '../../../store/calls/answer-call.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  acceptCall,
  claimOne,
  readAttempt,
  recipientStates,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';
import { fact, started } from '../support/facts.js';
import { seedOpenBatch, standStill, type StandingClock } from '../support/standing-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TRANSCRIPT = { transcript: 'Hello, this is somebody else’s call.' };

let test: TestDatabase;
let clock: StandingClock;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await standStill(test.db);
});
beforeEach(async () => {
  await clock.pass(HOUR_MS);
  workspace = await seedWorkspace(test.db, { callLengthMaxMs: 4 * HOUR_MS });
  batchId = await seedOpenBatch(test.db, workspace, clock);
});
afterAll(() => test.drop());

const tell = (...told: CallFact[]) => recordFacts(test.db.pool, workspace.providerAccountId, told);
/** Of a call that names no attempt of ours. */
const strange = (overrides: Partial<CallFact> = {}) => fact(null, { details: TRANSCRIPT, ...overrides });
const kept = () =>
  test.db.prisma.callEvent.findMany({
    where: { providerAccountId: workspace.providerAccountId, attemptId: null },
    select: { providerCallId: true, details: true },
  });
const claimed = () => claimOne(test.db, workspace, batchId);

describe('an event of a call that is not ours', () => {
  it('is dropped when the account has made no call', async () => {
    expect(await tell(strange())).toBe(0);
    expect(await kept()).toEqual([]);
  });

  it('is dropped when the provider has told which calls all attempts of the account are', async () => {
    const { id } = await claimed();
    await acceptCall(test.db.pool, id, 'call-ours');
    expect(await tell(strange())).toBe(0);
    expect(await kept()).toEqual([]);
  });

  it('is dropped when it names an attempt that is not here, or of another account', async () => {
    const { id } = await claimed();
    expect(await tell(fact('01890000-0000-7000-8000-000000000000'))).toBe(0);
    const other = await seedWorkspace(test.db);
    expect(await recordFacts(test.db.pool, other.providerAccountId, [fact(id)])).toBe(0);
    expect(await kept()).toEqual([]);
  });

  it('is kept without its details while it could still be ours', async () => {
    await claimed();
    expect(await tell(strange())).toBe(1);
    expect(await kept()).toEqual([{ providerCallId: 'call-1', details: {} }]);
  });

  it('is kept for an hour after the last attempt without a call id was over, and not longer', async () => {
    const call = await claimed();
    await releaseCall(test.db.pool, { workspaceId: workspace.workspaceId, ...call, why: 'nothing was sent' });
    await clock.pass(59 * MINUTE_MS);
    expect(await tell(strange({ callId: 'early' }))).toBe(1);
    await clock.pass(2 * MINUTE_MS);
    expect(await tell(strange({ callId: 'late' }))).toBe(0);
  });

  it('is kept as long as an attempt without a call id is open', async () => {
    const call = await claimed();
    await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
    await clock.pass(3 * HOUR_MS);
    expect(await tell(strange())).toBe(1);
  });

  it('holds up nothing of the workspace, also when it would pause a batch of ours', async () => {
    await claimed();
    const holder = await test.db.pool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT lock_workspace($1)', [workspace.workspaceId]);
      expect(await tell(strange({ outcome: null, deferral: 'payment' }))).toBe(1);
    } finally {
      await holder.query('ROLLBACK');
      holder.release();
    }
  });

  it('is removed after some hours', async () => {
    await claimed();
    await tell(strange());
    await clock.pass(5 * HOUR_MS);
    await forgetLeftovers(test.db.pool);
    expect(await kept()).toHaveLength(1);
    await clock.pass(2 * HOUR_MS);
    await forgetLeftovers(test.db.pool);
    expect(await kept()).toEqual([]);
  });
});

it('an event without our reference is taken up when another event tells that its call is ours', async () => {
  const { id } = await claimed();
  await tell(strange());
  await tell(started(id));
  expect(await readAttempt(test.db, id)).toMatchObject({
    state: 'ENDED',
    outcome: 'ANSWERED',
    providerCallId: 'call-1',
  });
  expect(await recipientStates(test.db, batchId)).toEqual(['COMPLETED']);
  expect(await kept()).toEqual([]);
});
