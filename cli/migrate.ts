import { migrate } from '../store/migrate.js';

/** `DATABASE_URL=postgresql://… npm run migrate`: brings a database to this release. */
const url = process.env['DATABASE_URL'];
try {
  if (!url) throw new Error('Set DATABASE_URL to the database to migrate.');
  const { migrations, functions } = await migrate(url, { log: (message) => process.stdout.write(`${message}\n`) });
  if (migrations.length + functions.length === 0) process.stdout.write('Nothing to apply.\n');
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`);
  process.exitCode = 1;
}
