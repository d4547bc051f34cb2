import { StartError } from '../../platform/start-error.js';
import { UnreadableSecretError } from '../../platform/secret-box.js';
import { inTransaction, type Database, type Queryable } from '../database.js';
import type { Secrets } from './secrets.js';

/** This process has not the key with which the installation's secrets are sealed. */
export class WrongEncryptionKeyError extends StartError {
  override readonly name = 'WrongEncryptionKeyError';
  readonly code = 'WRONG_ENCRYPTION_KEY';
  constructor() {
    super(
      'DIALWRIGHT_ENCRYPTION_KEY is not the key of this installation: what the database holds was sealed with another one. ' +
        'Nothing was changed. Set it to the key that the other processes have. After a change of the key, set ' +
        'DIALWRIGHT_ENCRYPTION_KEY_PREVIOUS to the one before. When the key is lost: npm run setup -- --key-lost',
    );
  }
}

/** Whom the canary is sealed for, and what it says. */
const OWNER = 'installation';
const TEXT = 'dialwright';
/** Accounts that are tried where there is no canary yet. */
const TRIED_MAX = 100;

/**
 * Refuses a process that cannot open the installation's canary. Called at the start of API, worker and setup, before
 * anything is sealed or opened. The first of them makes the canary, unless there are sealed rows of which its key opens
 * none. Safe to repeat, and to run in several processes at once: one canary is kept, and a process with another key is
 * refused. @throws WrongEncryptionKeyError
 */
export async function checkEncryptionKey(db: Database, secrets: Secrets): Promise<void> {
  let canary = await readCanary(db.pool);
  if (canary === null) {
    await inTransaction(db, async (tx) => {
      if (!(await opensSealedRows(tx, secrets))) throw new WrongEncryptionKeyError();
      await tx.query('INSERT INTO installation (canary) VALUES ($1) ON CONFLICT DO NOTHING', [sealCanary(secrets)]);
    });
    canary = await readCanary(db.pool);
  }
  if (canary === null || !opensCanary(secrets, canary)) throw new WrongEncryptionKeyError();
}

/** Whether nothing says that this process has another key than the installation. */
export async function isEncryptionKeyRight(db: Queryable, secrets: Secrets): Promise<boolean> {
  const canary = await readCanary(db);
  return canary === null || opensCanary(secrets, canary);
}

export async function readCanary(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ canary: string }>('SELECT canary FROM installation');
  return rows[0]?.canary ?? null;
}

export function sealCanary(secrets: Secrets): string {
  return secrets.seal(TEXT, OWNER);
}

export function opensCanary(secrets: Secrets, canary: string): boolean {
  return opens(secrets, OWNER, canary);
}

/** Whether a sealed text of a row can be read. */
export function opens(secrets: Secrets, ownerId: string, sealed: string): boolean {
  try {
    secrets.open(sealed, ownerId);
    return true;
  } catch (err) {
    if (err instanceof UnreadableSecretError) return false;
    throw err;
  }
}

/** True where nothing is sealed yet. */
async function opensSealedRows(tx: Queryable, secrets: Secrets): Promise<boolean> {
  const { rows } = await tx.query<{ id: string; credentials: string }>(
    'SELECT id, credentials FROM provider_accounts WHERE unreadable_at IS NULL ORDER BY id DESC LIMIT $1',
    [TRIED_MAX],
  );
  return rows.length === 0 || rows.some(({ id, credentials }) => opens(secrets, id, credentials));
}
