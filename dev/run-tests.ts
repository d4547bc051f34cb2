/**
 * Runs the tests against real servers that it starts itself, and stops.
 *
 *   node --import tsx dev/run-tests.ts [arguments of jest]     for instance a part of a path: `npm test -- store`
 *
 * The tests find in their environment: TEST_DATABASE_URL (an administrator's address of the server, database
 * `postgres`), TEST_TEMPLATE_DATABASE (a migrated database to copy), TEST_TEMPORAL_ADDRESS, the paths of the two
 * Temporal programs in TEMPORAL_CLI and TEMPORAL_TEST_SERVER, and in TEST_COMPILED_DIR where to compile the product, once.
 *
 * Each run has servers and a folder of its own, so several may run in one clone. It stops and removes them in the end, on
 * Ctrl-C too, and clears what a run that was killed left. Nothing outside the project is touched, but for a folder in
 * memory with the database. The last line is
 * `N passed, N failed`, where a suite that could not run counts as failed.
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { startDevDb, stopLeftDevDb, type DevDb } from './servers/dev-db.js';
import { startDevTemporal, type DevTemporal } from './servers/dev-temporal.js';
import { migrate } from '../store/migrate.js';
import { isAlive, parentDeathLeash, projectRoot } from './processes.js';
import { findTemporalProgram, type TemporalProgramName } from './servers/temporal-bin.js';

/** The signal that interrupted the run, if one did. */
type Interruption = { signal: NodeJS.Signals | undefined; onSignal: (signal: NodeJS.Signals) => void };
type Stop = () => Promise<void>;
/** What jest's report says, as far as it is read here. */
type Report = { numPassedTests: number; numFailedTests: number; numRuntimeErrorTestSuites: number };

const TEMPLATE_DATABASE = 'dialwright_template';
const CONNECT_TIMEOUT_MS = 10_000;
/** After an interruption jest may end its tests; then it is killed. */
const INTERRUPT_TIMEOUT_MS = 5_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Rows of a test need not survive a power cut. */
const FAST_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '128MB' };
/** Linux' files in memory. A database is made for most tests, which is hundreds of files: there it takes a tenth. */
const MEMORY_DIR = '/dev/shm';
const MEMORY_FREE_MIN_BYTES = 3 * 1024 ** 3;
/** Loading the program anew for each file makes much that is soon garbage: with room for it, a tenth of the CPU is saved. */
const JEST_NODE_OPTIONS = ['--max-semi-space-size=64', '--experimental-vm-modules', '--no-warnings'];

const dataDir = path.join(projectRoot, '.data');
const runDir = path.join(dataDir, `test-${process.pid}`);
const reportFile = path.join(runDir, 'jest.json');

const exitCode = await runTests(process.argv.slice(2));
process.exit(exitCode);

async function runTests(args: readonly string[]): Promise<number> {
  const interruption = watchSignals();
  const stops: Stop[] = [];
  let code = 1;
  try {
    await clearDeadRuns();
    mkdirSync(path.join(runDir, 'tmp'), { recursive: true });
    makeDatabaseDir();
    const env = await startServers(stops);
    if (!interruption.signal) code = await runJest(args, env, interruption);
  } catch (err) {
    console.error(err);
  }
  const counts = readCounts(code);
  await stopAll(stops);
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return interruption.signal ? 128 + os.constants.signals[interruption.signal] : code;
}

/** Holds the signals back until the servers are stopped; `onSignal` passes them to jest while it runs. */
function watchSignals(): Interruption {
  const interruption: Interruption = { signal: undefined, onSignal: () => {} };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      interruption.signal ??= signal;
      interruption.onSignal(signal);
    });
  }
  return interruption;
}

async function clearDeadRuns(): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  for (const name of readdirSync(dataDir)) {
    const pid = /^test-(\d+)$/.exec(name)?.[1];
    if (pid === undefined || (isAlive(Number(pid)) && Number(pid) !== process.pid)) continue;
    const dir = path.join(dataDir, name);
    await stopLeftDevDb(databaseDirOf(dir));
    removeRun(dir);
  }
}

function databaseDirOf(dir: string): string {
  return path.join(dir, 'database', 'pg');
}

