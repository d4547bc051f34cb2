/** Writes openapi.json and docs/errors/README.md from the operations and the table of errors: `npm run openapi`. A test compares both. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorsMarkdown } from '../../api/http/errors-page.js';
import { openApiDocument } from '../../api/http/openapi.js';
import { operations } from '../../api/routes/all-operations.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
mkdirSync(path.join(root, 'docs', 'errors'), { recursive: true });
writeFileSync(path.join(root, 'openapi.json'), `${JSON.stringify(openApiDocument(operations), null, 2)}\n`);
writeFileSync(path.join(root, 'docs', 'errors', 'README.md'), errorsMarkdown());
