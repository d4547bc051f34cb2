import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { publicId } from '../../domain/ids.js';
import { recordFacts } from '../../store/facts/record-facts.js';
import { changeBatch } from '../../store/changes/change-batch.js';
import { lookAtBatch } from '../../store/batches/look-at-batch.js';
import { doChunkWork } from '../../store/batches/sweep-rows.js';
import { takeWake } from '../../store/batches/wake-batches.js';
import { deferCall } from '../../store/calls/answer-call.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { claimOne, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';

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
    await test.db.pool.query('UPDATE phone_numbers SET backoff_ms = 0, call_ceiling = NULL');
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
