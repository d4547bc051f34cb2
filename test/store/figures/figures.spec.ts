import pg from 'pg';
import { MEASURES } from '../../../domain/calls/figures.js';
import { OUTCOMES } from '../../../domain/calls/outcomes.js';
import { doubtCall, releaseCall } from '../../../store/calls/answer-call.js';
import { giveVerdict } from '../../../store/attempts/give-verdict.js';
import { countBatches, type AttemptCounts } from '../../../store/batches/count-batches.js';
import { addFigures } from '../../../store/figures/add-figures.js';
import { readFigures } from '../../../store/figures/read-figures.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { readRepoFile } from '../../repo/repo-files.js';
import { createRandom, type Random } from '../../chaos/random.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { acceptCall, claim, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { readsOf } from '../support/count-reads.js';
import { fact } from '../support/facts.js';

const SEEDS = [1, 2, 3, 4];
const CALLS = 12;
const DAY_MS = 86_400_000;
const OF_BEFORE = '01a232f1-df21-79ca-a7d4-4a67a945b79c';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db, { concurrencyLimit: 1_000 });
});
afterAll(() => test.drop());

const span = () => ({ starts: [new Date(Date.now() - DAY_MS)], until: new Date(Date.now() + DAY_MS) });
type Sums = Record<string, number>;

async function figuresOf(kind: 'batch' | 'workspace', id: string): Promise<Sums> {
  const rows = await readFigures(test.db.pool, { kind, id }, span());
  const sums = MEASURES.map((measure) => [measure, rows.reduce((sum, figures) => sum + figures[measure], 0)] as const);
  return Object.fromEntries(sums.filter(([, value]) => value !== 0));
}

/** What the attempts themselves say, counted by the counters of the batch where they count the same. */
async function countedOf(batchId: string): Promise<Sums> {
  const { attempts } = (await countBatches(test.db.pool, [batchId])).get(batchId)!; // asked for
  const { rows } = await test.db.pool.query<{ ended: number; talkMs: number }>(
    `SELECT count(*) FILTER (WHERE state = 'ENDED' AND accepted_at IS NOT NULL AND spends_attempt)::int AS ended,
       coalesce(sum(duration_ms) FILTER (WHERE outcome = 'ANSWERED'), 0)::int AS "talkMs" FROM attempts WHERE batch_id = $1`,
    [batchId],
  );
  const { ended, talkMs } = rows[0]!; // an aggregate
  return { ...namedAsMeasures(attempts), ENDED: ended, TALK_MS: talkMs };
}

function namedAsMeasures(counts: AttemptCounts): Sums {
  const { sent, pickedUp, successful, voicemail, noAnswer, busy, declined, failed, uncertain, refusals } = counts;
  return {
    SENT: sent,
    ANSWERED: pickedUp,
    SUCCESSFUL: successful,
    VOICEMAIL: voicemail,
    NO_ANSWER: noAnswer,
    BUSY: busy,
    DECLINED: declined,
    failed,
    UNCERTAIN: uncertain,
    REFUSED: refusals,
  };
}

const FAILED = ['INVALID_NUMBER', 'UNREACHABLE', 'PROVIDER_ERROR', 'AGENT_ERROR'];
/** With zeros left out, and the failed outcomes as one, as the counters have them; they have no CANCELLED. */
function comparable(sums: Sums): Sums {
  const failed = FAILED.reduce((sum, outcome) => sum + (sums[outcome] ?? 0), sums['failed'] ?? 0);
  const others = Object.entries({ ...sums, failed }).filter(
    ([name, value]) => ![...FAILED, 'CANCELLED'].includes(name) && value !== 0,
  );
  return Object.fromEntries(others);
}

type Call = { id: string; claimKey: string; dialToken: string };
async function claimCallsOf(batchId: string): Promise<Call[]> {
  const lanes = Array.from({ length: CALLS }, () => lane(batchId));
  const answers = await claim(test.db, workspace, lanes);
  return answers.flatMap((answer, index) =>
    answer.verdict === 'CLAIMED'
      ? [{ id: answer.call.id, claimKey: lanes[index]!.claimKey, dialToken: lanes[index]!.dialToken }]
      : [],
  );
}

