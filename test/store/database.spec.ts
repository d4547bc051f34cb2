import { inTransaction, isUnreachable, openDatabase, queryAll, type Query } from '../../store/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

it('survives a connection that is lost between two statements of a transaction', async () => {
  const lost = inTransaction(test.db, async (tx) => {
    const ended = new Promise((resolve) => tx.once('end', resolve));
    const { rows } = await tx.query('SELECT pg_backend_pid() AS pid');
    await test.db.pool.query('SELECT pg_terminate_backend($1)', [rows[0].pid]);
    await ended;
    await tx.query('SELECT 1');
  });
  await expect(lost).rejects.toThrow();
  expect((await test.db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

it('gives one connection one query at a time, and none after one that failed', async () => {
  const queries = [1, 2, 3, 4].map((number): Query => ['SELECT $1::integer AS number', [number]]);
  const numbersOf = (results: { rows: { number: number }[] }[]) => results.map(({ rows }) => rows[0]?.number);
  // A second query while one runs is a warning of the process, which fails a test.
  expect(numbersOf(await inTransaction(test.db, (tx) => queryAll(tx, queries)))).toEqual([1, 2, 3, 4]);
  expect(numbersOf(await queryAll(test.db.pool, queries))).toEqual([1, 2, 3, 4]);
  await test.db.pool.query('CREATE SEQUENCE asked');
  const failing: Query[] = [
    ['SELECT 1 / 0', []],
    [`SELECT nextval('asked')`, []],
  ];
  await expect(inTransaction(test.db, (tx) => queryAll(tx, failing))).rejects.toMatchObject({ code: '22012' });
  expect((await test.db.pool.query(`SELECT nextval('asked')::integer AS next`)).rows).toEqual([{ next: 1 }]);
});

it('has each time as it is, whatever zone the server is in', async () => {
  const { rows } = await test.db.pool.query('SELECT current_database() AS name');
  await test.db.pool.query(`ALTER DATABASE "${rows[0].name}" SET timezone = 'Asia/Kolkata'`);
  const elsewhere = openDatabase({ url: test.url, connectionsMax: 1 });
  try {
    const { id, createdAt } = await elsewhere.prisma.workspace.create({ data: { name: 'Elsewhere' } });
    expect(Math.abs(createdAt.getTime() - Date.now())).toBeLessThan(60_000);
    const told = await elsewhere.pool.query('SELECT created_at AS at FROM workspaces WHERE id = $1', [id]);
    expect(told.rows[0].at.getTime()).toBe(createdAt.getTime());
    const stoppedAt = new Date('2026-10-25T01:30:00.000Z');
    await elsewhere.prisma.workspace.update({ where: { id }, data: { stoppedAt } });
    expect(
      (await elsewhere.pool.query('SELECT stopped_at AS at FROM workspaces WHERE id = $1', [id])).rows[0].at,
    ).toEqual(stoppedAt);
  } finally {
    await elsewhere.close();
  }
});

it('tells what failed in Prisma as pg tells it, and nothing of the query', async () => {
  const hasty = openDatabase({ url: test.url, connectionsMax: 1, statementTimeoutMs: 200 });
  const missing = openDatabase({ url: 'postgresql://nobody@127.0.0.1:1/nothing', connectionsMax: 1 });
  const findIn = ({ prisma }: typeof hasty) => prisma.agent.findMany({ where: { name: 'a private name' } });
  try {
    await inTransaction(test.db, async (tx) => {
      await tx.query('LOCK TABLE agents IN ACCESS EXCLUSIVE MODE');
      const told = await findIn(hasty).catch((err: Error) => err);
      expect(told).toMatchObject({ code: '57014' });
      expect(JSON.stringify([told, (told as Error).message])).not.toContain('private');
    });
    expect(isUnreachable(await findIn(missing).catch((err: Error) => err))).toBe(true);
  } finally {
    await Promise.all([hasty.close(), missing.close()]);
  }
});

it.each([
  [{ code: '57P01', message: 'terminating connection' }, true],
  [{ code: 'ECONNREFUSED', message: '' }, true],
  [{ message: '', errors: [{ code: 'ECONNREFUSED' }] }, true],
  [{ message: 'Query read timeout' }, true],
  [{ code: '40P01', message: 'deadlock detected' }, false],
  [{ code: '23505', message: 'duplicate key' }, false],
  [undefined, false],
])('tells a server that is away from a statement that failed: %j', (err, isAway) => {
  expect(isUnreachable(err)).toBe(isAway);
});
