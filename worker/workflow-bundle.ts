import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { createLogger } from '../platform/logger.js';
import { createTemporalLogger } from './temporal-logger.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = /(?<!\.spec)\.(ts|js)$/;
const BUILT = path.join(ROOT, 'workflow-bundle.js');

/**
 * The workflow code as one file: the one that `npm run build` made, else one that is made now and kept until a source
 * changes. Making it takes about two seconds, which a restarted worker must not spend.
 */
export async function workflowBundlePath(): Promise<string> {
  if (existsSync(BUILT)) return BUILT;
  const kept = path.join(ROOT, '.cache', `workflow-bundle-${hashOfSources()}.js`);
  if (!existsSync(kept)) await writeWorkflowBundle(kept);
  return kept;
}

/** Bundles the workflow code into `file`, whole or not at all. */
export async function writeWorkflowBundle(file: string): Promise<void> {
  const isSource = import.meta.url.endsWith('.ts');
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(ROOT, 'workflows', isSource ? 'index.ts' : 'index.js'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, extensionAlias: { '.js': ['.ts', '.js'] } },
    }),
    logger: createTemporalLogger(createLogger('warn', 'workflow bundle')),
  });
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, code);
  renameSync(`${file}.${process.pid}`, file);
}

function hashOfSources(): string {
  const hash = createHash('sha256').update(
    readFileSync(createRequire(import.meta.url).resolve('@temporalio/workflow/package.json')),
  );
  for (const folder of ['workflows', 'domain']) {
    for (const name of readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
      if (SOURCE.test(name)) hash.update(name).update(readFileSync(path.join(ROOT, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
