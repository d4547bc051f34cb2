import { parseArgs } from 'node:util';
import { publicId } from '../domain/ids.js';
import { readConfig } from '../platform/config.js';
import type { SecretBox } from '../platform/secret-box.js';
import { createApiKey } from '../store/people/api-keys.js';
import { openDatabase, type Database } from '../store/database.js';
import { checkEncryptionKey, WrongEncryptionKeyError } from '../store/settings/canary.js';
import { replaceLostKey } from '../store/settings/lost-credentials.js';
import { resealProviderAccounts } from '../store/settings/provider-accounts.js';
import { createWorkspace } from '../store/workspaces/workspaces.js';
import { registerSearchAttributesFromEnvironment } from './search-attributes.js';

/**
 * Prepares a production installation, after `npm run migrate`: `npm run setup -- --workspace "Acme" --concurrency 20`.
 * `npm run setup -- --reseal` is for a change of the encryption key: it encrypts every credential with the new one.
 * `npm run setup -- --key-lost` is for an encryption key that is gone: the one that is set becomes the installation's, and
 * every account that it cannot open asks for its credentials again.
 */
const { values } = parseArgs({
  options: {
    workspace: { type: 'string' },
    concurrency: { type: 'string', default: '20' },
    reseal: { type: 'boolean', default: false },
    'key-lost': { type: 'boolean', default: false },
  },
});
if (values.reseal || values['key-lost']) {
  await withDatabase(values.reseal ? reseal : keyLost);
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
    'Usage: npm run setup -- --workspace NAME [--concurrency 1..100000]\n       npm run setup -- --reseal\n       npm run setup -- --key-lost\n',
  );
  process.exit(2);
}

await registerSearchAttributesFromEnvironment();
process.stdout.write('Search attributes are registered in Temporal.\n');
await withDatabase(async (db, secretBox) => {
  await checkEncryptionKey(db, secretBox);
  const workspaceId = await createWorkspace(db, { name, concurrencyLimit });
  const { key } = await createApiKey(db.pool, { workspaceId, name: 'First admin', role: 'admin' });
  process.stdout.write(`Workspace ${publicId('workspace', workspaceId)}\nAdmin key, shown this once: ${key}\n`);
});

async function withDatabase(work: (db: Database, secretBox: SecretBox) => Promise<void>): Promise<void> {
  const { databaseUrl, secretBox } = readConfig();
  const db = openDatabase({ url: databaseUrl, connectionsMax: 1 });
  try {
    await work(db, secretBox);
  } catch (err) {
    if (!(err instanceof WrongEncryptionKeyError)) throw err;
    process.stderr.write(`${err.message}\n`);
    process.exitCode = 1;
  } finally {
    await db.close();
  }
}

async function reseal(db: Database, secretBox: SecretBox): Promise<void> {
  await checkEncryptionKey(db, secretBox);
  const count = await resealProviderAccounts(db, secretBox);
  process.stdout.write(`Encrypted the credentials of ${count} provider accounts with DIALWRIGHT_ENCRYPTION_KEY.\n`);
}

async function keyLost(db: Database, secretBox: SecretBox): Promise<void> {
  const result = await replaceLostKey(db, secretBox);
  if (result.is === 'replaced') {
    process.stdout.write(
      `DIALWRIGHT_ENCRYPTION_KEY is the key of this installation now. ${result.accounts} provider accounts ask for their ` +
        `credentials, and ${result.batches} batches are paused. PATCH each account with apiKey and webhookSecret, then resume.\n`,
    );
    return;
  }
  process.stderr.write(
    result.is === 'not-lost'
      ? 'DIALWRIGHT_ENCRYPTION_KEY opens what this installation has sealed: it is not lost. Nothing was changed.\n'
      : 'Another process has made a new key meanwhile. Set DIALWRIGHT_ENCRYPTION_KEY to that one, or start this again.\n',
  );
  process.exitCode = 1;
}