/** One thing that may happen to a call, at any time. */
async function happen({ id, claimKey, dialToken }: Call, random: Random): Promise<void> {
  const { pool } = test.db;
  const { workspaceId, providerAccountId } = workspace;
  const told = (overrides: Parameters<typeof fact>[1]) =>
    recordFacts(pool, providerAccountId, [fact(id, { callId: `call-${id}`, ...overrides })]);
  await random.pick<() => Promise<unknown>>([
    () => acceptCall(pool, id, `call-${id}`),
    () => doubtCall(pool, id, dialToken, 'no answer'),
    () => releaseCall(pool, { workspaceId, claimKey, dialToken, why: 'not sent' }),
    () => told({ outcome: random.pick(OUTCOMES.filter((outcome) => outcome !== 'UNCERTAIN')), durationMs: 5_000 }),
    () => told({ outcome: 'ANSWERED', durationMs: 9_000, occurredAt: new Date(Date.now() + 3_600_000) }),
    () => told({ outcome: 'PROVIDER_ERROR', durationMs: null, deferral: 'capacity' }),
    () => told({ kind: 'ANALYZED', outcome: null, durationMs: null, successful: random.share() < 0.5 }),
    () =>
      giveVerdict(pool, {
        workspaceId,
        attemptId: id,
        verdict: random.pick(['CALLED', 'NOT_CALLED', 'GIVE_UP']),
        outcome: 'BUSY',
        actor: 'setup',
        commandId: null,
      }),
  ])();
}

describe('figures', () => {
  it.each(SEEDS)(
    'are what the counters count, whatever happens to calls and in whatever order (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const batchId = await seedBatch(test.db, workspace, { recipients: CALLS });
      const calls = await claimCallsOf(batchId);
      expect(calls).toHaveLength(CALLS);
      const last = calls.pop()!; // there are some
      for (let step = 0; step < CALLS * 5; step++) {
        await happen(random.pick(calls), random);
        if (random.share() < 0.2) await addFigures(test.db.pool);
      }
      await acceptCall(test.db.pool, last.id, 'call-last'); // not added yet
      const counted = comparable(await countedOf(batchId));
      expect(counted['SENT']).toBeGreaterThan(0);
      expect(comparable(await figuresOf('batch', batchId))).toEqual(counted);
      await addFigures(test.db.pool);
      expect(comparable(await figuresOf('batch', batchId))).toEqual(counted);
      expect(comparable(await figuresOf('workspace', workspace.workspaceId))).toEqual(counted);
      expect(await leftToAdd()).toBe(0);
    },
  );

  it('are added once, when several processes add while calls change', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: CALLS });
    const calls = await claimCallsOf(batchId);
    const random = createRandom(9);
    const adders = Array.from({ length: 4 }, async () => {
      for (let count = 0; count < 30; count++) await addFigures(test.db.pool);
    });
    const changers = calls.map(async (call) => {
      for (let count = 0; count < 6; count++) await happen(call, random);
    });
    await Promise.all([...adders, ...changers]);
    const counted = comparable(await countedOf(batchId));
    expect(comparable(await figuresOf('batch', batchId))).toEqual(counted);
    await addFigures(test.db.pool);
    expect(comparable(await figuresOf('batch', batchId))).toEqual(counted);
  });

  it('are read while a transaction that changes them is under way, and again when it has ended', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 2 });
    const [early, late] = await claimCallsOf(batchId);
    const slow = await test.db.pool.connect();
    try {
      await slow.query('BEGIN');
      await acceptCall(slow, early!.id, 'call-early');
      await acceptCall(test.db.pool, late!.id, 'call-late');
      await addFigures(test.db.pool);
      expect(await figuresOf('batch', batchId)).toEqual({ SENT: 1 });
      await slow.query('COMMIT');
    } finally {
      slow.release();
    }
    expect(await figuresOf('batch', batchId)).toEqual({ SENT: 2 });
    await addFigures(test.db.pool);
    expect(await figuresOf('batch', batchId)).toEqual({ SENT: 2 });
    expect(await leftToAdd()).toBe(0);
  });

  it('are added in a cluster that counts its transactions anew, where a dump was restored', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 2 });
    const [dumped, later] = await claimCallsOf(batchId);
    await acceptCall(test.db.pool, dumped!.id, 'call-1');
    await test.db.pool.query(`UPDATE figure_changes SET xid = '99999999999'`);
    await test.db.pool.query(`UPDATE figures_cursor SET xid = '99999999990'`);
    expect(await figuresOf('batch', batchId)).toEqual({ SENT: 1 });
    await addFigures(test.db.pool);
    await acceptCall(test.db.pool, later!.id, 'call-2');
    expect(await figuresOf('batch', batchId)).toEqual({ SENT: 2 });
    await addFigures(test.db.pool);
    expect(await figuresOf('batch', batchId)).toEqual({ SENT: 2 });
    expect(await leftToAdd()).toBe(0);
  });

  it('are each of its own measure, before they are added, after it, and when more of them come', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
    const places = MEASURES.map((measure, index) => [measure, index + 1] as const);
    const expectTimes = async (times: number): Promise<void> => {
      const expected = Object.fromEntries(places.map(([measure, place]) => [measure, times * place]));
      expect(await figuresOf('batch', batchId)).toEqual(expected);
      expect(await figuresOf('workspace', workspace.workspaceId)).toEqual(expected);
    };
    for (const times of [1, 2]) {
      for (const [measure, place] of places) await noteOne(batchId, measure, place);
      await expectTimes(times);
      await addFigures(test.db.pool);
      expect(await leftToAdd()).toBe(0);
      await expectTimes(times);
    }
  });

  it('cost the same to add after many changes while a transaction keeps its snapshot', async () => {
    const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
    const snapshot = new pg.Client({ connectionString: test.url });
    await snapshot.connect();
    try {
      await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await snapshot.query('SELECT FROM workspaces');
      for (let round = 0; round < 12; round++) {
        await Promise.all(Array.from({ length: 500 }, () => noteOne(batchId)));
        await addFigures(test.db.pool);
      }
      expect(await readsOf(test.db.pool, (tx) => addFigures(tx))).toBeLessThan(6_000);
    } finally {
      await snapshot.end();
    }
    expect(await figuresOf('batch', batchId)).toEqual({ BUSY: 6_000 });
  }, 120_000);
});

