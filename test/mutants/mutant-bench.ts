import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { startDevDb } from '../../dev/servers/dev-db.js';
import { startDevTemporal } from '../../dev/servers/dev-temporal.js';
import { migrate } from '../../store/migrate.js';
import { parentDeathLeash, projectRoot } from '../../dev/processes.js';
import { findTemporalProgram } from '../../dev/servers/temporal-bin.js';

/** What jest reports of one run, as far as it is read here. */
type Report = {
  numRuntimeErrorTestSuites: number;
  testResults: { name: string; assertionResults: { fullName: string; status: string }[] }[];
};
export type TestRun = {
  /** The tests that ran. */
  tests: { spec: string; title: string; isPassed: boolean }[];
  /** Why a suite, or the database, could not even start. */
  broken: string | null;
};

/** A copy of the project to break, with servers of its own that all its test runs share. */
export type MutantBench = {
  read(file: string): string;
  write(file: string, text: string): void;
  /** Runs the tests whose title holds one of these, on a database made from the copy's SQL. */
  run(wanted: readonly WantedTest[]): Promise<TestRun>;
  stop(): Promise<void>;
};
export type WantedTest = { spec: string; title: string };

const LEFT_OUT = ['node_modules', '.data', '.cache', '.git', 'dist', 'coverage'];
/** Rows of a test need not survive a power cut. */
const FAST_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
/** A run of one test is ended after the first; each further test adds the second. */
const JEST_MAX_MS = 180_000;
const FURTHER_TEST_MAX_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;

export async function openMutantBench(dir: string): Promise<MutantBench> {
  const copy = path.join(dir, 'copy');
  copyProject(copy);
  mkdirSync(path.join(dir, 'tmp'), { recursive: true });
  const database = await startDevDb({ dir: path.join(dir, 'pg'), settings: FAST_SETTINGS });
  const temporal = await startDevTemporal();
  const environment = {
    ...process.env,
    TEST_DATABASE_URL: database.adminUrl,
    TEST_TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_CLI: findTemporalProgram('cli')?.path,
    TEMPORAL_TEST_SERVER: findTemporalProgram('test')?.path,
    TMPDIR: path.join(dir, 'tmp'),
  };
  /** Migrated databases by the text of their SQL: many mutants leave that alone. */
  const templates = new Map<string, string>();

  async function templateFor(sql: string): Promise<string> {
    const known = templates.get(sql);
    if (known) return known;
    const name = `template_${templates.size}`;
    const url = new URL(database.adminUrl);
    url.pathname = `/${name}`;
    await migrate(url.href, { root: copy });
    await asAdmin(database.adminUrl, `ALTER DATABASE ${name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
    templates.set(sql, name);
    return name;
  }

  return {
    read: (file) => readFileSync(path.join(copy, file), 'utf8'),
    write: (file, text) => writeFileSync(path.join(copy, file), text),
    async run(wanted) {
      try {
        const template = await templateFor(sqlIn(copy));
        return await runJest({ copy, wanted, environment: { ...environment, TEST_TEMPLATE_DATABASE: template } });
      } catch (err) {
        return { tests: [], broken: (err as Error).message };
      }
    },
    async stop() {
      await temporal.stop();
      await database.stop();
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function copyProject(copy: string): void {
  // Part by part: the copy lies in the project, and a folder cannot be copied into itself.
  for (const name of readdirSync(projectRoot).filter((entry) => !LEFT_OUT.includes(entry)))
    cpSync(path.join(projectRoot, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(copy, 'node_modules'));
}

function sqlIn(copy: string): string {
  const names = ['prisma/migrations', 'store'].flatMap((folder) =>
    readdirSync(path.join(copy, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  );
  return names
    .filter((name) => name.endsWith('.sql'))
    .map((name) => readFileSync(path.join(copy, name), 'utf8'))
    .join('\n');
}

type JestRun = { copy: string; wanted: readonly WantedTest[]; environment: Record<string, string | undefined> };

async function runJest({ copy, wanted, environment }: JestRun): Promise<TestRun> {
  const reportFile = path.join(copy, 'jest.json');
  rmSync(reportFile, { force: true });
  const pattern = wanted.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const [program = '', ...args] = [
    ...parentDeathLeash('TERM'),
    ...[process.execPath, '--experimental-vm-modules', '--no-warnings'],
    path.join(copy, 'node_modules', 'jest', 'bin', 'jest.js'),
    ...['--json', `--outputFile=${reportFile}`, '--cacheDirectory', path.join(projectRoot, '.cache', 'jest')],
    ...['--testNamePattern', pattern, '--runTestsByPath', ...new Set(wanted.map(({ spec }) => spec))],
  ];
  const child = spawn(program, args, { cwd: copy, env: environment, stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), JEST_MAX_MS + (wanted.length - 1) * FURTHER_TEST_MAX_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  if (!existsSync(reportFile)) return { tests: [], broken: 'jest ended without a report' };
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report;
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status }) => ({
        spec: path.relative(copy, name),
        title: fullName,
        isPassed: status === 'passed',
      })),
  );
  return { tests, broken: report.numRuntimeErrorTestSuites > 0 ? 'a suite could not run' : null };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
