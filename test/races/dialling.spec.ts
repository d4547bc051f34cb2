import pg from 'pg';
import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { acceptCalls, deferCall, doubtCall, releaseCall } from '../../store/calls/answer-call.js';
import { changeBatch } from '../../store/batches/change-batch.js';
import { createFactWriter } from '../../store/attempts/gather-facts.js';
import { publicId } from '../../domain/ids.js';
import { lookAtBatch } from '../../store/batches/look-at-batch.js';
import { doChunkWork } from '../../store/batches/sweep-rows.js';
import { takeWake } from '../../store/batches/wake-batches.js';
import { recordFacts } from '../../store/attempts/record-facts.js';
import { noteAbsent } from '../../store/attempts/settle-attempts.js';
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

it('gives ten racing workers together no more calls than slots, and nobody twice', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 30 });
  const workers = Array.from({ length: 10 }, (_, worker) =>
    claim(test.db, workspace, [lane(batchId), lane(batchId), lane(batchId)], `worker-${worker}`),
  );
  const claimed = (await Promise.all(workers))
    .flat()
    .flatMap((answer) => (answer.verdict === 'CLAIMED' ? [answer.call.to] : []));
  expect(claimed).toHaveLength(7);
  expect(new Set(claimed).size).toBe(7);
});

it.each([
  ['the limit of the number', 'UPDATE phone_numbers SET concurrency_limit = 4 WHERE id = $1', 4],
  ['its calls per second', 'UPDATE phone_numbers SET calls_per_second = 5 WHERE id = $1', 5],
])('gives racing workers with two batches together no more calls than %s', async (_what, sql, most) => {
  await test.db.pool.query(sql, [workspace.fromNumberId]);
  const batches = [
    await seedBatch(test.db, workspace, { recipients: 20 }),
    await seedBatch(test.db, workspace, {
      phones: Array.from({ length: 20 }, (_, index) => `+1202556${1000 + index}`),
    }),
  ];
  const workers = Array.from({ length: 10 }, (_, worker) =>
    claim(
      test.db,
      workspace,
      batches.flatMap((id) => [lane(id), lane(id)]),
      `worker-${worker}`,
    ),
  );
  const claimed = (await Promise.all(workers)).flat().filter((answer) => answer.verdict === 'CLAIMED');
  expect(claimed).toHaveLength(most);
});

it('gives a claim key that is used on two connections at once one attempt', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 5 });
  const same = lane(batchId);
  const answers = (await Promise.all([claim(test.db, workspace, [same]), claim(test.db, workspace, [same])])).flat();
  expect(answers.map((answer) => answer.verdict).sort()).toEqual(['CLAIMED', 'REPEATED']);
  expect(await test.db.prisma.attempt.count({ where: { batchId } })).toBe(1);
});

it('commits no dial after a pause has been answered', async () => {
  await test.db.pool.query('UPDATE workspaces SET concurrency_limit = 10000 WHERE id = $1', [workspace.workspaceId]);
  for (let round = 0; round < 15; round++) {
    const batchId = await seedBatch(test.db, workspace, {
      phones: Array.from({ length: 400 }, (_, index) => `+1202${5_000_000 + round * 1_000 + index}`),
    });
    const countAttempts = () => test.db.prisma.attempt.count({ where: { batchId } });
    const dialler = async (): Promise<void> => {
      for (;;) {
        const answers = await claim(test.db, workspace, [lane(batchId), lane(batchId)]);
        if (answers.some((answer) => answer.verdict === 'END')) return;
      }
    };
    const diallers = Array.from({ length: 6 }, dialler);
    while ((await countAttempts()) < 20);
    await changeBatch(test.db.pool, {
      workspaceId: workspace.workspaceId,
      batchId,
      action: 'pause',
      from: ALLOWED_WHEN.pause,
      actor: 'test',
      commandId: null,
    });
    const atTheAnswer = await countAttempts();
    await Promise.all(diallers);
    // Not by the stamp of the attempts: what matters is that none is committed after the answer.
    expect(await countAttempts()).toBe(atTheAnswer);
    expect(await recipientStates(test.db, batchId)).toContain('WAITING');
  }
});

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

it('keeps nobody waiting for a row that somebody holds: only what needs it', async () => {
  const batchId = await seedBatch(test.db, workspace, { phones: ['+12025553901', '+12025553902'] });
  const held = await claimOne(test.db, workspace, batchId);
  const free = await claimOne(test.db, workspace, batchId);
  // Without a time-out of its own for locks, it would wait for ever.
  const pool = new pg.Pool({ connectionString: test.url, max: 3 });
  const write = createFactWriter(pool);
  const tell = (id: string) =>
    write(workspace.providerAccountId, [
      {
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
      },
    ]);
  const told: string[] = [];
  const holder = await test.db.pool.connect();
  try {
    await holder.query('BEGIN');
    await holder.query(
      'SELECT FROM recipient_states WHERE recipient_id = (SELECT recipient_id FROM attempts WHERE id = $1) FOR UPDATE',
      [held.id],
    );
    const stuck = tell(held.id).then(() => told.push('held'));
    await tell(free.id).then(() => told.push('free'));
    await holder.query('COMMIT');
    await stuck;
  } finally {
    holder.release();
    await pool.end();
  }
  expect(told).toEqual(['free', 'held']);
});

