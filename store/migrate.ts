import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { applyFunctions } from './functions/apply-functions.js';
import { SQL_ROOT } from './functions/sql-functions.js';
import { grantRunRole } from './run-role.js';

type Migration = { name: string; sql: string; checksum: string };
type Options = {
  root?: string;
  log?: (message: string) => void;
  /** The address by which the product runs, when that is another role than the owner (`grantRunRole`). */
  runUrl?: string | undefined;
};

const CONNECT_TIMEOUT_MS = 10_000;
/** How long to wait for another migration to end. */
const LOCK_TIMEOUT_MS = 60_000;
/** An installation that is not migrated for longer keeps its entries too, in one table more. */
const AUDIT_MONTHS_AHEAD = 12;
/** The advisory lock that Prisma takes. */
const PRISMA_LOCK_ID = 72707369;
const NO_SUCH_DATABASE = '3D000';
/** The database exists, or another process made it at the same moment. */
const ALREADY_EXISTS = new Set(['42P04', '23505']);

const CREATE_TABLE = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/**
 * Brings the database at `url` to this release: makes it if there is none, applies the migrations that are new, oldest
 * first, then puts every SQL function there, all in one transaction. Needs no Prisma CLI, but keeps its table, checksums
 * and lock. Safe to repeat, and to run from several processes at once: they take turns.
 *
 * Each migration is one simple query, so one transaction unless the file says otherwise. One that fails stays recorded as
 * failed and stops every later run until it is resolved.
 * @returns the names of the migrations and of the functions that it applied now
 * @throws Error when a migration was edited after it was applied, or the database is of a newer release
 */
export async function migrate(
  url: string,
  { root = SQL_ROOT, log = () => {}, runUrl }: Options = {},
): Promise<{ migrations: string[]; functions: string[] }> {
  const client = await connectOrCreate(url);
  try {
    await takeLock(client);
    await client.query(CREATE_TABLE);
    const migrations = await applyMigrations(client, readMigrations(root), log);
    const functions = await applyFunctions(client, root);
    if (functions.length > 0) log(`Applied ${functions.length} functions`);
    await makeAuditMonths(client);
    if (runUrl !== undefined) await grantRunRole(client, runUrl);
    return { migrations, functions };
  } finally {
    await client.end(); // ends the session, and with it the lock
  }
}

/** The audit has a table for each month, made ahead of it. Functions of another project have none. */
async function makeAuditMonths(client: pg.Client): Promise<void> {
  const { rows } = await client.query("SELECT to_regproc('make_audit_months') IS NOT NULL AS known");
  if (rows[0].known) await client.query('SELECT make_audit_months($1)', [AUDIT_MONTHS_AHEAD]);
}

async function connectOrCreate(url: string): Promise<pg.Client> {
  try {
    return await connect(url);
  } catch (err) {
    if (codeOf(err) !== NO_SUCH_DATABASE) throw err;
    await createDatabase(url);
    return connect(url);
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  return client;
}

async function createDatabase(url: string): Promise<void> {
  const adminUrl = new URL(url);
  const name = decodeURIComponent(adminUrl.pathname.slice(1));
  adminUrl.pathname = '/postgres';
  const admin = await connect(adminUrl.href);
  try {
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (err) {
    if (!ALREADY_EXISTS.has(codeOf(err) ?? '')) throw err;
  } finally {
    await admin.end();
  }
}

async function takeLock(client: pg.Client): Promise<void> {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK_ID]);
  await client.query('RESET lock_timeout');
}

async function applyMigrations(
  client: pg.Client,
  migrations: readonly Migration[],
  log: (message: string) => void,
): Promise<string[]> {
  const recorded = await readRecorded(client);
  refuseUnknown(recorded, migrations);
  const isNew = ({ name }: Migration): boolean => !recorded.has(name);
  for (const migration of migrations.filter(isNew)) {
    await apply(client, migration);
    log(`Applied ${migration.name}`);
  }
  return migrations.filter(isNew).map(({ name }) => name);
}

/** Checksums by migration name. Throws if one of them failed: what it left behind is for a person to judge. */
async function readRecorded(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query(
    'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
  );
  const failed = rows.find((row) => row.finished_at === null);
  if (failed) {
    const name = failed.migration_name;
    throw new Error(
      `Migration ${name} failed earlier. Repair what it left, then: npx prisma migrate resolve --rolled-back ${name}`,
    );
  }
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function refuseUnknown(recorded: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const [name, checksum] of recorded) {
    const here = known.get(name);
    if (here === undefined)
      throw new Error(
        `The database has the migration ${name}, which this release does not know: it is of a newer release, or of a ` +
          'development version that was never released. Use that release, or an empty database.',
      );
    if (here !== checksum)
      throw new Error(
        `Migration ${name} was edited after it was applied. Put its text back, and write the change as a new migration.`,
      );
  }
}

function readMigrations(root: string): Migration[] {
  const dir = path.join(root, 'prisma', 'migrations');
  const folders = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map((entry) => entry.name).sort();
  return names.map((name) => {
    const sql = readFileSync(path.join(dir, name, 'migration.sql'), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  await client.query('INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query(sql);
  } catch (err) {
    const { message, stack } = err as Error; // pg rejects with errors only
    await client.query('ROLLBACK'); // a file with a BEGIN of its own leaves a broken transaction open
    await client.query('UPDATE "_prisma_migrations" SET logs = $2 WHERE id = $1', [id, stack ?? message]);
    throw new Error(`Migration ${name} failed: ${message}`, { cause: err });
  }
  await client.query('UPDATE "_prisma_migrations" SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [
    id,
  ]);
}

function codeOf(err: unknown): string | undefined {
  return (err as { code?: string } | null)?.code;
}