it('figures of an installation that had a row for each measure are the same after its migration', async () => {
  const old = await createTestDatabase();
  try {
    const { pool } = old.db;
    for (const kind of ['batch', 'workspace'])
      await pool.query(
        `DROP TABLE ${kind}_figures;
         CREATE TABLE ${kind}_figures (${kind}_id uuid NOT NULL, bucket_at timestamptz NOT NULL, measure text NOT NULL,
           value bigint NOT NULL, PRIMARY KEY (${kind}_id, bucket_at, measure));
         INSERT INTO ${kind}_figures SELECT '${OF_BEFORE}', '2026-01-01 09:00Z'::timestamptz + quarter * interval '15 minutes', measure, quarter + place
           FROM generate_series(0, 1) quarter, unnest('{${MEASURES.join(',')}}'::text[]) WITH ORDINALITY m (measure, place)`,
      );
    await pool.query(readRepoFile('prisma/migrations/20261202000020_figure_columns/migration.sql'));
    const quarters = { starts: [new Date('2026-01-01T09:00Z'), new Date('2026-01-01T09:15Z')] };
    for (const kind of ['batch', 'workspace'] as const) {
      const moved = await readFigures(
        pool,
        { kind, id: OF_BEFORE },
        { ...quarters, until: new Date('2026-01-01T10:00Z') },
      );
      const inOrder = moved.sort((a, b) => a.point - b.point).map((figures) => MEASURES.map((name) => figures[name]));
      expect(inOrder).toEqual([MEASURES.map((_, index) => index + 1), MEASURES.map((_, index) => index + 2)]);
    }
  } finally {
    await old.drop();
  }
});

async function leftToAdd(): Promise<number> {
  const { rows } = await test.db.pool.query('SELECT count(*)::int AS left FROM figure_changes');
  return rows[0].left;
}

async function noteOne(batchId: string, measure = 'BUSY', change = 1): Promise<void> {
  await test.db.pool.query(
    `INSERT INTO figure_changes (workspace_id, batch_id, bucket_at, measure, change)
     VALUES ($1, $2, date_bin('15 minutes', dialwright_now(), '2000-01-01 00:00+00'), $3, $4)`,
    [workspace.workspaceId, batchId, measure, change],
  );
}
