import { parseArgs } from 'node:util';
import { publicId } from '../domain/ids.js';
import { readConfig } from '../platform/config.js';
import { createApiKey } from '../store/people/api-keys.js';
import { openDatabase } from '../store/database.js';
import { resealProviderAccounts } from '../store/settings/provider-accounts.js';
import { createWorkspace } from '../store/workspaces/workspaces.js';
import { registerSearchAttributesFromEnvironment } from './search-attributes.js';

/**
 * Prepares a production installation, after `npm run migrate`: `npm run setup -- --workspace "Acme" --concurrency 20`.
 * `npm run setup -- --reseal` is for a change of the encryption key: it encrypts every credential with the new one.
 */
const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    concurrency: { type: 'string', default: '20' },
    reseal: { type: 'boolean', default: false },
  },
});
if (values.reseal) {
  await reseal();
  process.exit();
}
const name = values.workspace?.trim();
const concurrencyLimit = Number(values.concurrency);
if (
  !name ||
  name.length > 100 ||
  !Number.isInteger(concurrencyLimit) ||
  concurrencyLimit < 1 ||
  concurrencyLimit > 100_000
) {
  process.stderr.write(
    'Usage: npm run setup -- --workspace NAME [--concurrency 1..100000]\n       npm run setup -- --reseal\n',
  );
  process.exit(2);
}

await registerSearchAttributesFromEnvironment();
process.stdout.write('Search attributes are registered in Temporal.\n');
const db = openDatabase({ url: readConfig().databaseUrl, connectionsMax: 1 });
try {
  const workspaceId = await createWorkspace(db, { name, concurrencyLimit });
  const { key } = await createApiKey(db.pool, { workspaceId, name: 'First admin', role: 'admin' });
  process.stdout.write(`Workspace ${publicId('workspace', workspaceId)}\nAdmin key, shown this once: ${key}\n`);
} finally {
  await db.close();
}

async function reseal(): Promise<void> {
  const { databaseUrl, secretBox } = readConfig();
  const db = openDatabase({ url: databaseUrl, connectionsMax: 1 });
  try {
    const count = await resealProviderAccounts(db, secretBox);
    process.stdout.write(`Encrypted the credentials of ${count} provider accounts with DIALWRIGHT_ENCRYPTION_KEY.\n`);
  } finally {
    await db.close();
  }
}
