import { cpSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWorkflowBundle } from '../../worker/workflow-bundle.js';

/**
 * The last part of `npm run build`: puts beside the compiled sources what they read as files (SQL, the release's version)
 * and the workflow code as one file, so that a worker starts at once. `dist/` then runs by itself.
 */
const dist = fileURLToPath(new URL('../..', import.meta.url));
const root = path.join(dist, '..');
const isFolderOrSql = (file: string): boolean => !path.extname(file) || file.endsWith('.sql');
for (const folder of ['prisma/migrations', 'store'])
  cpSync(path.join(root, folder), path.join(dist, folder), { recursive: true, filter: isFolderOrSql });
cpSync(path.join(root, 'package.json'), path.join(dist, 'package.json'));
await writeWorkflowBundle(path.join(dist, 'workflow-bundle.js'));
