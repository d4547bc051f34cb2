import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrate } from './migrate.js';

const adminUrl = process.env.TEST_DATABASE_URL ?? '';
const COUNTER = 'CREATE TABLE counter (n int NOT NULL)';
const NEXT_N = `-- Counts.
CREATE OR REPLACE FUNCTION next_n() RETURNS int LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  INSERT INTO counter VALUES (1);
  RETURN twice((SELECT count(*) FROM counter)::int);
END $$;
`;
const TWICE = `CREATE OR REPLACE FUNCTION twice(p_n int) RETURNS int LANGUAGE sql AS $$ SELECT 2 * p_n $$;\n`;

let root: string;
let url: string;
let database: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'release '));
  database = `migrate_${randomUUID().replaceAll('-', '')}`;
  const target = new URL(adminUrl);
  target.pathname = `/${database}`;
  url = target.href;
  mkdirSync(path.join(root, 'prisma', 'migrations'), { recursive: true });
  mkdirSync(path.join(root, 'store'));
  setRelease('0.1.0');
});

afterEach(async () => {
  rmSync(root, { recursive: true, force: true });
  await query(adminUrl, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
});

function setRelease(version: string): void {
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ version }));
}

function writeMigration(name: string, sql: string): void {
  mkdirSync(path.join(root, 'prisma', 'migrations', name), { recursive: true });
  writeFileSync(path.join(root, 'prisma', 'migrations', name, 'migration.sql'), sql);
}

function writeFunction(name: string, sql: string): void {
  writeFileSync(path.join(root, 'store', `${name}.sql`), sql);
}

describe('migrations', () => {
  it('makes the database, applies what is new in order, and applies nothing twice', async () => {
    writeMigration('1_counter', COUNTER);
    expect((await migrate(url, { root })).migrations).toEqual(['1_counter']);
    writeMigration('2_first', 'INSERT INTO counter VALUES (1)');

    expect((await migrate(url, { root })).migrations).toEqual(['2_first']);
    expect((await migrate(url, { root })).migrations).toEqual([]);

    expect(await query(url, 'SELECT count(*)::int AS n FROM counter')).toEqual([{ n: 1 }]);
  });

  it('applies each migration once when two processes start at the same moment', async () => {
    writeMigration('1_counter', COUNTER);
    writeFunction('twice', TWICE);

    const applied = await Promise.all([migrate(url, { root }), migrate(url, { root })]);

    expect(applied.flatMap(({ migrations }) => migrations)).toEqual(['1_counter']);
    expect(applied.flatMap(({ functions }) => functions)).toEqual(['twice']);
  });

  it('refuses a file that was edited after it was applied, and changes nothing', async () => {
    writeMigration('1_counter', COUNTER);
    await migrate(url, { root });
    writeMigration('1_counter', 'CREATE TABLE something_else ()');
    writeFunction('twice', TWICE);

    await expect(migrate(url, { root })).rejects.toThrow('1_counter was edited after it was applied');

    await expect(query(url, 'TABLE something_else')).rejects.toThrow('does not exist');
    await expect(query(url, 'SELECT twice(1)')).rejects.toThrow('does not exist');
  });

  it('refuses a database with a migration that this release does not know', async () => {
    writeMigration('1_counter', COUNTER);
    writeMigration('2_newer', 'CREATE TABLE newer ()');
    await migrate(url, { root });
    rmSync(path.join(root, 'prisma', 'migrations', '2_newer'), { recursive: true });

    await expect(migrate(url, { root })).rejects.toThrow('the migration 2_newer, which this release does not know');
  });

  it.each(['CREATE TABLE half (); SELECT 1/0', 'BEGIN; CREATE TABLE half (); SELECT 1/0; COMMIT'])(
    'leaves nothing of a migration that fails, and stops until it is resolved: %s',
    async (sql) => {
      writeMigration('1_broken', sql);
      await expect(migrate(url, { root })).rejects.toThrow('Migration 1_broken failed: division by zero');

      writeMigration('1_broken', 'CREATE TABLE half ()');

      await expect(migrate(url, { root })).rejects.toThrow('--rolled-back 1_broken');
      await expect(query(url, 'TABLE half')).rejects.toThrow('does not exist');
    },
  );
});

