import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { compileInto, PRODUCT_FOLDERS } from './build/compile.js';
import { dashboardDir } from './build/dashboard-dir.js';
import { isAlive, projectRoot } from './processes.js';

const dataDir = path.join(projectRoot, '.data');
let compiled: string | undefined;

/**
 * What Node is to be started with to run a file of the project. The product is compiled once by each run that starts parts
 * of it: Node starts that in half the processor time that it takes with a compiler in it, and a source that is edited
 * meanwhile changes no process of the run.
 */
export function programOf(file: string): string[] {
  const isProduct = PRODUCT_FOLDERS.some((folder) => file.startsWith(`${folder}/`));
  if (!isProduct) return ['--import', 'tsx', path.join(projectRoot, file)];
  compiled ??= process.env['TEST_COMPILED_DIR']
    ? compileForTests(process.env['TEST_COMPILED_DIR'])
    : compileForThisRun();
  return ['--enable-source-maps', path.join(compiled, file.replace(/\.ts$/, '.js'))];
}

/** All processes of a run of tests share what the first of them has compiled. */
function compileForTests(dir: string): string {
  if (existsSync(dir)) return dir;
  const beside = `${dir}-${process.pid}`;
  compile(beside);
  try {
    renameSync(beside, dir);
  } catch (err) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(dir)) throw err; // else another process was faster
  }
  return dir;
}

function compileForThisRun(): string {
  const dir = path.join(dataDir, `compiled-${process.pid}`);
  clearDead();
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  compile(dir);
  return dir;
}

function compile(dir: string): void {
  compileInto(dir);
  const cache = path.join(projectRoot, '.cache');
  mkdirSync(cache, { recursive: true });
  symlinkSync(cache, path.join(dir, '.cache'), 'junction'); // so that the workflow code outlives the run
  symlinkSync(dashboardDir, path.join(dir, 'dashboard'), 'junction'); // there only when it was built
}

/** Removes what runs that were killed have left. */
function clearDead(): void {
  if (!existsSync(dataDir)) return;
  for (const name of readdirSync(dataDir)) {
    const pid = /^compiled-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(path.join(dataDir, name), { recursive: true, force: true });
  }
}
