import { migrate } from '../store/migrate.js';

/** `DATABASE_URL=postgresql://… npm run migrate`: brings a database to this release. */
if (process.argv.length > 2) {
  process.stdout.write(
    'Brings the database at DATABASE_URL to this release, and makes it if there is none. With DIALWRIGHT_RUN_DATABASE_URL,\n' +
      'the address by which API and worker run, it makes their role and lets it do what they do. It takes no arguments.\n',
  );
  process.exit(process.argv[2] === '--help' ? 0 : 2);
}
const url = process.env['DATABASE_URL'];
try {
  if (!url) throw new Error('Set DATABASE_URL to the database to migrate.');
  const { migrations, functions } = await migrate(url, {
    log: (message) => process.stdout.write(`${message}\n`),
    runUrl: process.env['DIALWRIGHT_RUN_DATABASE_URL'],
  });
  if (migrations.length + functions.length === 0) process.stdout.write('Nothing to apply.\n');
} catch (err) {
  process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n`);
  process.exitCode = 1;
}