describe('functions', () => {
  beforeEach(() => {
    writeMigration('1_counter', COUNTER);
    writeFunction('next_n', NEXT_N);
    writeFunction('twice', TWICE);
  });

  it('puts every function there, in whatever order they call each other, and again only what has changed', async () => {
    expect((await migrate(url, { root })).functions).toEqual(['next_n', 'twice']);
    expect(await query(url, 'SELECT next_n() AS n')).toEqual([{ n: 2 }]);
    expect((await migrate(url, { root })).functions).toEqual([]);

    writeFunction('twice', TWICE.replace('2 *', '20 *'));

    expect((await migrate(url, { root })).functions).toEqual(['twice']);
    expect(await query(url, 'SELECT next_n() AS n')).toEqual([{ n: 40 }]);
  });

  it('leaves all of them as they were when one is refused', async () => {
    await migrate(url, { root });
    writeFunction('twice', TWICE.replace('2 *', '20 *'));
    writeFunction('next_n', NEXT_N.replace('INSERT INTO counter', 'INSERT INTOO counter'));

    await expect(migrate(url, { root })).rejects.toThrow('The function next_n (store/next_n.sql) was refused: syntax');

    expect(await query(url, 'SELECT next_n() AS n')).toEqual([{ n: 2 }]);
  });

  it('refuses a function of sql that names a column which is not there', async () => {
    writeFunction('twice', TWICE.replace('2 * p_n', 'no_such_column FROM counter'));

    await expect(migrate(url, { root })).rejects.toThrow(
      'twice (store/twice.sql) was refused: column "no_such_column"',
    );
  });

  it('puts back a function that was replaced by hand', async () => {
    await migrate(url, { root });
    await query(url, TWICE.replace('2 *', '3 *'));

    expect((await migrate(url, { root })).functions).toEqual(['twice']);
    expect(await query(url, 'SELECT next_n() AS n')).toEqual([{ n: 2 }]);
  });

  it('drops a function that an older release had, and none that it did not put there', async () => {
    await migrate(url, { root });
    await query(url, 'CREATE FUNCTION of_the_customer() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$');
    rmSync(path.join(root, 'store', 'next_n.sql'));
    setRelease('0.2.0');

    await migrate(url, { root });

    await expect(query(url, 'SELECT next_n()')).rejects.toThrow('does not exist');
    expect(await query(url, 'SELECT of_the_customer() AS n')).toEqual([{ n: 1 }]);
  });

  it('refuses a function with the name of another one and other arguments, which would stand beside it', async () => {
    setRelease('0.9.3');
    await migrate(url, { root });
    setRelease('0.9.9');
    writeFunction('twice', TWICE.replace('p_n int', 'p_n bigint').replace('RETURNS int', 'RETURNS bigint'));

    await expect(migrate(url, { root })).rejects.toThrow('another function twice with other arguments');
  });

  it('replaces a function that has other arguments than in an earlier build of the same release', async () => {
    await migrate(url, { root });
    writeFunction('twice', TWICE.replace('p_n int', 'p_n bigint').replace('RETURNS int', 'RETURNS bigint'));

    expect((await migrate(url, { root })).functions).toEqual(['twice']);
    expect(await query(url, `SELECT oid::regprocedure::text AS name FROM pg_proc WHERE proname = 'twice'`)).toEqual([
      { name: 'twice(bigint)' },
    ]);
  });

  it('refuses a database that a newer release has migrated', async () => {
    setRelease('0.10.0');
    await migrate(url, { root });
    setRelease('0.9.3');

    await expect(migrate(url, { root })).rejects.toThrow('of release 0.10.0, newer than this one (0.9.3)');
  });

  it('refuses a file that holds more than the one function of its name', async () => {
    writeFunction('next_n', `${NEXT_N}\n${TWICE}`);

    await expect(migrate(url, { root })).rejects.toThrow('store/next_n.sql must hold one function');
  });
});

async function query(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
