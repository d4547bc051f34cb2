import { startSettler } from '../../../activities/settler.js';
import { publicId } from '../../../domain/ids.js';
import { createLogger } from '../../../platform/logger.js';
import { doubtCall } from '../../../store/calls/answer-call.js';
import type { LookUpAnswer, LookUpCapability, PageAnswer, TelephonyProvider } from '../../../telephony/provider.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { fact } from '../support/facts.js';
import { acceptCall, claimOne, readAttempt, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db, { settleDelayMs: 0 });
  batchId = await seedBatch(test.db, workspace, { recipients: 2 });
});
afterEach(() => test.db.pool.query('UPDATE attempts SET settle_at = NULL'));
afterAll(() => test.drop());

type Answers = {
  lookUp?: (reference: string) => Promise<LookUpAnswer>;
  lookUpPage?: (references: readonly string[]) => Promise<PageAnswer>;
  capability?: LookUpCapability;
};
type Asked = { lookUps: string[]; pages: string[][]; hangUps: string[] };

/** The settler with a platform, the edge of the network, that answers as told. */
async function withSettler(
  {
    lookUp = async () => ({ is: 'absent' }),
    lookUpPage = async () => ({ is: 'listed', found: [] }),
    capability = 'history',
  }: Answers,
  work: (asked: Asked) => Promise<void>,
): Promise<void> {
  const asked: Asked = { lookUps: [], pages: [], hangUps: [] };
  const provider: Partial<TelephonyProvider> = {
    traits: { lookUp: capability, settleDelayMs: 0, ringLeadMs: 0, findsPages: true, dialsAnyNumber: true },
    async lookUp(reference) {
      asked.lookUps.push(reference);
      return lookUp(reference);
    },
    async lookUpPage(references) {
      asked.pages.push([...references].sort());
      return lookUpPage(references);
    },
    async hangUp(callId) {
      asked.hangUps.push(callId);
      return { is: 'hung-up' };
    },
  };
  const settler = startSettler({
    db: test.db,
    logger: createLogger('silent', 'test'),
    providers: { of: async () => provider as TelephonyProvider },
    settings: { settleIntervalMs: 20, settleNextLookMs: 50, confirmDelayMs: 60_000, requestTimeoutMs: 1_000 },
  });
  try {
    await work(asked);
  } finally {
    await settler.stop();
  }
}

const doubt = async () => {
  const call = await claimOne(test.db, workspace, batchId);
  await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
  return call.id;
};

it.each(['dedupes', 'search', 'live-only'] as const)(
  'takes absence for no proof of anything where the provider can only be asked by %s',
  async (capability) => {
    const attemptId = await doubt();
    await withSettler({ capability }, async ({ lookUps }) => {
      await eventually(async () => expect(lookUps.length).toBeGreaterThanOrEqual(4));
    });
    expect(await readAttempt(test.db, attemptId)).toMatchObject({ state: 'UNCERTAIN', slotHeld: true, absentCount: 0 });
  },
);

it('takes two absents for proof where the provider keeps a history', async () => {
  const attemptId = await doubt();
  await withSettler({}, () =>
    eventually(async () => expect((await readAttempt(test.db, attemptId)).state).toBe('NOT_PLACED')),
  );
});

it('lets a call whose provider is slow to answer hold up no other', async () => {
  const slow = await doubt();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let first = true;
  const lookUp = async (): Promise<LookUpAnswer> => {
    if (first) {
      first = false;
      await held;
      return { is: 'no-answer', why: 'slow' };
    }
    return { is: 'absent' };
  };
  await test.db.pool.query(`UPDATE attempts SET settle_at = '-infinity' WHERE id = $1`, [slow]);
  await withSettler({ lookUp }, async () => {
    await eventually(async () => expect(first).toBe(false));
    const quick = await doubt();
    await eventually(async () => expect((await readAttempt(test.db, quick)).state).toBe('NOT_PLACED'));
    release();
  });
});

