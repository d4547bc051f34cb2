import pg from 'pg';
import { errorCode } from '../processes.js';

const CONNECT_TIMEOUT_MS = 2_000;
/** The database exists, or another process made it at the same moment. */
const ALREADY_EXISTS: readonly unknown[] = ['42P04', '23505'];

/** The address of a database of the development server that listens on `port`. */
export function urlOf(port: number, database: string): string {
  return `postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** Makes the database if it is missing. Safe to repeat, and from several processes at once. */
export async function ensureDatabase(port: number, database: string): Promise<void> {
  await withClient(urlOf(port, 'postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount) return;
    try {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    } catch (err) {
      if (!ALREADY_EXISTS.includes(errorCode(err))) throw err;
    }
  });
}

/** The folder of the server that listens on `port`, as it says itself. @throws when none answers. */
export function readDataDirectory(port: number): Promise<string> {
  const sql = "SELECT current_setting('data_directory') AS dir";
  return withClient(urlOf(port, 'postgres'), async (client) => {
    const { rows } = await client.query<{ dir: string }>(sql);
    return rows[0]?.dir ?? '';
  });
}

async function withClient<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {}); // the server may end while it is asked; the query reports that
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}
