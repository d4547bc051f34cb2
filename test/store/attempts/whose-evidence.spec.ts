import { giveVerdict } from '../../../store/attempts/give-verdict.js';
import { noteAbsent, takeUnsettled } from '../../../store/attempts/settle-attempts.js';
import { doubtCall } from '../../../store/calls/answer-call.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import {
  moveProviderAccount,
  updateProviderAccount,
  type ProviderAccountPatch,
} from '../../../store/settings/update-provider-account.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { testSecrets } from '../../support/secrets.js';
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
import { untilLockIsAwaited } from '../../support/workspace-lock.js';
import { started } from '../support/facts.js';
import { seedOpenBatch, standStill, type StandingClock } from '../support/standing-clock.js';
import { CREDENTIALS, SIMULATOR_FORM } from '../../support/credentials.js';

const SETTLE_DELAY_MS = 5_000;
const CONFIRM_DELAY_MS = 60_000;

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
  await test.db.pool.query('UPDATE attempts SET settle_at = NULL WHERE NOT slot_held');
  workspace = await seedWorkspace(test.db, { callLengthMaxMs: 600_000 });
  batchId = await seedOpenBatch(test.db, workspace, clock);
});
afterAll(() => test.drop());

const change = (patch: ProviderAccountPatch, numbers: string[] | null = null) => {
  const owned = { workspaceId: workspace.workspaceId, id: workspace.providerAccountId, actor: 'test' };
  const form = patch.credentials ? SIMULATOR_FORM : null;
  const credentials = { ...CREDENTIALS, ...(patch.credentials as { apiKey?: string }) };
  return updateProviderAccount(test.db, testSecrets, owned, {
    form,
    patch,
    listed: numbers && { credentials, numbers },
  });
};
const force = () => change({ credentials: { apiKey: 'key-of-another-account' }, forceKeyChange: true });
const absent = (attemptId: string) => noteAbsent(test.db.pool, attemptId, SETTLE_DELAY_MS, CONFIRM_DELAY_MS);
/** The provider is asked three times, as long apart as it takes to prove an absence. */
const askThrice = async (attemptId: string) => {
  for (const waitMs of [SETTLE_DELAY_MS, CONFIRM_DELAY_MS, 0]) {
    await absent(attemptId);
    await clock.pass(waitMs);
  }
};
const doubted = async () => {
  const call = await claimOne(test.db, workspace, batchId);
  await doubtCall(test.db.pool, call.id, call.dialToken, 'timeout');
  return call;
};
const unconfirmed = async () => {
  const call = await doubted();
  await absent(call.id);
  await clock.pass(SETTLE_DELAY_MS);
  expect(await absent(call.id)).toBe('NOT_PLACED');
  return call;
};
const nextAnswer = async () => (await claim(test.db, workspace, [lane(batchId)]))[0];
const states = () => recipientStates(test.db, batchId);

describe('a new key while attempts are open', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['DIALING', () => claimOne(test.db, workspace, batchId)],
    [
      'IN_PROGRESS',
      async () => acceptCall(test.db.pool, (await claimOne(test.db, workspace, batchId)).id, `call-${batchId}`),
    ],
    ['UNCERTAIN', doubted],
    ['NOT_PLACED and not confirmed', unconfirmed],
  ])('is refused when nothing shows whose it is, and nothing changes: one is %s', async (_state, open) => {
    await open();
    const account = { where: { id: workspace.providerAccountId } };
    const before = await test.db.prisma.providerAccount.findUniqueOrThrow(account);
    for (const listed of [null, [], ['+12025550199'], ['+12025550100', '+12025550199'], ['nonsense']])
      expect(await change({ credentials: { apiKey: 'another' }, name: 'Other' }, listed)).toMatchObject({
        is: 'other-account',
        openAttempts: 1,
      });
    expect(await test.db.prisma.providerAccount.findUniqueOrThrow(account)).toEqual(before);
  });

  it('is taken when it lists the numbers that the account has, and absences go on counting', async () => {
    const call = await doubted();
    await absent(call.id);
    await clock.pass(SETTLE_DELAY_MS);
    expect(await change({ credentials: { apiKey: 'another' } }, ['+12025550100'])).toEqual({
      is: 'changed',
      paused: [],
    });
    expect(await absent(call.id)).toBe('NOT_PLACED');
  });

  it('is refused when what is listed was listed with other credentials', async () => {
    await doubted();
    const owned = { workspaceId: workspace.workspaceId, id: workspace.providerAccountId, actor: 'test' };
    const listed = { credentials: { apiKey: 'one', webhookSecret: 'carrier-secret' }, numbers: ['+12025550100'] };
    const patch = { credentials: { apiKey: 'another' } };
    expect(
      await updateProviderAccount(test.db, testSecrets, owned, { form: SIMULATOR_FORM, patch, listed }),
    ).toMatchObject({ is: 'other-account' });
  });

  it('needs no proof when it is the key that the account has, and neither does a webhook secret alone', async () => {
    const call = await doubted();
    expect(await change({ credentials: { apiKey: 'carrier-key' } })).toEqual({ is: 'changed', paused: [] });
    expect(await change({ credentials: { webhookSecret: 'another' } })).toEqual({ is: 'changed', paused: [] });
    await askThrice(call.id);
    expect((await nextAnswer())?.verdict).toBe('CLAIMED');
  });

  it('needs none when the call is settled', async () => {
    const call = await doubted();
    await askThrice(call.id);
    expect(await change({ credentials: { apiKey: 'another' } })).toEqual({ is: 'changed', paused: [] });
  });

  it('and a claim take turns: a call is claimed before it, and refuses it, or after it, under the new identity', async () => {
    const tx = await test.db.pool.connect();
    try {
      await tx.query('BEGIN');
      await tx.query('SELECT lock_workspace($1)', [workspace.workspaceId]);
      const both = Promise.all([change({ credentials: { apiKey: 'another' } }), claimOne(test.db, workspace, batchId)]);
      await untilLockIsAwaited(test.db);
      await tx.query('COMMIT');
      const [changed, call] = await both;
      expect([changed.is, call.identityVersion]).toEqual(
        changed.is === 'changed' ? ['changed', 2] : ['other-account', 1],
      );
    } finally {
      tx.release();
    }
  });
});

