/**
 * Makes a fresh clone runnable: checks Node's version, installs the npm packages, and goes on with prepare.ts.
 *
 *   node dev/bootstrap.mjs [--tests]
 *
 * The only file that runs before `npm ci`, hence JavaScript and Node built-ins only. Safe to run at any time: what is ready
 * is left alone (then it takes a fraction of a second), what is missing is made under a lock, so two runs in one clone do
 * not install over each other.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const NODE_VERSION_MIN = { major: 20, minor: 19 };
/** Longer than a slow `npm ci` and a slow download together. */
const LOCK_TIMEOUT_MS = 900_000;
const LOCK_INTERVAL_MS = 200;
const PS_TIMEOUT_MS = 5_000;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const lockfile = path.join(projectRoot, 'package-lock.json');
/** npm writes it last. */
const installedList = path.join(projectRoot, 'node_modules', '.package-lock.json');
/** `{ key, forTests, files }`: for what the folder was prepared, and the files that this takes. */
const readyStamp = path.join(projectRoot, '.cache', 'ready.json');
/** `[{ pid, identity }]`: the run that works in this folder, and the npm that it started. */
const lock = path.join(projectRoot, '.cache', 'prepare.lock');

/** What decides whether prepare.ts has something to do. */
const DECISIVE_FILES = [
  ...[lockfile, installedList],
  ...['prisma/schema.prisma', 'openapi.json', 'dev/prepare.ts', 'dev/servers/temporal-bin.ts'].map(
    (file) => projectRoot + file,
  ),
];
const DECISIVE_VARIABLES = ['PATH', 'TEMPORAL_ADDRESS', 'TEMPORAL_CLI', 'TEMPORAL_TEST_SERVER'];

try {
  await bootstrap({ forTests: process.argv.includes('--tests') });
} catch (err) {
  console.error(err.message);
  process.exit(1);
}

async function bootstrap({ forTests }) {
  checkNodeVersion();
  if (isReady({ forTests })) return;
  await takeLock();
  try {
    rmSync(readyStamp, { force: true }); // if this run is killed, the next one must not take the folder for ready
    if (!hasLockedPackages()) await installPackages();
    const key = readyKey();
    const { tsImport } = await import('tsx/esm/api');
    const { prepare } = await tsImport('./prepare.ts', import.meta.url);
    const files = await prepare({ forTests, say });
    replaceFile(readyStamp, JSON.stringify({ key, forTests, files }));
    say('Ready');
  } finally {
    releaseLock();
  }
}

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const { major: majorMin, minor: minorMin } = NODE_VERSION_MIN;
  if (major > majorMin || (major === majorMin && minor >= minorMin)) return;
  throw new Error(`Dialwright needs Node ${majorMin}.${minorMin} or newer; this is ${process.versions.node}.`);
}

/** From the stamp alone: to load TypeScript and look would take several times as long. */
function isReady({ forTests }) {
  const ready = JSON.parse(readIfAny(readyStamp) ?? '{}');
  return ready.key === readyKey() && (ready.forTests || !forTests) && ready.files.every((file) => existsSync(file));
}

function readyKey() {
  const files = DECISIVE_FILES.map((file) => readIfAny(file));
  const variables = DECISIVE_VARIABLES.map((name) => process.env[name]);
  const decisive = JSON.stringify([process.platform, process.arch, variables, files]);
  return createHash('sha256').update(decisive).digest('hex');
}

/**
 * npm writes its list of what it installed last, so a list that agrees with the lockfile proves a complete installation,
 * whoever ran `npm ci`. Optional packages count only where they are made for this platform.
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

async function installPackages() {
  say('Installing npm packages (about a minute, once)');
  rmSync(installedList, { force: true }); // npm removes it with the packages, but not before them
  const [command, ...args] = npmCommand();
  const options = {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: command.endsWith('.cmd'),
    detached: process.platform !== 'win32', // a group of its own, to be ended with all that it has started
  };
  const npm = spawn(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], options);
  if (npm.pid) replaceFile(lock, holders(process.pid, npm.pid)); // if this run is killed, npm goes on and needs the lock
  const forget = endWithThisRun(npm);
  const [code] = await once(npm, 'close');
  forget();
  if (code !== 0) throw new Error('npm ci failed; its message is above.');
}

/** Ctrl-C ends npm too: one that goes on alone would write into the folder while the next run installs. */
function endWithThisRun(npm) {
  const end = (signal) => {
    endGroup(npm.pid);
    releaseLock();
    console.error(`Stopped while npm packages were installed (${signal}). The next run begins with them again.`);
    process.exit(1);
  };
  for (const signal of ENDING_SIGNALS) process.once(signal, end);
  return () => ENDING_SIGNALS.forEach((signal) => process.off(signal, end));
}