/** In memory where the system says that there is room, else in the folder of the run. */
function makeDatabaseDir(): void {
  const link = path.dirname(databaseDirOf(runDir));
  if (!hasMemory()) return void mkdirSync(link);
  const dir = mkdtempSync(path.join(MEMORY_DIR, 'dialwright-test-'));
  chmodSync(dir, 0o755); // the server may run as another user
  symlinkSync(dir, link);
}

function hasMemory(): boolean {
  if (process.platform !== 'linux' || !existsSync(MEMORY_DIR)) return false;
  const { bavail, bsize } = statfsSync(MEMORY_DIR);
  return Math.min(bavail * bsize, os.freemem()) >= MEMORY_FREE_MIN_BYTES;
}

function removeRun(dir: string): void {
  const link = path.dirname(databaseDirOf(dir));
  if (existsSync(link)) rmSync(realpathSync(link), { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}

/** Adds to `stops` as it goes, so that a failure half-way leaves nothing running. */
async function startServers(stops: Stop[]): Promise<NodeJS.ProcessEnv> {
  const programs = { TEMPORAL_CLI: programPath('cli'), TEMPORAL_TEST_SERVER: programPath('test') };
  const starts = [startTemplateDatabase(stops), startTemporal(stops)] as const;
  await Promise.allSettled(starts); // so that each one is in `stops` before a failure of the other is thrown
  const [database, temporal] = await Promise.all(starts);
  return {
    ...process.env,
    ...programs,
    TEST_DATABASE_URL: database.adminUrl,
    TEST_TEMPLATE_DATABASE: TEMPLATE_DATABASE,
    TEST_TEMPORAL_ADDRESS: temporal.address,
    TEST_COMPILED_DIR: path.join(runDir, 'compiled'),
    TMPDIR: path.join(runDir, 'tmp'),
  };
}

function programPath(which: TemporalProgramName): string {
  const program = findTemporalProgram(which);
  if (!program) throw new Error('A Temporal program is missing: run node dev/bootstrap.mjs --tests first.');
  return program.path;
}

async function startTemplateDatabase(stops: Stop[]): Promise<DevDb> {
  const options = { dir: databaseDirOf(runDir), database: TEMPLATE_DATABASE, settings: FAST_SETTINGS };
  const server = await startDevDb(options);
  stops.push(server.stop);
  await migrate(server.url);
  await closeTemplate(server.adminUrl);
  return server;
}

/** PostgreSQL copies a database only while nobody is connected to it, autovacuum included. */
async function closeTemplate(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    await client.query(`ALTER DATABASE ${TEMPLATE_DATABASE} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  } finally {
    await client.end();
  }
}

async function startTemporal(stops: Stop[]): Promise<DevTemporal> {
  const server = await startDevTemporal();
  stops.push(server.stop);
  return server;
}

/** Jest's output goes straight to the terminal. Returns its exit code. */
function runJest(args: readonly string[], env: NodeJS.ProcessEnv, interruption: Interruption): Promise<number> {
  const jest = path.join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const [command = '', ...rest] = [
    ...parentDeathLeash('TERM'),
    ...[process.execPath, ...JEST_NODE_OPTIONS, jest],
    ...['--json', `--outputFile=${reportFile}`, ...args],
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { cwd: projectRoot, stdio: 'inherit', env });
    let timer: NodeJS.Timeout | undefined;
    interruption.onSignal = (signal) => {
      child.kill(signal);
      timer ??= setTimeout(() => child.kill('SIGKILL'), INTERRUPT_TIMEOUT_MS);
    };
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}

/** No report means that jest ended before its time: that is a failure, whatever the tests did. */
function readCounts(code: number): { passed: number; failed: number } {
  const report = readReport();
  if (!report) return { passed: 0, failed: code === 0 ? 0 : 1 }; // --help and --listTests write none either
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed: report.numPassedTests, failed: code === 0 ? failed : Math.max(failed, 1) };
}

function readReport(): Report | undefined {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as Report; // jest wrote it
  } catch {
    return undefined;
  }
}

async function stopAll(stops: readonly Stop[]): Promise<void> {
  const results = await Promise.allSettled(stops.map((stop) => stop()));
  for (const result of results) if (result.status === 'rejected') console.error(result.reason);
  removeRun(runDir);
}
