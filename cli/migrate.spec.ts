import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrate } from './migrate.mjs';

const adminUrl = process.env.TEST_DATABASE_URL ?? '';
const FUNCTION_WITH_BODY = `
  CREATE TABLE counter (n int NOT NULL);
  CREATE FUNCTION next_n() RETURNS int LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO counter VALUES (1);
    RETURN (SELECT count(*) FROM counter);
  END;
  $$;`;

describe('migrate', () => {
  let dir: string;
  let url: string;
  let database: string;

  beforeEach(() => {
    dir = mkdtempSync(path.join(os.tmpdir(), 'migrations '));
    database = `migrate_${randomUUID().replaceAll('-', '')}`;
    const target = new URL(adminUrl);
    target.pathname = `/${database}`;
    url = target.href;
  });

  afterEach(async () => {
    rmSync(dir, { recursive: true, force: true });
    await query(adminUrl, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  });

  function write(name: string, sql: string): void {
    mkdirSync(path.join(dir, name), { recursive: true });
    writeFileSync(path.join(dir, name, 'migration.sql'), sql);
  }

  it('makes the database, applies what is new in order, and applies nothing twice', async () => {
    write('1_counter', FUNCTION_WITH_BODY);
    expect(await migrate(url, { dir })).toEqual(['1_counter']);
    write('2_first', 'INSERT INTO counter VALUES (1)');

    expect(await migrate(url, { dir })).toEqual(['2_first']);
    expect(await migrate(url, { dir })).toEqual([]);

    expect(await query(url, 'SELECT next_n()')).toEqual([{ next_n: 2 }]);
  });

  it('applies each migration once when two processes start at the same moment', async () => {
    write('1_counter', FUNCTION_WITH_BODY);

    const applied = await Promise.all([migrate(url, { dir }), migrate(url, { dir })]);

    expect(applied.flat()).toEqual(['1_counter']);
  });

  it('warns about a file that was edited after it was applied, and changes nothing', async () => {
    write('1_counter', FUNCTION_WITH_BODY);
    await migrate(url, { dir });
    write('1_counter', 'CREATE TABLE something_else ()');
    const messages: string[] = [];

    const applied = await migrate(url, { dir, log: (message) => messages.push(message) });

    expect(applied).toEqual([]);
    expect(messages).toEqual([expect.stringContaining('Warning: migration 1_counter was edited')]);
    await expect(query(url, 'TABLE something_else')).rejects.toThrow('does not exist');
  });

  it.each(['CREATE TABLE half (); SELECT 1/0', 'BEGIN; CREATE TABLE half (); SELECT 1/0; COMMIT'])(
    'leaves nothing of a migration that fails, and stops until it is resolved: %s',
    async (sql) => {
      write('1_broken', sql);
      await expect(migrate(url, { dir })).rejects.toThrow('Migration 1_broken failed: division by zero');

      write('1_broken', 'CREATE TABLE half ()');

      await expect(migrate(url, { dir })).rejects.toThrow('--rolled-back 1_broken');
      await expect(query(url, 'TABLE half')).rejects.toThrow('does not exist');
    },
  );
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
