import pg from 'pg';
import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { changeBatch } from '../../store/changes/change-batch.js';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seedBatch, seedWorkspace } from '../support/seed.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

it('holds the workspace lock for nobody while it looks for recipients to retry', async () => {
  const workspace = await seedWorkspace(test.db);
  const { workspaceId } = workspace;
  const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
  await test.db.pool.query(`UPDATE batches SET status = 'COMPLETED' WHERE id = $1`, [batchId]);
  await test.db.pool.query(`UPDATE recipient_states SET state = 'NO_ANSWER' WHERE batch_id = $1`, [batchId]);
  const holder = new pg.Client({ connectionString: test.url });
  await holder.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('LOCK TABLE recipient_states IN ACCESS EXCLUSIVE MODE');
    const retried = changeBatch(test.db.pool, {
      workspaceId,
      batchId,
      action: 'retry',
      from: ALLOWED_WHEN.retry,
      actor: 'test',
      commandId: null,
    });
    await eventually(async () => {
      const { rowCount } = await test.db.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    });
    const { rows } = await test.db.pool.query(
      'SELECT pg_try_advisory_xact_lock(1, lock_key) AS free FROM workspaces WHERE id = $1',
      [workspaceId],
    );
    expect(rows).toEqual([{ free: true }]);
    await holder.query('COMMIT');
    expect(await retried).toMatchObject({ result: 'CHANGED', status: 'PENDING' });
  } finally {
    await holder.end();
  }
});
