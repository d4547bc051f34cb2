import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parsePublicId, publicId } from '../domain/ids.js';
import { readConfig } from '../platform/config.js';
import type { SecretBox } from '../platform/secret-box.js';
import { StartError } from '../platform/start-error.js';
import { createApiKey } from '../store/people/api-keys.js';
import { linkAddress } from '../domain/people/link-address.js';
import { changeMember, createLink, inviteMember } from '../store/people/members.js';
import { turnOffSecondFactor } from '../store/people/second-factor/second-factors.js';
import { openDatabase, type Database } from '../store/database.js';
import { checkFunctions } from '../store/functions/check-functions.js';
import { untilDatabaseAnswers } from '../store/until-database-answers.js';
import { checkEncryptionKey } from '../store/settings/canary.js';
import { replaceLostKey } from '../store/settings/lost-credentials.js';
import { resealSecrets } from '../store/settings/provider-accounts.js';
import { createWorkspace, findWorkspace } from '../store/workspaces/workspaces.js';
import { registerSearchAttributesFromEnvironment } from './search-attributes.js';

/**
 * Prepares a production installation, after `npm run migrate`: `npm run setup -- --workspace "Acme" --concurrency 20`.
 * `npm run setup -- --reseal` is for a change of the encryption key: it encrypts every credential with the new one.
 * `npm run setup -- --key-lost` is for an encryption key that is gone: the one that is set becomes the installation's, and
 * every account that it cannot open asks for its credentials again; second factors stay on, for recovery codes.
 */
const USAGE = `Usage: npm run setup -- --workspace NAME [--concurrency 1..100000] [--another]
         makes a workspace and its first admin key; --another: although there is one of this name
       npm run setup -- --workspace NAME|ID --admin EMAIL [--name NAME]
         a link by which this person, who becomes an admin, chooses a password: for the first one, or when nobody gets in any more
       npm run setup -- --workspace NAME|ID --admin EMAIL --reset-second-factor
         the same for who has lost the second factor and the recovery codes: it is off from then on
       npm run setup -- --workspace NAME|ID --admin-key
         makes another admin key of a workspace, when nobody has one any more
       npm run setup -- --reseal
         after a change of DIALWRIGHT_ENCRYPTION_KEY, with the one before in DIALWRIGHT_ENCRYPTION_KEY_PREVIOUS
       npm run setup -- --key-lost
         when the encryption key is gone: accounts ask for their credentials again, and people sign in by a recovery code
`;
const { values } = readArguments();
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
if (values.reseal || values['key-lost']) {
  await withDatabase(values.reseal ? reseal : keyLost);
  process.exit();
}
const name = values.workspace?.trim();
const concurrencyLimit = Number(values.concurrency);
if (
  !name ||
  name.length > 100 ||
  (values['reset-second-factor'] && values.admin === undefined) ||
  !Number.isInteger(concurrencyLimit) ||
  concurrencyLimit < 1 ||
  concurrencyLimit > 100_000
) {
  process.stderr.write(USAGE);
  process.exit(2);
}

await withDatabase(async (db, secretBox) => {
  await checkEncryptionKey(db, secretBox);
  const id = parsePublicId('workspace', name);
  const named = id ? await db.prisma.workspace.findUnique({ where: { id } }) : null;
  const show = values.admin === undefined ? showNewKey : showLink;
  const isMore = values['admin-key'] || values.admin !== undefined;
  if (isMore && named) return show(db, named.id);
  const existing = await findWorkspace(db, name);
  if (isMore && existing) {
    const others = await db.prisma.workspace.count({ where: { name } });
    if (others === 1) return show(db, existing);
    process.stderr.write(`There are ${others} workspaces "${name}": give the id of one, --workspace ws_…\n`);
    process.exitCode = 1;
    return;
  }
  if (isMore || (existing && !values.another)) {
    process.stderr.write(
      existing
        ? `There is a workspace "${name}" already (${publicId('workspace', existing)}), so none was made. For another one of this name: --another; for another admin key: --admin-key\n`
        : `There is no workspace "${name}", so no key was made.\n`,
    );
    process.exitCode = 1;
    return;
  }
  await registerSearchAttributesFromEnvironment();
  process.stdout.write('Search attributes are registered in Temporal.\n');
  const workspaceId = await createWorkspace(db, { name, concurrencyLimit });
  await showNewKey(db, workspaceId);
});

