import { inTransaction, isUnreachable } from '../../store/database.js';
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
