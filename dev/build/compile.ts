import { cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { projectRoot } from '../processes.js';

/** What runs in production, in any of its processes. */
export const PRODUCT_FOLDERS = [
  ...['domain', 'workflows', 'activities', 'store', 'telephony', 'api', 'worker', 'platform', 'carrier', 'cli'],
  'prisma',
];

/**
 * Compiles the product into a folder inside the project, file by file, with what it reads as files beside it (SQL, the
 * release's version). Types are not looked at: `npm run typecheck` does that.
 */
export function compileInto(dir: string): void {
  buildSync({
    absWorkingDir: projectRoot,
    entryPoints: PRODUCT_FOLDERS.flatMap(sourcesIn),
    outbase: '.',
    outdir: dir,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
  });
  const isFolderOrSql = (file: string): boolean => !path.extname(file) || file.endsWith('.sql');
  for (const folder of ['prisma/migrations', 'store'])
    cpSync(path.join(projectRoot, folder), path.join(dir, folder), { recursive: true, filter: isFolderOrSql });
  cpSync(path.join(projectRoot, 'package.json'), path.join(dir, 'package.json'));
}

function sourcesIn(folder: string): string[] {
  const files = readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /(?<!\.spec)\.ts$/.test(file)).map((file) => path.join(folder, file));
}
