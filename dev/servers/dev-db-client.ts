import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { errorCode } from '../processes.js';

const CONNECT_TIMEOUT_MS = 2_000;
/** The database exists, or another process made it at the same moment. */
const ALREADY_EXISTS: readonly unknown[] = ['42P04', '23505'];

/** Where the server of a folder of data answers. */
export type ServerPlace = { port: number; dataDir: string };

/** The password of the server of a folder, for its owner only: other users of this machine reach the port too. */
export function passwordFileOf(dataDir: string): string {
  return `${dataDir}.password`;
}

/** The address of a database of the development server. A folder of before has no password, and its server wants none. */
export function urlOf({ port, dataDir }: ServerPlace, database: string): string {
  const file = passwordFileOf(dataDir);
  const password = existsSync(file) ? `:${readFileSync(file, 'utf8').trim()}` : '';
  return `postgresql://postgres${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

/** Makes the database if it is missing. Safe to repeat, and from several processes at once. */
export async function ensureDatabase(place: ServerPlace, database: string): Promise<void> {
  await withClient(urlOf(place, 'postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount) return;
    try {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    } catch (err) {
      if (!ALREADY_EXISTS.includes(errorCode(err))) throw err;
    }
  });
}

/** The folder of the server that listens there, as it says itself. @throws when none answers, or another one does */
export function readDataDirectory(place: ServerPlace): Promise<string> {
  const sql = "SELECT current_setting('data_directory') AS dir";
  return withClient(urlOf(place, 'postgres'), async (client) => {
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
