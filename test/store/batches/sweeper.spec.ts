import type { Client } from '@temporalio/client';
import { startSweeper } from '../../../activities/sweeper.js';
import { createLogger } from '../../../platform/logger.js';
import { changeBatch } from '../../../store/batches/change-batch.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

async function withSweeper(work: () => Promise<void>): Promise<void> {
  const sweeper = startSweeper({
    db: test.db,
    logger: createLogger('silent', 'test'),
    temporal: {} as Client, // the batches here are paused: no run is asked for
    settings: { dialBudgetMs: 250, sweepIntervalMs: 50, runCheckIntervalMs: 600_000 },
  });
  try {
    await work();
  } finally {
    await sweeper.stop();
  }
}

/** A confirmed import of one row that has not become a recipient yet. */
async function seedImport(id: string, phone: string): Promise<string> {
  const batchId = await seedBatch(test.db, workspace, { status: 'PAUSED', recipients: 0 });
  await test.db.pool.query(
    `INSERT INTO imports (id, workspace_id, batch_id, file_name, status, rows_outstanding, accepted_rows)
     VALUES ($1, $2, $3, 'people.csv', 'CONFIRMED', true, 1)`,
    [id, workspace.workspaceId, batchId],
  );
  await test.db.pool.query(
    'INSERT INTO import_rows (import_id, row_number, accepted, content) VALUES ($1, 1, true, $2)',
    [id, JSON.stringify({ phone })],
  );
  return batchId;
}

it('moves the rows of an import behind one whose rows cannot be moved', async () => {
  await seedImport('00000000-0000-7000-8000-000000000001', 'no number at all');
  const good = await seedImport('00000000-0000-7000-8000-000000000002', '+12025550101');
  await withSweeper(() =>
    eventually(async () => expect(await recipientStates(test.db, good)).toEqual(['WAITING']), 5_000),
  );
});

it('gives up an upload whose process died although the hours of a batch cannot be computed', async () => {
  const broken = await seedBatch(test.db, workspace, { status: 'PAUSED', opening: null, recipients: 0 });
  await test.db.pool.query(`UPDATE batches SET blackout_dates = '7' WHERE id = $1`, [broken]);
  const { id } = await test.db.prisma.import.create({
    data: { workspaceId: workspace.workspaceId, batchId: broken, fileName: 'people.csv', heartbeatAt: new Date(0) },
  });
  await withSweeper(() =>
    eventually(
      async () => expect(await test.db.prisma.import.findUnique({ where: { id } })).toMatchObject({ status: 'FAILED' }),
      5_000,
    ),
  );
});

it('cancels the recipients of a batch that is deleted while it runs', async () => {
  const batchId = await seedBatch(test.db, workspace, { status: 'PAUSED', recipients: 3 });
  const change = { workspaceId: workspace.workspaceId, batchId, actor: 'test', commandId: null };
  expect(await changeBatch(test.db.pool, { ...change, action: 'delete', from: ['PAUSED'] })).toMatchObject({
    result: 'CHANGED',
  });
  await withSweeper(() =>
    eventually(async () =>
      expect(await recipientStates(test.db, batchId)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']),
    ),
  );
  expect(await test.db.prisma.batch.findUnique({ where: { id: batchId } })).toMatchObject({ chunkWork: null });
});