async function showNewKey(db: Database, workspaceId: string): Promise<void> {
  const { key } = await createApiKey(db, { workspaceId, name: 'Admin', role: 'admin' });
  process.stdout.write(`Workspace ${publicId('workspace', workspaceId)}\nAdmin key, shown this once: ${key}\n`);
}

/** Good once, and for a day. Somebody who is a member already becomes an admin. */
async function showLink(db: Database, workspaceId: string): Promise<void> {
  const email = values.admin?.trim().toLowerCase() ?? '';
  const name = values.name?.trim() || email.split('@')[0] || email;
  if (!z.email().max(254).safeParse(email).success || name.length > 100) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const asked = { workspaceId, actor: 'setup', commandId: null };
  const { id, personId } = await inviteMember(db.pool, asked, { id: null, email, name, role: 'admin' });
  await changeMember(db.pool, asked, id, 'admin');
  const isReset = values['reset-second-factor'];
  if (isReset) await turnOffSecondFactor(db.pool, personId, 'setup');
  const made = await createLink(db.pool, asked, id);
  const { publicUrl } = readConfig();
  process.stdout.write(
    `Workspace ${publicId('workspace', workspaceId)}\n` +
      (isReset ? `The second factor of ${email} is off.\n` : '') +
      `Link for ${email}, good once and for a day: ${linkAddress({ publicUrl }, made.is === 'MADE' ? made.token : '')}\n`,
  );
}

/** What is in the way is one sentence. */
async function withDatabase(work: (db: Database, secretBox: SecretBox) => Promise<void>): Promise<void> {
  let db: Database | null = null;
  try {
    const { databaseUrl, secretBox, settings } = readConfig();
    db = openDatabase({ url: databaseUrl, connectionsMax: 1 });
    const onWait = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
    await untilDatabaseAnswers(db, { onWait, waitMaxMs: settings.startWaitMs });
    await checkFunctions(db.pool);
    await work(db, secretBox);
  } catch (err) {
    if (!(err instanceof StartError)) throw err;
    process.stderr.write(`${err.message}\n`);
    process.exitCode = 1;
  } finally {
    await db?.close();
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        workspace: { type: 'string' },
        concurrency: { type: 'string', default: '20' },
        another: { type: 'boolean', default: false },
        'admin-key': { type: 'boolean', default: false },
        admin: { type: 'string' },
        name: { type: 'string' },
        'reset-second-factor': { type: 'boolean', default: false },
        reseal: { type: 'boolean', default: false },
        'key-lost': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (err) {
    process.stderr.write(`${err instanceof Error ? err.message : String(err)}\n${USAGE}`);
    process.exit(2);
  }
}

async function reseal(db: Database, secretBox: SecretBox): Promise<void> {
  await checkEncryptionKey(db, secretBox);
  const { accounts, secondFactors } = await resealSecrets(db, secretBox);
  process.stdout.write(
    `Encrypted the credentials of ${accounts} provider accounts and ${secondFactors} second factors with DIALWRIGHT_ENCRYPTION_KEY.\n`,
  );
}

async function keyLost(db: Database, secretBox: SecretBox): Promise<void> {
  const result = await replaceLostKey(db, secretBox);
  if (result.is === 'replaced') {
    process.stdout.write(
      `DIALWRIGHT_ENCRYPTION_KEY is the key of this installation now. ${result.accounts} provider accounts ask for their ` +
        `credentials, and ${result.batches} batches are paused. PATCH each account with its credentials, then resume.\n` +
        (result.secondFactors > 0
          ? `${result.secondFactors} people sign in by a recovery code, and set up their second factor anew; for who has none: --admin EMAIL --reset-second-factor.\n`
          : ''),
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
