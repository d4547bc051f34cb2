import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import type pg from 'pg';
import { z } from 'zod';
import { createLogger, type Logger } from '../../platform/logger.js';
import { throwCleanFailures } from '../../worker/clean-failures.js';
import { createTemporalLogger } from '../../worker/temporal-logger.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { seedWorkspace } from '../support/seed.js';
import { findTelltales, NAME, PHONE, TELLTALE } from './telltale.js';

let test: TestDatabase;
let logged: string[];
let logger: Logger;
beforeAll(async () => {
  test = await createTestDatabase();
  logger = createLogger('trace', 'test', { write: (line) => logged.push(line) });
});
beforeEach(() => void (logged = []));
afterAll(() => test.drop());

/** Logs an error in every way in which code can, and as an activity's that Temporal logs and keeps. */
async function logAndThrow(err: unknown): Promise<string> {
  logger.warn({ err }, 'it failed');
  logger.warn({ err });
  logger.child({ err }).info('it failed');
  if (err instanceof Error) {
    logger.error(err);
    logger.error(err, 'it failed');
    logger.warn({ batchId: 'bat_1', error: err, several: [err], deep: { down: { there: err } } }, 'it failed');
    logger.info('it failed: %s', err);
    logger.info('it failed: %o', err);
  }
  const failure = await failureOf(err);
  createTemporalLogger(logger).warn('Activity failed', { error: err, taskQueue: 'dialwright', note: TELLTALE });
  return [...logged, failure].join('\n');
}

async function failureOf(err: unknown): Promise<string> {
  const { inbound } = throwCleanFailures({ cancellationSignal: new AbortController().signal } as Context);
  const input = { args: [], headers: {} };
  const thrown: unknown = await inbound!.execute!(input, () => Promise.reject(err)).catch(
    (failure: unknown) => failure,
  );
  const { message, stack, cause, details, type } = thrown as Error & { details?: unknown; type?: unknown };
  return JSON.stringify({ message, stack, cause, details, type });
}

type Column = { table: string; name: string; type: string; isNotNull: boolean };
/** `n` is a column that must not be null; `i` a unique index that is no constraint. */
type Constraint = { table: string; name: string; kind: 'c' | 'f' | 'p' | 'u' | 'i' | 'n'; definition: string };

const OURS = `r.relnamespace = 'public'::regnamespace AND r.relkind IN ('r', 'p') AND NOT r.relispartition AND r.relname <> '_prisma_migrations'`;

it('no constraint of the database that refuses a row puts what is in the row into a log or into Temporal', async () => {
  const columns = await readColumns();
  const constraints = await readConstraints(columns);
  expect(constraints.length).toBeGreaterThan(120);
  let telling = 0;
  for (const constraint of constraints) {
    const err = await violate(constraint, columns);
    logged = [];
    const text = await logAndThrow(err);
    if (findTelltales(JSON.stringify({ ...err, message: err.message })).length > 0) telling += 1;
    expect([constraint, err.code, findTelltales(text)]).toEqual([constraint, err.code, []]);
    expect(err.code).toMatch(/^23/);
    // Of a table by months the part is named that refuses the row.
    expect(text).toContain(constraint.table === 'audit_events' ? constraint.table : constraint.name);
  }
  // What PostgreSQL says of them would tell: else this test would look for nothing.
  expect(telling).toBeGreaterThan(80);
}, 120_000);

async function readColumns(): Promise<Column[]> {
  const { rows } = await test.db.pool.query<Column>(
    `SELECT r.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type, a.attnotnull AS "isNotNull"
     FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid WHERE ${OURS} AND a.attnum > 0 AND NOT a.attisdropped
     ORDER BY 1, a.attnum`,
  );
  return rows;
}

async function readConstraints(columns: readonly Column[]): Promise<Constraint[]> {
  const { rows } = await test.db.pool.query<Constraint>(
    `SELECT r.relname AS table, c.conname AS name, c.contype AS kind, pg_get_constraintdef(c.oid) AS definition
     FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid WHERE ${OURS} AND c.contype IN ('c', 'f', 'p', 'u')
     UNION ALL SELECT r.relname, n.relname, 'i', pg_get_indexdef(i.indexrelid)
     FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid
     WHERE ${OURS} AND i.indisunique AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
  );
  const notNull = columns.filter(({ isNotNull }) => isNotNull);
  return [...rows, ...notNull.map(({ table, name }) => ({ table, name, kind: 'n' as const, definition: '' }))];
}

/** The error of PostgreSQL for a row that only this constraint refuses: the others of its table are not there. */
async function violate(constraint: Constraint, columns: readonly Column[]): Promise<pg.DatabaseError> {
  const { table, name, kind, definition } = constraint;
  const tx = await test.db.pool.connect();
  try {
    await tx.query('BEGIN');
    await tx.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    for (const other of await readConstraints([]))
      if (other.table === table && (other.name !== name || kind === 'n')) await drop(tx, other);
    if (kind === 'c')
      await tx.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}, ADD CONSTRAINT ${name} CHECK (false) NOT VALID`);
    if (kind === 'i') {
      await tx.query(`DROP INDEX ${name}`);
      await tx.query(definition.replace(/ WHERE .*$/, ''));
    }
    const own = columns.filter((column) => column.table === table);
    const values = own.map((column) => (kind === 'n' && column.name === name ? null : valueOf(column)));
    const insert = `INSERT INTO ${table} (${own.map((column) => `"${column.name}"`).join(', ')}) OVERRIDING SYSTEM VALUE
      VALUES (${own.map((_, index) => `$${index + 1}`).join(', ')})`;
    await tx.query(insert, values);
    await tx.query(insert, values);
  } catch (err) {
    return err as pg.DatabaseError;
  } finally {
    await tx.query('ROLLBACK');
    tx.release();
  }
  throw new Error(`${table}: ${name} refused nothing`);
}

