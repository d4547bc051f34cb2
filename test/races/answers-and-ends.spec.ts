import pg from 'pg';
import type { CallFact } from '../../domain/calls/call-fact.js';
import { publicId } from '../../domain/ids.js';
import { createFactWriter } from '../../store/facts/create-fact-writer.js';
import { recordFacts } from '../../store/facts/record-facts.js';
import { noteAbsent } from '../../store/attempts/settle-attempts.js';
import { acceptCalls, doubtCall } from '../../store/calls/answer-call.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import {
  acceptCall,
  claim,
  claimOne,
  lane,
  readAttempt,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../support/seed.js';

/** Races on real connections: every pool.query below runs on a connection of its own. */
let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db, { concurrencyLimit: 7 });
});
afterAll(() => test.drop());

it('ends in one state when the answer and the end of a call race', async () => {
  for (let round = 0; round < 25; round++) {
    const batchId = await seedBatch(test.db, workspace, { phones: [`+1202555${2000 + round}`] });
    const call = await claimOne(test.db, workspace, batchId);
    const ended = {
      eventKey: `${call.id}:ended`,
      kind: 'ENDED' as const,
      callId: `call-${call.id}`,
      reference: publicId('attempt', call.id),
      occurredAt: new Date(),
      outcome: 'BUSY' as const,
      endReason: 'dial_busy',
      durationMs: 0,
      successful: null,
      details: {},
    };
    await Promise.all([
      acceptCall(test.db.pool, call.id, ended.callId),
      recordFacts(test.db.pool, workspace.providerAccountId, [ended]),
      recordFacts(test.db.pool, workspace.providerAccountId, [ended]),
      doubtCall(test.db.pool, call.id, call.dialToken, 'race'),
      noteAbsent(test.db.pool, call.id, 0, 0),
    ]);
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'ENDED',
      outcome: 'BUSY',
      slotHeld: false,
      providerCallId: ended.callId,
    });
    expect(await recipientStates(test.db, batchId)).toEqual(['NO_ANSWER']);
  }
});

it('records answers and events of the same calls, many in a commit, without one waiting for the other in a circle', async () => {
  await test.db.pool.query('UPDATE workspaces SET concurrency_limit = 1000 WHERE id = $1', [workspace.workspaceId]);
  for (let round = 0; round < 15; round++) {
    const phones = Array.from({ length: 16 }, (_, index) => `+1202556${String(round * 16 + index).padStart(4, '0')}`);
    const batchId = await seedBatch(test.db, workspace, { phones });
    const claimed = await claim(
      test.db,
      workspace,
      phones.map(() => lane(batchId)),
    );
    const calls = claimed.flatMap((answer) => (answer.verdict === 'CLAIMED' ? [answer.call] : []));
    expect(calls).toHaveLength(16);
    const told = (kind: 'STARTED' | 'ENDED' | 'ANALYZED') =>
      calls.map((call) => ({
        eventKey: `${call.id}:${kind}`,
        kind,
        callId: `call-${call.id}`,
        reference: publicId('attempt', call.id),
        occurredAt: new Date(),
        outcome: kind === 'ENDED' ? ('ANSWERED' as const) : null,
        endReason: null,
        durationMs: 1_000,
        successful: kind === 'ANALYZED' ? true : null,
        details: {},
      }));
    const accepted = calls.map(({ id }) => ({ attemptId: id, callId: `call-${id}` }));
    const { providerAccountId } = workspace;
    await Promise.all([
      acceptCalls(test.db.pool, accepted),
      recordFacts(test.db.pool, providerAccountId, told('STARTED').toReversed()),
      recordFacts(test.db.pool, providerAccountId, told('ENDED')),
      acceptCalls(test.db.pool, accepted.toReversed()),
      recordFacts(test.db.pool, providerAccountId, told('ANALYZED').toReversed()),
    ]);
    expect(await recipientStates(test.db, batchId)).toEqual(phones.map(() => 'COMPLETED'));
  }
});