describe('a provider account that never answers', () => {
  /** As many calls as one account is asked about at once, and more. */
  const CALLS = 70;
  let release: () => void;
  let released: Promise<void>;
  let unanswered: Set<string>;
  const lookUp = async (reference: string): Promise<LookUpAnswer> => {
    if (!unanswered.has(reference)) return { is: 'absent' };
    await released;
    return { is: 'no-answer', why: 'never' };
  };
  beforeEach(async () => {
    released = new Promise((resolve) => (release = resolve));
    const silent = await seedWorkspace(test.db, { concurrencyLimit: CALLS });
    const phones = Array.from({ length: CALLS }, (_, index) => `+1202556${1000 + index}`);
    batchId = await seedBatch(test.db, silent, { phones });
    const calls = [];
    for (const _ of phones) calls.push(await claimOne(test.db, silent, batchId));
    for (const call of calls) await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
    unanswered = new Set(calls.map(({ id }) => publicId('attempt', id)));
    batchId = await seedBatch(test.db, workspace, { recipients: 2 });
  });

  /** Answers at last, also when the test fails: the settler stops when it has its answers. */
  const whileSilent = (work: () => Promise<unknown>) =>
    withSettler({ lookUp }, async ({ lookUps }) => {
      try {
        await eventually(() => expect(lookUps.length).toBeGreaterThanOrEqual(50));
        await work();
      } finally {
        release();
      }
    });

  it('holds up no call of another account', () =>
    whileSilent(async () => {
      const attemptId = await doubt();
      await eventually(async () => expect((await readAttempt(test.db, attemptId)).state).toBe('NOT_PLACED'));
    }));

  it('holds no slot after the hard end', () =>
    whileSilent(async () => {
      await test.db.pool.query(
        `UPDATE attempts SET hard_end_at = dialwright_now(), settle_at = dialwright_now() WHERE slot_held`,
      );
      await eventually(async () => expect(await test.db.prisma.attempt.count({ where: { slotHeld: true } })).toBe(0));
    }));
});

it('asks about a live call again soon when the provider could not be asked', async () => {
  const call = await claimOne(test.db, workspace, batchId);
  await acceptCall(test.db.pool, call.id, 'call-2');
  await test.db.pool.query('UPDATE attempts SET settle_at = dialwright_now() WHERE id = $1', [call.id]);
  const lookUp = async (): Promise<LookUpAnswer> => ({ is: 'no-answer', why: 'answered 429' });
  await withSettler({ lookUp }, async ({ lookUps }) => {
    await eventually(() => expect(lookUps.length).toBeGreaterThanOrEqual(3));
  });
});

/** The platform knows how the call ended. */
const ended = async (): Promise<LookUpAnswer> => ({
  is: 'found',
  callId: 'call-1',
  facts: [
    {
      eventKey: 'call-1:ended',
      kind: 'ENDED',
      callId: 'call-1',
      reference: null,
      occurredAt: new Date(),
      outcome: 'ANSWERED',
      endReason: 'hung up',
      durationMs: 1_000,
      successful: null,
      details: {},
    },
  ],
});

it('hangs up a call for which that was asked, and tells by its end', async () => {
  const call = await claimOne(test.db, workspace, batchId);
  await acceptCall(test.db.pool, call.id, 'call-1');
  await test.db.pool.query('SELECT request_hang_up($1, $2, $3)', [workspace.workspaceId, call.id, '"test"']);
  await withSettler({ lookUp: ended }, async ({ hangUps }) => {
    await eventually(async () => expect((await readAttempt(test.db, call.id)).state).toBe('ENDED'));
    expect(hangUps).toEqual(['call-1']);
  });
});

