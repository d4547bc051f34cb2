import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { errorCode, projectRoot } from '../processes.js';
import { dashboardDir } from './dashboard-dir.js';

/** What the built page is made of. An image is built of these too: `.dockerignore` lets them in. */
export const SOURCES = ['dashboard', 'domain', 'client', 'openapi.json', 'package-lock.json'];

/** Enough to tell builds apart. */
const SUM_LENGTH = 16;
/** A build that nothing has used for so long is removed by a later one. */
const KEPT_MS = 3_600_000;

/**
 * Builds the dashboard, unless what is there was made of the same sources. Safe to repeat, and for several runs at once: each
 * build has a folder of its own, and `dashboardDir` is a link that is replaced in one step.
 */
export function buildDashboard(say: (message: string) => void = () => undefined): void {
  const build = `${dashboardDir}-${sumOf(SOURCES)}`;
  if (isLinkedTo(build)) return;
  if (!existsSync(build)) {
    say('Building the dashboard (some seconds, once)');
    const beside = `${build}.${process.pid}`;
    runVite(beside);
    compressAll(path.join(beside, 'assets'));
    putInPlace(beside, build);
  }
  const link = `${dashboardDir}.${process.pid}`;
  rmSync(link, { force: true });
  symlinkSync(path.basename(build), link, 'junction');
  // A folder of an older release.
  if (existsSync(dashboardDir) && !lstatSync(dashboardDir).isSymbolicLink()) rmSync(dashboardDir, { recursive: true });
  renameSync(link, dashboardDir);
  removeOld(build);
}

function isLinkedTo(build: string): boolean {
  try {
    return realpathSync(dashboardDir) === realpathSync(build);
  } catch (err) {
    if (errorCode(err) === 'ENOENT') return false;
    throw err;
  }
}

function runVite(outDir: string): void {
  const vite = path.join(projectRoot, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', '--config', path.join(projectRoot, 'dashboard', 'vite.config.ts'), '--outDir', outDir];
  const env = { ...process.env, NODE_ENV: 'production' };
  const result = spawnSync(process.execPath, [vite, ...args, '--logLevel', 'error'], { env, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`Building the dashboard failed.\n${result.stdout}${result.stderr}`);
}

function putInPlace(beside: string, build: string): void {
  try {
    renameSync(beside, build);
  } catch (err) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(build)) throw err; // else another run was faster
  }
}

/** An API that runs may serve an older one still. */
function removeOld(build: string): void {
  const dir = path.dirname(dashboardDir);
  for (const name of readdirSync(dir)) {
    const at = path.join(dir, name);
    if (!name.startsWith(`${path.basename(dashboardDir)}-`) || at === build) continue;
    // Another run may have removed it meanwhile.
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > KEPT_MS) rmSync(at, { recursive: true, force: true });
  }
}

/** Once here, so that no request waits for it, and as small as can be. */
function compressAll(dir: string): void {
  for (const name of readdirSync(dir)) {
    if (!/\.(?:js|css|svg)$/.test(name)) continue;
    const content = readFileSync(path.join(dir, name));
    writeFileSync(path.join(dir, `${name}.br`), brotliCompressSync(content));
    writeFileSync(path.join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

function sumOf(names: readonly string[]): string {
  const sum = createHash('sha256');
  for (const file of names.flatMap(filesOf)) sum.update(`${file}\0`).update(readFileSync(path.join(projectRoot, file)));
  return sum.digest('hex').slice(0, SUM_LENGTH);
}

function filesOf(name: string): string[] {
  const at = path.join(projectRoot, name);
  if (path.extname(name)) return [name];
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.spec.'))
    .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)))
    .sort();
}
