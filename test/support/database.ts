import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase, type Database } from '../../store/database.js';

export type TestDatabase = { db: Database; url: string; drop(): Promise<void> };

export type TestDatabaseOptions = {
  /** How long a statement waits for a lock, where a test holds one for long. */
  lockTimeoutMs?: number;
};

/** A database of its own, cloned from the migrated template, on the server that `npm test` has started. */
export async function createTestDatabase({ lockTimeoutMs }: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const adminUrl = requireEnvironment('TEST_DATABASE_URL');
  const template = requireEnvironment('TEST_TEMPLATE_DATABASE');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  if (lockTimeoutMs !== undefined) url.searchParams.set('lock_timeout', String(lockTimeoutMs));
  const db = openDatabase({ url: url.href, connectionsMax: 12 });
  db.pool.on('connect', warnOfTwoQueriesAtOnce);
  return {
    db,
    url: url.href,
    async drop() {
      await db.close();
      await asAdmin(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** The pg package itself warns from the third query on: one that runs, one that waits, and this one. */
function warnOfTwoQueriesAtOnce(client: pg.PoolClient): void {
  const inner = client as unknown as { query: (...args: unknown[]) => unknown; _activeQuery: unknown }; // pg keeps it private
  const query = inner.query.bind(client);
  inner.query = (...args) => {
    if (inner._activeQuery) process.emitWarning('a connection got a query while it ran another', 'DeprecationWarning');
    return query(...args);
  };
}

export function requireEnvironment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run tests with \`npm test\``);
  return value;
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
