import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { readRepoFile } from './repo-files.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

it('docs/growth.md says of every table what removes its rows', async () => {
  const { rows } = await test.db.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace AND relname <> '_prisma_migrations' ORDER BY 1`,
  );
  const lines = [...readRepoFile('docs/growth.md').matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|/gm)];
  expect(lines.map(([, name]) => name).sort()).toEqual(rows.map(({ name }) => name));
  expect(lines.filter(([, , grows = '', removed = '']) => !grows.trim() || !removed.trim())).toEqual([]);
});
