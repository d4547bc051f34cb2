import { MEASURES } from '../../domain/calls/figures.js';
import { OUTCOMES, OUTCOME_RULES } from '../../domain/calls/outcomes.js';
import { LANES_MAX } from '../../workflows/contract.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { readRepoFile } from './repo-files.js';

type Column = { table: string; column: string; nullable: boolean; type: string };

/** What a Prisma type is in PostgreSQL, when no `@db.` attribute says otherwise. */
const TYPES: Record<string, string> = {
  String: 'text',
  Int: 'int4',
  BigInt: 'int8',
  Boolean: 'bool',
  Json: 'jsonb',
  Bytes: 'bytea',
  DateTime: 'timestamp',
};
const DB_TYPES: Record<string, string> = {
  Uuid: 'uuid',
  Json: 'json',
  'Timestamptz(3)': 'timestamptz',
  'Timestamptz(6)': 'timestamptz',
};
/** The table in which migrations are recorded. */
const NOT_OURS = '_prisma_migrations';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

function columnsOfClient(): Column[] {
  const schema = readRepoFile('prisma/schema.prisma');
  const models = [...schema.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)];
  return models.flatMap(([, model = '', body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? model;
    return body.split('\n').flatMap((line) => toColumn(table, line));
  });
}

function toColumn(table: string, line: string): Column[] {
  const [, field = '', type = '', suffix = '', attributes = ''] = /^ {2}(\w+) +(\w+)(\?|\[\])? *(.*)$/.exec(line) ?? [];
  // A relation has the type of another model, and no column.
  if (!(type in TYPES)) return [];
  const dbType = /@db\.(\w+(?:\(\d+\))?)/.exec(attributes)?.[1];
  const column = /@map\("(\w+)"\)/.exec(attributes)?.[1] ?? field;
  const typeName = (dbType && DB_TYPES[dbType]) ?? TYPES[type] ?? type;
  // Prisma knows no list that may not be null.
  if (suffix === '[]') return [{ table, column, nullable: true, type: `_${typeName}` }];
  return [{ table, column, nullable: suffix === '?', type: typeName }];
}

async function columnsOfDatabase(): Promise<Column[]> {
  const { rows } = await test.db.pool.query(
    `SELECT table_name AS "table", column_name AS "column", is_nullable = 'YES' AS nullable, udt_name AS type
     FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> $1
       AND NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(table_name) AND c.relispartition)`,
    [NOT_OURS],
  );
  return rows;
}

function inOrder(columns: readonly Column[]): string[] {
  return columns
    .map(({ table, column, nullable, type }) => `${table}.${column} ${type}${nullable ? '' : ' not null'}`)
    .sort();
}

it('the client knows every column of the migrated tables, with its type and whether it may be null', async () => {
  const inDatabase = inOrder(await columnsOfDatabase());
  expect(inDatabase.length).toBeGreaterThan(100);
  expect(inOrder(columnsOfClient())).toEqual(inDatabase);
});

it('SQL and TypeScript agree on what a recipient becomes by the outcome of its last attempt', async () => {
  const { rows } = await test.db.pool.query(
    'SELECT outcome, recipient_state_of(outcome) AS state FROM unnest($1::text[]) outcome',
    [OUTCOMES],
  );
  const inSql = Object.fromEntries(rows.map(({ outcome, state }) => [outcome, state]));
  expect(inSql).toEqual(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, OUTCOME_RULES[outcome].recipient])));
});

it.each(['batch_figures', 'workspace_figures'])('%s has a column for each measure, and no other', async (table) => {
  const columns = columnsOfClient().filter((column) => column.table === table);
  const counted = columns.map(({ column }) => column).filter((name) => !name.endsWith('_id') && name !== 'bucket_at');
  expect(counted).toEqual(MEASURES.map((measure) => measure.toLowerCase()));
});

it('SQL and TypeScript agree on how many lanes a batch has at most', async () => {
  const { rows } = await test.db.pool.query('SELECT lanes_max() AS lanes');
  expect(rows[0].lanes).toBe(LANES_MAX);
});

it('SQL knows the same outcomes as TypeScript', async () => {
  const { rows } = await test.db.pool.query(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'attempts'::regclass AND contype = 'c'`,
  );
  const check =
    rows.map(({ definition }) => String(definition)).find((definition) => definition.includes('VOICEMAIL')) ?? '';
  expect([...check.matchAll(/'([A-Z_]+)'/g)].map(([, outcome]) => outcome).sort()).toEqual([...OUTCOMES].sort());
});