function endGroup(pid) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (err) {
    if (err.code !== 'ESRCH') throw err;
  }
}

/** Under `npm test` the running npm is named in the environment; it may be another one than the npm on PATH. */
function npmCommand() {
  const running = process.env.npm_execpath;
  if (running && /npm-cli\.c?js$/.test(running)) return [process.execPath, running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** Waits for the lock; takes over the lock of a run that died. */
async function takeLock() {
  mkdirSync(path.dirname(lock), { recursive: true });
  const deadline = performance.now() + LOCK_TIMEOUT_MS;
  for (let isWaiting = false; ; isWaiting = true) {
    clearDeadLock();
    if (tryLock()) return;
    if (!isWaiting) say('Waiting for another run that is preparing this folder');
    if (performance.now() >= deadline) break;
    await sleep(LOCK_INTERVAL_MS);
  }
  throw new Error(`Another run holds ${lock}: end it, or remove that file if there is none.`);
}

/** The file appears with its content in one step: a reader never finds it half written and takes it for a dead one. */
function tryLock() {
  const beside = `${lock}.${process.pid}`;
  writeFileSync(beside, holders(process.pid));
  try {
    linkSync(beside, lock);
    return true;
  } catch (err) {
    if (err.code === 'EEXIST') return false;
    throw err;
  } finally {
    rmSync(beside, { force: true });
  }
}

function releaseLock() {
  const [holder] = JSON.parse(readIfAny(lock) ?? '[]');
  if (holder?.pid === process.pid) rmSync(lock, { force: true });
}

/**
 * Two runs may both see a dead lock, and the slower one must not remove the lock that the faster one took meanwhile. So
 * the file is moved aside first, looked at again there, and put back if it belongs to a run that lives.
 */
function clearDeadLock() {
  if (!isDeadLock(lock)) return;
  const aside = `${lock}.dead-${process.pid}`;
  try {
    renameSync(lock, aside);
    if (!isDeadLock(aside)) linkSync(aside, lock);
  } catch (err) {
    if (err.code !== 'ENOENT' && err.code !== 'EEXIST') throw err;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isDeadLock(file) {
  const content = readIfAny(file);
  return content !== undefined && JSON.parse(content).every(({ pid, identity }) => identityOf(pid) !== identity);
}

function holders(...pids) {
  return JSON.stringify(pids.map((pid) => ({ pid, identity: identityOf(pid) ?? 'ended' })));
}

/** As isAlive() and processIdentity() of processes.ts in one: undefined when it does not run, or is a zombie. */
function identityOf(pid) {
  if (process.platform === 'linux') {
    const stat = readIfAny(`/proc/${pid}/stat`) ?? '';
    // Field 3 is the state, 22 the start. The command in field 2 may hold spaces and brackets, so count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const boot = readIfAny('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
    return fields.length < 20 || /[ZX]/.test(fields[0]) ? undefined : `${boot}/${fields[19]}`;
  }
  try {
    process.kill(pid, 0);
  } catch (err) {
    if (err.code !== 'EPERM') return undefined;
  }
  if (process.platform === 'win32') return ''; // it says nothing more
  const ps = spawnSync('ps', ['-p', String(pid), '-o', 'lstart='], { encoding: 'utf8', timeout: PS_TIMEOUT_MS });
  return ps.status === 0 ? ps.stdout.trim() : '';
}

/** In one step: a reader finds the old content or the new. */
function replaceFile(file, content) {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, content);
  renameSync(beside, file);
}

function readIfAny(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (err) {
    if (err.code === 'ENOENT' || err.code === 'ESRCH') return undefined; // ESRCH: a process that ended meanwhile
    throw err;
  }
}

function say(message) {
  console.log(`[${(performance.now() / 1000).toFixed(1)} s] ${message}`);
}
