import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';

/** Two that add recipients of a zone that the batch did not have: a row of an import, and a request. */
let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

const HOURS = JSON.stringify({ hoursIn: 'batch', purpose: null, unknownZone: 'hold' });
const ZONE = 'Europe/Lisbon';

it.each([
  [
    'adds recipients',
    (db: pg.ClientBase, batchId: string) =>
      db.query('SELECT result FROM add_recipients($1, $2, $3, $4, $5)', [
        ...[workspace.workspaceId, batchId, ['RUNNING']],
        ...[JSON.stringify([{ phone: '+12025550181', zoneSet: ZONE }]), HOURS],
      ]),
    'ADDED',
  ],
  [
    'gives a recipient its zone',
    async (db: pg.ClientBase, batchId: string) =>
      db.query('SELECT result FROM edit_recipient($1, $2, $3, $4, $5, $6)', [
        ...[workspace.workspaceId, (await test.db.prisma.recipient.findFirstOrThrow({ where: { batchId } })).id],
        ...[['RUNNING'], JSON.stringify({ timeZone: ZONE, zoneSet: ZONE }), HOURS, '"test"'],
      ]),
    'EDITED',
  ],
])('an import and a request that %s never wait for each other in a circle', async (_what, request, result) => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
  await test.db.pool.query('UPDATE batches SET openings_until = NULL WHERE id = $1', [batchId]);
  const importId = await seedImport(batchId);
  const [importing, requesting] = [await connect(), await connect()];
  const barrier = await holdImports();
  try {
    const moved = importing.query('SELECT move_import_rows($1, 100)', [importId]);
    await untilWaiting(1);
    const requested = request(requesting, batchId);
    await untilWaiting(2);
    await barrier.query('SELECT pg_advisory_unlock(99, 1)');
    await moved;
    expect((await requested).rows).toEqual([{ result }]);
  } finally {
    await Promise.all([importing, requesting, barrier].map((client) => client.end()));
    await test.db.pool.query('DROP TRIGGER z_barrier ON recipient_states');
  }
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: test.url });
  await client.connect();
  return client;
}

async function seedImport(batchId: string): Promise<string> {
  const { rows } = await test.db.pool.query(
    `WITH i AS (INSERT INTO imports (workspace_id, batch_id, file_name, status, rows_outstanding)
       VALUES ($1, $2, 'people.csv', 'CONFIRMED', true) RETURNING id),
     r AS (INSERT INTO import_rows (import_id, accepted, row_number, content) SELECT id, true, 1, $3 FROM i)
     SELECT id FROM i`,
    [workspace.workspaceId, batchId, JSON.stringify({ phone: '+12025550182', zoneSet: ZONE })],
  );
  return rows[0].id;
}

/** Rows that are added wait for this connection, after their zone sets were written. */
async function holdImports(): Promise<pg.Client> {
  const barrier = await connect();
  await barrier.query('SELECT pg_advisory_lock(99, 1)');
  await barrier.query(`
    CREATE OR REPLACE FUNCTION wait_at_barrier() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock_shared(99, 1); RETURN NULL; END';
    CREATE TRIGGER z_barrier AFTER INSERT ON recipient_states FOR EACH STATEMENT EXECUTE FUNCTION wait_at_barrier()`);
  return barrier;
}

async function untilWaiting(count: number): Promise<void> {
  await eventually(async () => {
    const { rowCount } = await test.db.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(rowCount).toBe(count);
  });
}
