import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { projectRoot } from '../processes.js';
import { dashboardDir } from './dashboard-dir.js';

/** What the built page is made of. */
const SOURCES = ['dashboard', 'domain', 'client', 'openapi.json', 'package-lock.json'];
const STAMP = '.sources';

/** Builds the dashboard, unless what is there was made of the same sources. Safe to repeat, and for two runs at once. */
export function buildDashboard(say: (message: string) => void = () => undefined): void {
  const sources = sumOf(SOURCES);
  const stamp = path.join(dashboardDir, STAMP);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return;
  say('Building the dashboard (some seconds, once)');
  const beside = `${dashboardDir}.${process.pid}`;
  const vite = path.join(projectRoot, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', '--config', path.join(projectRoot, 'dashboard', 'vite.config.ts'), '--outDir', beside];
  const env = { ...process.env, NODE_ENV: 'production' };
  const result = spawnSync(process.execPath, [vite, ...args, '--logLevel', 'error'], { env, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`Building the dashboard failed.\n${result.stdout}${result.stderr}`);
  compressAll(path.join(beside, 'assets'));
  writeFileSync(path.join(beside, STAMP), sources);
  rmSync(dashboardDir, { recursive: true, force: true });
  try {
    renameSync(beside, dashboardDir);
  } catch (err) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(stamp)) throw err; // else another run was faster
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
  return sum.digest('hex');
}

function filesOf(name: string): string[] {
  const at = path.join(projectRoot, name);
  if (path.extname(name)) return [name];
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes('.spec.'))
    .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)))
    .sort();
}
