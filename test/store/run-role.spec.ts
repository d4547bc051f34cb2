import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { grantRunRole, mayChangeAudit } from '../../store/run-role.js';
import { openDatabase, type Database } from '../../store/database.js';
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
  recordAudit(run.pool, { workspaceId: workspace.workspaceId, actor: 'test', action: 'test', entry: {} });

it('does what the product does: it places calls and records who did what', async () => {
  const batchId = await seedBatch(run, workspace);
  const call = await claimOne(run, workspace, batchId);
  await acceptCall(run.pool, call.id, 'call-1');
  await record();
  expect(await run.prisma.auditEvent.count({ where: { action: 'test' } })).toBe(1);
});

it.each([
  `UPDATE audit_events SET actor = 'nobody'`,
  'DELETE FROM audit_events',
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
