import { listBatches } from '../../../store/batches/read-batches.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { readsOf } from '../support/count-reads.js';

/** A page tells of each batch whether another has its name: that may not read all the others. */
const BATCHES = 20_000;
const PAGE = 50;
/** Rows and index entries that a batch on a page may read. */
const READS_OF_EACH = 40;

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
  const batchId = await seedBatch(test.db, workspace, { status: 'PAUSED', recipients: 0 });
  await test.db.pool.query(
    `INSERT INTO batches (workspace_id, name, status, from_number_id, agent_id, time_zone, "window", start_at, sweep_at)
     SELECT workspace_id, 'Batch ' || g / 2, 'PAUSED', from_number_id, agent_id, time_zone, "window", start_at, NULL
       FROM batches, generate_series(1, $2::integer) g WHERE id = $1`,
    [batchId, BATCHES],
  );
  await test.db.pool.query('ANALYZE batches');
});
afterAll(() => test.drop());

it('a page of batches among many reads little more than itself', async () => {
  const filter = {
    kinds: ['BATCH'],
    nameContains: null,
    batchId: null,
    statuses: null,
    after: null,
    limit: PAGE,
  } as const;
  let taken = 0;
  const reads = await readsOf(test.db.pool, async (client) => {
    const page = await listBatches(client, workspace.workspaceId, filter);
    taken = page.filter(({ sameNameId }) => sameNameId !== null).length;
  });
  expect(taken).toBeGreaterThan(PAGE / 2);
  expect(reads).toBeLessThan(PAGE * READS_OF_EACH);
});
