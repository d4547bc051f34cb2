import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

/** One PostgreSQL database: `pool` for the functions of the dial path, `prisma` for plain reading and writing of rows. */
export type Database = { url: string; pool: pg.Pool; readonly prisma: PrismaClient; close(): Promise<void> };

/** A pool, or one connection, for instance inside a transaction: store verbs take either. */
export type Queryable = pg.Pool | pg.ClientBase;

/** One connection of the pool, for the time between `pool.connect()` and its `release()`. */
export type Connection = pg.PoolClient;

type DatabaseOptions = {
  url: string;
  connectionsMax?: number;
  /** After how long PostgreSQL ends a statement, unless its transaction says otherwise. */
  statementTimeoutMs?: number;
  onError?: (err: Error) => void;
};

const STATEMENT_TIMEOUT_MS = 10_000;
const LOCK_TIMEOUT_MS = 5_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** For statements that others wait behind: a server that does not even say that they took too long is given up. */
export const ANSWER_TIMEOUT = { query_timeout: STATEMENT_TIMEOUT_MS + 5_000 };

/** Opens a database lazily: nothing is sent before the first query. Time-outs are set on every connection. */
export function openDatabase({
  url,
  connectionsMax = 20,
  statementTimeoutMs = STATEMENT_TIMEOUT_MS,
  onError = () => {},
}: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connectionsMax,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    // Prisma takes each time for one of UTC, whatever zone it is told in.
    options: '-c TimeZone=UTC',
    keepAlive: true,
  });
  // Of connections that wait in the pool, and of those that a transaction holds: pg ends the process for an error that
  // nobody listens to.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', () => {}));
  let prisma: PrismaClient | null = null;
  return {
    url,
    pool,
    /** Made when it is first asked for: most pools never need it. */
    get prisma() {
      return (prisma ??= createPrisma(pool));
    },
    async close() {
      await prisma?.$disconnect();
      await pool.end();
    },
  };
}

function createPrisma(pool: pg.Pool): PrismaClient {
  const client = new PrismaClient({ adapter: new PrismaPg(pool) });
  const withErrorsOfPg = client.$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args);
        } catch (err) {
          throw asErrorOfPg(err);
        }
      },
    },
  });
  return withErrorsOfPg as unknown as PrismaClient; // the same operations; the type is a much longer one
}

/** SQLSTATE of a connection that failed. */
const CONNECTION_FAILURE = '08006';
type AdapterError = { originalCode?: string; originalMessage?: string; kind: string };

/** What PostgreSQL said, or the way to it, as pg tells it: whoever asks why something failed knows one kind of error. */
function asErrorOfPg(err: unknown): unknown {
  const { meta } = (err ?? {}) as { meta?: { driverAdapterError?: { cause?: AdapterError } } };
  const cause = meta?.driverAdapterError?.cause;
  if (!cause) return err;
  const isCutOff = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout)$/.test(cause.kind);
  const message = cause.originalMessage ?? `the database client failed: ${cause.kind}`;
  return Object.assign(new Error(message), { code: cause.originalCode ?? (isCutOff ? CONNECTION_FAILURE : undefined) });
}

/** Runs `work` in one transaction: all of it is committed, or nothing. */
export async function inTransaction<T>(db: Database, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const tx = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await tx.query('BEGIN');
    const result = await work(tx);
    await tx.query('COMMIT');
    return result;
  } catch (err) {
    await tx.query('ROLLBACK').catch((rollbackError: Error) => (broken = rollbackError));
    throw err;
  } finally {
    tx.release(broken);
  }
}

/** One query with its values. */
export type Query = readonly [text: string, values: readonly unknown[]];

/**
 * One query that may take longer than others, as a statement of its own: what it locks is let go when it ends, and waits for no
 * further message of this process.
 */
export async function queryForLong<T extends pg.QueryResultRow>(
  db: Database,
  timeout: string,
  [text, values]: Query,
): Promise<pg.QueryResult<T>> {
  const connection = await db.pool.connect();
  let broken: Error | undefined;
  try {
    await connection.query(`SET statement_timeout = '${timeout}'`);
    return await connection.query<T>(text, [...values]);
  } finally {
    // One that may have kept the longer time does not go back to the pool.
    await connection.query('RESET statement_timeout').catch((err: Error) => (broken = err));
    connection.release(broken);
  }
}

/**
 * The results of some queries that do not depend on each other: side by side on a pool. One connection runs one query at a
 * time, and what follows a failed one in its transaction must not be under way already: there they go one after another.
 */
export async function queryAll(db: Queryable, queries: readonly Query[]): Promise<pg.QueryResult[]> {
  if (db instanceof pg.Pool) return Promise.all(queries.map(([text, values]) => db.query(text, [...values])));
  const results: pg.QueryResult[] = [];
  for (const [text, values] of queries) results.push(await db.query(text, [...values]));
  return results;
}

/** A lock was not there in time: the server has done nothing, or taken back what it did. */
export function isLockBusy(err: unknown): boolean {
  return (err as { code?: unknown } | null)?.code === '55P03';
}

/** Connection lost or refused, server starting or stopping, too many connections: whatever was asked, another would fail too. */
export function isUnreachable(err: unknown): boolean {
  const {
    code = '',
    message = '',
    errors = [],
  } = (err ?? {}) as { code?: string; message?: string; errors?: unknown[] };
  return (
    /^(08...|53300|57P0[1-5])$/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/.test(code) ||
    /Connection terminated|Query read timeout|timeout exceeded when trying to connect|timeout expired/.test(message) ||
    (Array.isArray(errors) && errors.some(isUnreachable))
  );
}
