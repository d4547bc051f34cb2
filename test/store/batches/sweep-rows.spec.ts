import { expireRecipients, forgetLeftovers } from '../../../store/batches/sweep-rows.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claimOne, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

it('fails those who wait past their last time, as expired, and nobody who is in a call or may still be called', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 4 });
  await claimOne(test.db, workspace, batchId);
  await test.db.pool.query(
    `UPDATE recipient_states s SET not_after = dialwright_now() + CASE place WHEN 3 THEN interval '1 hour' ELSE interval '-1 s' END
     FROM (SELECT recipient_id, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $1) p
     WHERE p.recipient_id = s.recipient_id AND place < 4`,
    [batchId],
  );

  expect(await expireRecipients(test.db.pool)).toBe(1);

  expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'FAILED', 'WAITING', 'WAITING']);
  const failed = await test.db.prisma.recipientState.findFirstOrThrow({ where: { batchId, state: 'FAILED' } });
  expect(failed).toMatchObject({ lastError: 'EXPIRED', waitReason: null });
});

it('forgets idempotency keys after a day, and no younger ones', async () => {
  const add = (key: string, age: string): Promise<unknown> =>
    test.db.pool.query(
      `INSERT INTO idempotency_keys (workspace_id, key, operation, body_hash, created_at) VALUES ($1, $2, 'createBatch', '', dialwright_now() - $3::interval)`,
      [workspace.workspaceId, key, age],
    );
  await add('of yesterday', '25 hours');
  await add('of today', '23 hours');

  await forgetLeftovers(test.db.pool);

  const { rows } = await test.db.pool.query('SELECT key FROM idempotency_keys');
  expect(rows).toEqual([{ key: 'of today' }]);
});