async function drop(tx: pg.PoolClient, { table, name, kind }: Constraint): Promise<void> {
  await tx.query(
    kind === 'i' ? `DROP INDEX IF EXISTS ${name}` : `ALTER TABLE ${table} DROP CONSTRAINT IF EXISTS ${name} CASCADE`,
  );
}

function valueOf({ type }: Column): unknown {
  switch (type) {
    case 'text':
      return TELLTALE;
    case 'text[]':
      return [TELLTALE];
    case 'json':
    case 'jsonb':
      return JSON.stringify({ name: NAME, phone: PHONE });
    case 'bytea':
      return Buffer.from(TELLTALE);
    case 'uuid':
      return '019aab12-3c4d-7e5f-8a6b-000000000001';
    case 'uuid[]':
      return ['019aab12-3c4d-7e5f-8a6b-000000000001'];
    case 'boolean':
      return true;
    case 'timestamp with time zone':
      return '2026-11-29T09:00:00Z';
    case 'integer':
    case 'bigint':
      return 1;
    default:
      throw new Error(`no value is known for a column of type ${type}`);
  }
}

const BAD = `${NAME}\n${PHONE}`;
it.each<[string, () => unknown]>([
  ['PostgreSQL, a text that is no uuid', () => test.db.pool.query('SELECT $1::uuid', [TELLTALE])],
  ['PostgreSQL, a number that is too large', () => test.db.pool.query('SELECT $1::text::integer', [PHONE])],
  ['PostgreSQL, a date that is none', () => test.db.pool.query('SELECT $1::timestamptz', [TELLTALE])],
  ['PostgreSQL, JSON that is none', () => test.db.pool.query('SELECT $1::jsonb', [TELLTALE])],
  ['PostgreSQL, a text in a statement', () => test.db.pool.query(`SELECT '${TELLTALE}' FROM nowhere`)],
  [
    'PostgreSQL, a function that raises',
    () =>
      test.db.pool.query(
        `DO $$ BEGIN RAISE EXCEPTION '${TELLTALE}' USING DETAIL = '${TELLTALE}', HINT = '${TELLTALE}', CONSTRAINT = '${TELLTALE}',
         TABLE = '${PHONE}', COLUMN = '${PHONE}', SCHEMA = '${PHONE}', DATATYPE = '${PHONE}'; END $$`,
      ),
  ],
  [
    'Prisma, a row that is there',
    async () => {
      const { workspaceId, providerAccountId } = await seedWorkspace(test.db);
      const data = { workspaceId, providerAccountId, providerAgentId: PHONE, name: NAME };
      await test.db.prisma.agent.create({ data });
      await test.db.prisma.agent.create({ data });
    },
  ],
  ['Prisma, an id that is none', () => test.db.prisma.workspace.findUnique({ where: { id: TELLTALE } })],
  [
    'Prisma, a field that is none',
    () => test.db.prisma.workspace.create({ data: { name: NAME, [PHONE]: TELLTALE } as never }),
  ],
  ['Prisma, a raw statement', () => test.db.prisma.$queryRawUnsafe(`SELECT '${TELLTALE}'::uuid`)],
  ['zod', () => z.strictObject({ a: z.literal(1) }).parse({ a: TELLTALE, [TELLTALE]: PHONE })],
  ['JSON.parse', () => JSON.parse(BAD)],
  ['URL', () => new URL(`http://${TELLTALE}`)],
  ['fetch, an address', () => fetch(`http://${TELLTALE}`)],
  ['fetch, a header', () => fetch('http://127.0.0.1:9', { headers: { name: BAD } })],
  ['fetch, nobody there', () => fetch(`http://127.0.0.1:9/${encodeURIComponent(PHONE)}`)],
  ['an error of our own', () => Promise.reject(new Error(TELLTALE, { cause: new Error(TELLTALE) }))],
  ['several errors', () => Promise.reject(new AggregateError([new Error(TELLTALE)], TELLTALE))],
  [
    'an error with more in it',
    () => Promise.reject(Object.assign(new Error('x'), { name: NAME, code: PHONE, table: PHONE })),
  ],
  ['something that is no error', () => Promise.reject(TELLTALE)],
  ['an object that is no error', () => Promise.reject({ message: TELLTALE, detail: TELLTALE })],
])('an error of %s, which holds what was given, does not put it into a log or into Temporal', async (_what, fail) => {
  let thrown: unknown;
  try {
    await fail();
  } catch (err) {
    thrown = err;
  }
  expect(thrown).toBeDefined();
  expect(findTelltales(await logAndThrow(thrown))).toEqual([]);
});