describe('a row that somebody holds', () => {
  let pool: pg.Pool;
  let holder: pg.PoolClient;
  beforeEach(async () => {
    // Without a time-out of its own for locks, it would wait for ever.
    pool = new pg.Pool({ connectionString: test.url, max: 3 });
    // The database is dropped while PostgreSQL may still be closing these connections.
    pool.on('connect', (client) => client.on('error', () => {}));
    holder = await test.db.pool.connect();
    await holder.query('BEGIN');
  });
  afterEach(async () => {
    await holder.query('ROLLBACK');
    holder.release();
    await pool.end();
  });

  /** Calls under way whose recipients are held, then one more that is not. */
  async function claimed(of: Workspace, phones: string[]): Promise<{ held: string[]; free: string }> {
    const batchId = await seedBatch(test.db, of, { phones });
    const ids: string[] = [];
    for (const _ of phones) ids.push((await claimOne(test.db, of, batchId)).id);
    const held = ids.slice(0, -1);
    await holder.query(
      'SELECT FROM recipient_states WHERE recipient_id IN (SELECT recipient_id FROM attempts WHERE id = ANY ($1)) FOR UPDATE',
      [held],
    );
    return { held, free: ids.at(-1)! };
  }

  const factOf = (id: string, fact: Partial<CallFact> = {}): CallFact => ({
    eventKey: `${id}:started`,
    kind: 'STARTED',
    callId: `call-${id}`,
    reference: publicId('attempt', id),
    occurredAt: new Date(),
    outcome: null,
    endReason: null,
    durationMs: null,
    successful: null,
    details: {},
    ...fact,
  });

  /** Who is told while the rows are held, and then all. */
  async function expectToldFirst(first: string, writes: Record<string, Promise<void>>): Promise<void> {
    const told: string[] = [];
    const all = Object.entries(writes).map(([who, written]) => written.then(() => told.push(who)));
    try {
      await eventually(() => expect(told).toEqual([first]), FIRST_MAX_MS);
    } finally {
      await holder.query('COMMIT');
      await Promise.all(all);
    }
    expect(told.length).toBe(all.length);
  }

  it('keeps nobody waiting: only what needs it', async () => {
    const { held, free } = await claimed(workspace, ['+12025553901', '+12025553902']);
    const write = createFactWriter(pool, { aloneMax: 1 });
    await expectToldFirst('free', {
      held: write(workspace, [factOf(held[0]!)]),
      free: write(workspace, [factOf(free)]),
    });
  });

  it('keeps nothing of its account waiting that is written alone too', async () => {
    const { held, free } = await claimed(workspace, ['+12025553921', '+12025553922']);
    const write = createFactWriter(pool, { aloneMax: 2 });
    await expectToldFirst('free', {
      held: write(workspace, [factOf(held[0]!, PUT_OFF)]),
      free: write(workspace, [factOf(free, PUT_OFF)]),
    });
  });

  it('keeps no other workspace waiting, however many of one do', async () => {
    const { held } = await claimed(workspace, ['+12025553911', '+12025553912', '+12025553913', '+12025553914']);
    const other = await seedWorkspace(test.db, { concurrencyLimit: 7 });
    const { free } = await claimed(other, ['+12025553915']);
    const write = createFactWriter(pool, { aloneMax: 1 });
    // Written at once, each alone: it may back the number off.
    const alone = held.map((id) => [id, write(workspace, [factOf(id, PUT_OFF)])] as const);
    await expectToldFirst('other', {
      ...Object.fromEntries(alone),
      other: write(other, [factOf(free)]),
    });
  });

  it('keeps no other workspace waiting, however many accounts of one do', async () => {
    const { held } = await claimed(workspace, ['+12025553931', '+12025553932', '+12025553933', '+12025553934']);
    const other = await seedWorkspace(test.db, { concurrencyLimit: 7 });
    const { free } = await claimed(other, ['+12025553935']);
    const write = createFactWriter(pool, { aloneMax: 1 });
    const alone: Record<string, Promise<void>> = {};
    for (const id of held) {
      const { rows } = await test.db.pool.query(
        `INSERT INTO provider_accounts SELECT (jsonb_populate_record(account, jsonb_build_object(
             'id', gen_random_uuid(), 'name', gen_random_uuid()))).*
           FROM provider_accounts account WHERE id = $1 RETURNING id`,
        [workspace.providerAccountId],
      );
      const providerAccountId: string = rows[0].id;
      await test.db.pool.query('UPDATE attempts SET provider_account_id = $2 WHERE id = $1', [id, providerAccountId]);
      alone[id] = write({ ...workspace, providerAccountId }, [factOf(id, PUT_OFF)]);
    }
    await expectToldFirst('other', { ...alone, other: write(other, [factOf(free)]) });
  });
});

/** Shorter than PostgreSQL lets who holds rows be idle. */
const FIRST_MAX_MS = 5_000;
const PUT_OFF: Partial<CallFact> = { kind: 'ENDED', deferral: 'capacity' };