describe('an attempt whose account was given a key by force', () => {
  it('is settled by no absence, is never dialled again, and is UNCERTAIN for good after its hard end', async () => {
    const call = await doubted();
    await absent(call.id);
    expect(await force()).toEqual({ is: 'changed', paused: [] });
    await askThrice(call.id);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: true, absentCount: 1 });
    await clock.pass(3_600_000);
    await takeUnsettled(test.db.pool, 100, 1_000);
    await askThrice(call.id);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: false });
    expect([await states(), (await nextAnswer())?.verdict]).toEqual([['UNCERTAIN'], 'END']);
  });

  it('is UNCERTAIN when its absence was to be confirmed, and its recipient too', async () => {
    const call = await unconfirmed();
    await force();
    await takeUnsettled(test.db.pool, 100, 1_000);
    await askThrice(call.id);
    await clock.pass(CONFIRM_DELAY_MS);
    await takeUnsettled(test.db.pool, 100, 1_000);
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'UNCERTAIN',
      slotHeld: false,
      spendsAttempt: true,
      settleAt: null,
    });
    expect([await states(), (await nextAnswer())?.verdict]).toEqual([['UNCERTAIN'], 'END']);
  });

  it('takes evidence that carries its reference', async () => {
    const call = await unconfirmed();
    await force();
    await takeUnsettled(test.db.pool, 100, 1_000);
    const told = { ...started(call.id), callId: `call-${call.id}`, occurredAt: new Date(clock.nowMs()) };
    await recordFacts(test.db.pool, workspace.providerAccountId, [told]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'IN_PROGRESS', slotHeld: true });
    expect(await states()).toEqual(['IN_PROGRESS']);
  });

  it('takes a verdict, after which its recipient may be called again', async () => {
    const call = await unconfirmed();
    await force();
    await takeUnsettled(test.db.pool, 100, 1_000);
    const verdict = { verdict: 'NOT_CALLED' as const, outcome: null, actor: 'test', commandId: null };
    const given = await giveVerdict(test.db.pool, {
      ...verdict,
      workspaceId: workspace.workspaceId,
      attemptId: call.id,
    });
    expect(given.result).toBe('GIVEN');
    expect((await nextAnswer())?.verdict).toBe('CLAIMED');
  });

  it('does not keep later calls from being settled', async () => {
    await force();
    const call = await doubted();
    expect(call.identityVersion).toBe(2);
    await askThrice(call.id);
    expect((await nextAnswer())?.verdict).toBe('CLAIMED');
  });
});

it('an account that is moved to another address takes no absence there for proof', async () => {
  const call = await doubted();
  await absent(call.id);
  await moveProviderAccount(test.db, testSecrets, {
    id: workspace.providerAccountId,
    baseUrl: 'http://127.0.0.1:10',
    credentials: CREDENTIALS,
  });
  await askThrice(call.id);
  expect((await readAttempt(test.db, call.id)).state).toBe('UNCERTAIN');
});

it('a settle delay that was made shorter does not hurry the second absence', async () => {
  const call = await doubted();
  await absent(call.id);
  const hurried = () => noteAbsent(test.db.pool, call.id, 0, CONFIRM_DELAY_MS);
  expect(await hurried()).toBe('UNCERTAIN');
  await clock.pass(SETTLE_DELAY_MS);
  expect(await hurried()).toBe('NOT_PLACED');
});