it('learns from the provider how calls ended while no worker ran, though their hard end has passed', async () => {
  const call = await claimOne(test.db, workspace, batchId);
  await acceptCall(test.db.pool, call.id, 'call-1');
  await test.db.pool.query(
    `UPDATE attempts SET settle_at = settle_at - interval '9 hours', hard_end_at = hard_end_at - interval '9 hours' WHERE id = $1`,
    [call.id],
  );
  await withSettler({ lookUp: ended }, () =>
    eventually(async () => expect((await readAttempt(test.db, call.id)).state).toBe('ENDED')),
  );
  const [recipient] = await test.db.prisma.recipientState.findMany({ where: { lastAttemptId: call.id } });
  expect(recipient).toMatchObject({ state: 'COMPLETED', lastOutcome: 'ANSWERED' });
});

describe('live calls of one account', () => {
  let ids: string[];
  let references: string[];
  beforeEach(async () => {
    const many = await seedWorkspace(test.db, { concurrencyLimit: 30 });
    const phones = Array.from({ length: 30 }, (_, index) => `+1202557${1000 + index}`);
    batchId = await seedBatch(test.db, many, { phones });
    ids = [];
    for (const _ of phones) {
      const { id } = await claimOne(test.db, many, batchId);
      await acceptCall(test.db.pool, id, `call of ${publicId('attempt', id)}`);
      ids.push(id);
    }
    references = ids.map((id) => publicId('attempt', id)).sort();
    await test.db.pool.query('UPDATE attempts SET settle_at = dialwright_now() WHERE id = ANY ($1)', [ids]);
  });
  const end = (reference: string): LookUpAnswer & { is: 'found' } => {
    const callId = `call of ${reference}`;
    return { is: 'found', callId, facts: [fact(null, { eventKey: `${callId}:ended`, callId, reference })] };
  };
  const endsOf = async (asked: readonly string[]): Promise<PageAnswer> => ({
    is: 'listed',
    found: asked.map((reference) => ({ reference, ...end(reference) })),
  });
  const allEnded = () =>
    eventually(async () =>
      expect(await test.db.prisma.attempt.count({ where: { id: { in: ids }, state: 'ENDED' } })).toBe(ids.length),
    );

  it('are asked for together', () =>
    withSettler({ lookUpPage: endsOf }, async ({ lookUps, pages }) => {
      await allEnded();
      expect(pages).toEqual([references]);
      expect(lookUps).toEqual([]);
    }));

  it('are each asked for alone when the list does not have them, and nobody is taken for absent by a list', () => {
    const [first = '', ...others] = references;
    return withSettler(
      { lookUpPage: (asked) => endsOf(asked.filter((one) => one !== first)), lookUp: async () => end(first) },
      async ({ lookUps, pages }) => {
        await allEnded();
        expect(pages).toEqual([references]);
        expect(lookUps).toEqual([first]);
        expect(others).toHaveLength(29);
      },
    );
  });

  it('are each asked for alone, a while, when the provider does not answer for many', () =>
    withSettler(
      { lookUpPage: async () => ({ is: 'no-answer', why: 'answered 400' }), lookUp: async (one) => end(one) },
      async ({ lookUps, pages }) => {
        await allEnded();
        expect(pages).toEqual([references]);
        expect(lookUps.sort()).toEqual(references);
      },
    ));

  it('are asked for alone when they are to be hung up, or may not exist', async () => {
    const [live = '', doubted = ''] = ids;
    await test.db.pool.query('SELECT request_hang_up(a.workspace_id, a.id, $2) FROM attempts a WHERE a.id = $1', [
      live,
      '"test"',
    ]);
    await test.db.pool.query(`UPDATE attempts SET state = 'UNCERTAIN' WHERE id = $1`, [doubted]);
    const alone = [live, doubted].map((id) => publicId('attempt', id)).sort();
    await withSettler({ lookUpPage: endsOf, lookUp: async (one) => end(one) }, async ({ lookUps, pages }) => {
      await allEnded();
      expect(pages).toEqual([references.filter((one) => !alone.includes(one))]);
      expect(lookUps.sort()).toEqual(alone);
    });
  });
});
