import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seedBatch, seedWorkspace } from '../support/seed.js';

/** What belongs to a workspace names it when it refers to another row of it, so that a forgotten check fails in the database. */
let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

/** References without the workspace, and why each may do without. */
const EXEMPT: Record<string, string> = {
  'attempts.recipient_id':
    'recipients have no workspace: only the claim writes attempts, from a recipient of its batch',
  'audit_events.attempt_id':
    'a key of attempts would cost each call an index; functions that hold the attempt write it',
  'members.person_id': 'a person may be a member of several workspaces',
  'call_events.attempt_id': 'the same; record_facts and match_strays write it, for attempts of the account',
};
/** Tables that name no workspace: rows of a batch or an account, written by a few functions that are given it checked. */
const WITHOUT_WORKSPACE: Record<string, string> = {
  api_heartbeat: 'of the installation',
  installation: 'of the installation',
  lane_processes: 'of the installation',
  oidc_identities: 'of a person',
  people: 'one person may be a member of several workspaces',
  recovery_codes: 'of a person',
  second_factors: 'of a person, who may be a member of several workspaces',
  sessions: 'of a person: its workspace is read with the member at each request',
  sign_in_links: 'of a person',
  rate_limits: 'of the installation: what keys and addresses have asked for in a minute',
  sweep_steps: 'of the installation',
  workspaces: 'the workspace itself',
  webhook_gaps: 'of an account: note_webhook_gap',
  batch_counts: 'of a batch: keepCounts',
  batch_figures: 'of a batch: add_quarters',
  figures_cursor: 'of the installation',
  batch_zones: 'of a batch: its trigger, edit_recipient and write_zone_sets',
  claim_cursors: 'of a batch: move_claim_cursors',
  openings: 'of a batch: write_openings',
  import_rows: 'of an import: its upload; a key would cost a quarter of that',
  import_fix_rows: 'of an import: write_fixed_rows',
  recipients: 'of a batch: insert_recipients; a million rows are added at once',
  recipient_states: 'of a recipient: the same',
};

it('every reference between rows of workspaces names the workspace, but for the exempt', async () => {
  const { rows } = await test.db.pool.query<{ reference: string }>(`
    SELECT f.conrelid::regclass || '.' || a.attname AS reference FROM pg_constraint f
      JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[cardinality(f.conkey)]
    WHERE f.contype = 'f' AND f.conparentid = 0 AND f.connamespace = 'public'::regnamespace AND f.confrelid <> 'workspaces'::regclass
      AND EXISTS (SELECT FROM pg_attribute w WHERE w.attrelid = f.conrelid AND w.attname = 'workspace_id')
      AND NOT EXISTS (SELECT FROM pg_attribute w WHERE w.attrelid = f.conrelid AND w.attnum = ANY (f.conkey) AND w.attname = 'workspace_id')
    ORDER BY 1`);
  expect(rows.map(({ reference }) => reference)).toEqual(Object.keys(EXEMPT).sort());
});

it('every table names its workspace, but for the exempt', async () => {
  const { rows } = await test.db.pool.query<{ name: string }>(`
    SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
      AND c.relname <> '_prisma_migrations'
      AND NOT EXISTS (SELECT FROM pg_attribute w WHERE w.attrelid = c.oid AND w.attname = 'workspace_id') ORDER BY 1`);
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(WITHOUT_WORKSPACE).sort());
});

it.each([
  ['agents', 'provider_account_id', 'providerAccountId'],
  ['phone_numbers', 'provider_account_id', 'providerAccountId'],
  ['phone_numbers', 'outbound_agent_id', 'agentId'],
  ['batches', 'from_number_id', 'fromNumberId'],
  ['batches', 'agent_id', 'agentId'],
] as const)("a row of %s is refused the %s of another workspace's", async (table, column, key) => {
  const [mine, theirs] = [await seedWorkspace(test.db), await seedWorkspace(test.db)];
  await seedBatch(test.db, mine);
  // Nothing else may refuse it.
  await test.db.pool.query(`UPDATE agents SET provider_agent_id = 'agent-2' WHERE workspace_id = $1`, [
    theirs.workspaceId,
  ]);
  await test.db.pool.query(`UPDATE phone_numbers SET phone = '+12025550101' WHERE workspace_id = $1`, [
    theirs.workspaceId,
  ]);
  await expect(
    test.db.pool.query(`UPDATE ${table} SET ${column} = $2 WHERE workspace_id = $1`, [mine.workspaceId, theirs[key]]),
  ).rejects.toMatchObject({ code: '23503' });
});

it("an import is refused another workspace's batch", async () => {
  const [mine, theirs] = [await seedWorkspace(test.db), await seedWorkspace(test.db)];
  const batchId = await seedBatch(test.db, theirs);
  await expect(
    test.db.pool.query(`INSERT INTO imports (workspace_id, batch_id, file_name) VALUES ($1, $2, 'people.csv')`, [
      mine.workspaceId,
      batchId,
    ]),
  ).rejects.toMatchObject({ code: '23503' });
});
