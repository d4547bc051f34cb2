/**
 * Applies `prisma/migrations` as `prisma migrate deploy` does: same table, same checksums, same lock, so both may be used
 * on one database, even at once. Needs no Prisma CLI in production.
 *
 *   DATABASE_URL=postgresql://… node cli/migrate.mjs
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { isMainModule, projectRoot } from '../dev/processes.mjs';

const CONNECT_TIMEOUT_MS = 10_000;
/** How long to wait for another migration to end. */
const LOCK_TIMEOUT_MS = 60_000;
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
 * Brings the database at `url` to the newest migration and returns the names it applied now, oldest first. Makes the
 * database if there is none. Safe to repeat, and to run from several processes at once: they take turns.
 *
 * Each file is one simple query, so one transaction unless the file says otherwise, and function bodies between `$$` are
 * safe. A migration that fails stays recorded as failed and stops every later run until it is resolved. A file that was
 * edited after it was applied is only reported.
 */
export async function migrate(url, { dir = path.join(projectRoot, 'prisma', 'migrations'), log = () => {} } = {}) {
  const client = await connectOrCreate(url);
  try {
    await takeLock(client);
    await client.query(CREATE_TABLE);
    const recorded = await readRecorded(client);
    const applied = [];
    for (const migration of readMigrations(dir)) {
      const checksum = recorded.get(migration.name);
      if (checksum === undefined) {
        await apply(client, migration);
        applied.push(migration.name);
        log(`Applied ${migration.name}`);
      } else if (checksum !== migration.checksum) {
        log(`Warning: migration ${migration.name} was edited after it was applied; the database has the earlier text.`);
      }
    }
    return applied;
  } finally {
    await client.end(); // ends the session, and with it the lock
  }
}

async function connectOrCreate(url) {
  try {
    return await connect(url);
  } catch (err) {
    if (err.code !== NO_SUCH_DATABASE) throw err;
    await createDatabase(url);
    return connect(url);
  }
}

async function connect(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  return client;
}

async function createDatabase(url) {
  const adminUrl = new URL(url);
  const name = decodeURIComponent(adminUrl.pathname.slice(1));
  adminUrl.pathname = '/postgres';
  const admin = await connect(adminUrl.href);
  try {
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (err) {
    if (!ALREADY_EXISTS.has(err.code)) throw err;
  } finally {
    await admin.end();
  }
}

async function takeLock(client) {
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK_ID]);
  await client.query('RESET lock_timeout');
}

/** Checksums by migration name. Throws if one of them failed: what it left behind is for a person to judge. */
async function readRecorded(client) {
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

function readMigrations(dir) {
  const folders = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map((entry) => entry.name).sort();
  return names.map((name) => {
    const sql = readFileSync(path.join(dir, name, 'migration.sql'), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

async function apply(client, { name, sql, checksum }) {
  const id = randomUUID();
  await client.query('INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query(sql);
  } catch (err) {
    await client.query('ROLLBACK'); // a file with a BEGIN of its own leaves a broken transaction open
    await client.query('UPDATE "_prisma_migrations" SET logs = $2 WHERE id = $1', [id, String(err.stack ?? err)]);
    throw new Error(`Migration ${name} failed: ${err.message}`, { cause: err });
  }
  await client.query('UPDATE "_prisma_migrations" SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [
    id,
  ]);
}

async function main() {
  if (!process.env.DATABASE_URL) throw new Error('Set DATABASE_URL to the database to migrate.');
  const applied = await migrate(process.env.DATABASE_URL, { log: console.log });
  if (applied.length === 0) console.log('Nothing to apply.');
}

if (isMainModule(import.meta.url)) {
  try {
    await main();
  } catch (err) {
    console.error(err.message);
    process.exit(1);
  }
}
