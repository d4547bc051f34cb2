import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { grantRunRole, mayChangeAudit } from '../../store/run-role.js';
import { openDatabase, type Database } from '../../store/database.js';
import { forgetLeftovers } from '../../store/batches/sweep-rows.js';
import { recordAudit } from '../../store/people/record-audit.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { acceptCall, claimOne, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';

/** One role owns the tables, another runs the product. */
const role = `run_${randomUUID().slice(0, 8)}`;
let test: TestDatabase;
let owner: pg.Client;
let run: Database;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  owner = new pg.Client({ connectionString: test.url });
  await owner.connect();
  const url = new URL(test.url);
  url.username = role;
  url.password = 'of the role';
  await grantRunRole(owner, url.href);
  run = openDatabase({ url: url.href, connectionsMax: 2 });
  workspace = await seedWorkspace(run);
});
afterAll(async () => {
  await run.close();
  await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  await owner.end();
  await test.drop();
});

const record = () =>
  recordAudit(run.pool, { workspaceId: workspace.workspaceId, actor: 'test', action: 'rename', entry: {} });

it('does what the product does: it places calls and records who did what', async () => {
  const batchId = await seedBatch(run, workspace);
  const call = await claimOne(run, workspace, batchId);
  await acceptCall(run.pool, call.id, 'call-1');
  await record();
  expect(await run.prisma.auditEvent.count({ where: { action: 'rename' } })).toBe(1);
});

it.each([
  `UPDATE audit_events SET actor = 'nobody'`,
  'DELETE FROM audit_events',
  `INSERT INTO audit_events (workspace_id, actor, action, at) SELECT id, 'nobody', 'test', '2020-01-01' FROM workspaces`,
  `INSERT INTO audit_events (workspace_id, actor, action) SELECT id, 'nobody', 'test' FROM workspaces`,
  `INSERT INTO %month% (workspace_id, actor, action) SELECT id, 'nobody', 'test' FROM workspaces`,
  `INSERT INTO commands (command_id, workspace_id, applied) SELECT 'mine', id, true FROM workspaces`,
  'UPDATE commands SET applied = true',
  'DELETE FROM commands',
  'TRUNCATE audit_events',
  'DROP TABLE audit_events',
  'ALTER TABLE audit_events DISABLE TRIGGER ALL',
  'DELETE FROM audit_events_other',
  `UPDATE %month% SET actor = 'nobody'`,
  'DROP TABLE %month%',
  'TRUNCATE commands',
  'CREATE TABLE mine ()',
  'CREATE OR REPLACE FUNCTION dialwright_now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$',
  'DELETE FROM _prisma_migrations',
])('may not: %s', async (sql) => {
  await record();
  const { rows } = await run.pool.query(`SELECT tableoid::regclass::text AS month FROM audit_events LIMIT 1`);
  await expect(run.pool.query(sql.replace('%month%', rows[0].month))).rejects.toMatchObject({ code: '42501' });
});

it('may not change the audit, as the owner may', async () => {
  expect([await mayChangeAudit(run.pool), await mayChangeAudit(test.db.pool)]).toEqual([false, true]);
});

it('records at the time of the database, whatever is asked for, and once for each command', async () => {
  const { rows: before } = await run.pool.query('SELECT dialwright_now() AS now');
  const entry = { at: '2020-01-01T00:00:00Z', commandId: 'once' };
  const audit = { workspaceId: workspace.workspaceId, actor: 'test', action: 'sync account', entry } as const;
  expect([await recordAudit(run.pool, audit), await recordAudit(run.pool, audit)]).toEqual([true, false]);
  const found = await run.prisma.auditEvent.findMany({ where: { action: 'sync account' } });
  expect(found).toHaveLength(1);
  expect(found[0]!.at.getTime()).toBeGreaterThanOrEqual(before[0].now.getTime());
});

it('forgets commands of a week ago, and none that are younger', async () => {
  await owner.query(
    `INSERT INTO commands (command_id, workspace_id, applied, at)
     SELECT 'of ' || days, $1, true, dialwright_now() - make_interval(days => days) FROM unnest(ARRAY[6, 8]) AS days`,
    [workspace.workspaceId],
  );
  await forgetLeftovers(run.pool);
  const { rows } = await run.pool.query(`SELECT command_id AS id FROM commands WHERE command_id LIKE 'of %'`);
  expect(rows).toEqual([{ id: 'of 6' }]);
});

it('is lent the rights of the owner by a few functions alone, which look nowhere else for what they name, and nobody else is', async () => {
  const { rows } = await owner.query<{ name: string; path: string; mayAnybody: boolean; mayRun: boolean }>(
    `SELECT proname AS name, proconfig::text LIKE '%search_path=public, pg_temp%' AS path,
       EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) AS "mayAnybody",
       has_function_privilege($1, oid, 'EXECUTE') AS "mayRun"
     FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1`,
    [role],
  );
  const lent = ['forget_commands', 'note_command', 'record_audit'];
  expect(rows).toEqual(lent.map((name) => ({ name, path: true, mayAnybody: false, mayRun: true })));
});

it('has a year of months ahead of it, none of which it may change', async () => {
  const { rows } = await owner.query(
    `SELECT count(*)::int AS months, bool_or(has_table_privilege($1, oid, 'UPDATE') OR has_table_privilege($1, oid, 'DELETE')) AS "mayChange"
     FROM pg_class WHERE relname LIKE 'audit_events_2%' AND relkind = 'r'`,
    [role],
  );
  expect(rows).toEqual([{ months: 13, mayChange: false }]);
});

it('repeating it changes nothing, and the owner is refused', async () => {
  const url = new URL(test.url);
  url.username = role;
  await grantRunRole(owner, url.href);
  await record();
  await expect(grantRunRole(owner, test.url)).rejects.toThrow('owns the tables');
});