it('never both releases a call and gives its recipient to two lanes', async () => {
  await test.db.pool.query('UPDATE workspaces SET concurrency_limit = 100 WHERE id = $1', [workspace.workspaceId]);
  for (let round = 0; round < 10; round++) {
    const batchId = await seedBatch(test.db, workspace, { phones: [`+1202555${3000 + round}`] });
    const call = await claimOne(test.db, workspace, batchId);
    const release = {
      workspaceId: workspace.workspaceId,
      claimKey: call.claimKey,
      dialToken: call.dialToken,
      why: 'race',
    };
    const answers = await Promise.all([
      releaseCall(test.db.pool, release),
      ...Array.from({ length: 4 }, () => claim(test.db, workspace, [lane(batchId)])),
    ]);
    const claimed = answers.flat().filter((answer) => typeof answer === 'object' && answer.verdict === 'CLAIMED');
    expect(claimed.length).toBeLessThanOrEqual(1);
    expect(await test.db.prisma.attempt.count({ where: { batchId, slotHeld: true } })).toBe(claimed.length);
  }
});

it('starts and is cancelled at the same time without a deadlock', async () => {
  for (let round = 0; round < 20; round++) {
    const batchId = await seedBatch(test.db, workspace, { status: 'SCHEDULED', phones: [`+1202555${4000 + round}`] });
    await takeWake(test.db.pool, batchId);
    const { workspaceId } = workspace;
    const cancel = {
      workspaceId,
      batchId,
      action: 'cancel',
      from: ALLOWED_WHEN.cancel,
      actor: 'test',
      commandId: null,
    } as const;
    const [, cancelled] = await Promise.all([
      lookAtBatch(test.db.pool, batchId, 250),
      changeBatch(test.db.pool, cancel),
    ]);
    expect(cancelled.result).toBe('CHANGED');
  }
});

it('leaves nobody waiting in a cancelled batch when a refused call is put back at the same time', async () => {
  for (let round = 0; round < 25; round++) {
    const batchId = await seedBatch(test.db, workspace, { phones: [`+1202555${5000 + round}`] });
    await test.db.pool.query('UPDATE phone_numbers SET backoff_ms = 0');
    const call = await claimOne(test.db, workspace, batchId);
    const { workspaceId } = workspace;
    const cancel = {
      workspaceId,
      batchId,
      action: 'cancel',
      from: ALLOWED_WHEN.cancel,
      actor: 'test',
      commandId: null,
    } as const;
    await Promise.all([
      deferCall(test.db.pool, {
        attemptId: call.id,
        dialToken: call.dialToken,
        deferral: 'capacity',
        endReason: '429',
        retryAfterMs: null,
      }),
      changeBatch(test.db.pool, cancel).then(() => doChunkWork(test.db.pool, batchId)),
    ]);
    expect(await recipientStates(test.db, batchId)).toEqual(['CANCELLED']);
  }
});

describe('a cancel that is being committed', () => {
  /** Cancels in an open transaction, lets `putBack` run into it, and commits. */
  async function whileCancelling(batchId: string, putBack: () => Promise<unknown>): Promise<void> {
    const tx = await test.db.pool.connect();
    let isDone = false;
    try {
      await tx.query('BEGIN');
      await changeBatch(tx, {
        workspaceId: workspace.workspaceId,
        batchId,
        action: 'cancel',
        from: ALLOWED_WHEN.cancel,
        actor: 'test',
        commandId: null,
      });
      const done = putBack().finally(() => (isDone = true));
      await eventually(async () => {
        const { rowCount } = await test.db.pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(isDone || rowCount === 1).toBe(true);
      });
      await tx.query('COMMIT');
      await done;
    } finally {
      tx.release();
    }
  }

  it('is seen by a refused call that is put back', async () => {
    const batchId = await seedBatch(test.db, workspace, { phones: ['+12025556001'] });
    const { id, dialToken } = await claimOne(test.db, workspace, batchId);
    await whileCancelling(batchId, () =>
      deferCall(test.db.pool, { attemptId: id, dialToken, deferral: 'capacity', endReason: '429', retryAfterMs: null }),
    );
    expect(await recipientStates(test.db, batchId)).toEqual(['CANCELLED']);
  });

  it('is seen by an end that the retry policy would call again', async () => {
    const batchId = await seedBatch(test.db, workspace, { phones: ['+12025556002'] });
    await test.db.pool.query(
      `UPDATE batches SET max_attempts = 2, retry_policy = '{"outcomes": {"BUSY": {"attempts": 2, "delayMs": 0}}}' WHERE id = $1`,
      [batchId],
    );
    const { id } = await claimOne(test.db, workspace, batchId);
    const busy = {
      eventKey: `${id}:ended`,
      kind: 'ENDED' as const,
      callId: `call-${id}`,
      reference: publicId('attempt', id),
      occurredAt: new Date(),
      outcome: 'BUSY' as const,
      endReason: 'dial_busy',
      durationMs: 0,
      successful: null,
      details: {},
    };
    await whileCancelling(batchId, () => recordFacts(test.db.pool, workspace.providerAccountId, [busy]));
    expect(await recipientStates(test.db, batchId)).toEqual(['NO_ANSWER']);
  });
});
