import { inTransaction, type Database } from '../database.js';
import { isEncryptionKeyRight, opens, opensCanary, readCanary, sealCanary, WrongEncryptionKeyError } from './canary.js';
import type { Secrets } from './secrets.js';
import { pauseBatchesOf } from './update-provider-account.js';

const REASON =
  'The stored credentials of its provider account cannot be read. Enter both again (PATCH the provider account with ' +
  'apiKey and webhookSecret), then resume.';

export type SetAside = {
  isUnreadable: boolean;
  /** Whether that was not known before. */
  isNew: boolean;
  /** The batches to wake. */
  paused: string[];
};

/**
 * Marks an account whose stored credentials cannot be opened, so that no call starts through it until both were entered
 * again, and pauses its running batches with the reason. The workspace lock comes first: no dial can follow. Changes
 * nothing when they can be opened, or when there is no such account. Safe to repeat.
 * @throws WrongEncryptionKeyError when it is this process that has the wrong key; never when the key is said to be lost
 */
export async function setAsideUnreadable(
  db: Database,
  secrets: Secrets,
  id: string,
  { isKeyLost = false } = {},
): Promise<SetAside> {
  // The settler may ask for each of many attempts: no lock for what is known.
  if (!isKeyLost && (await isMarked(db, id))) return { isUnreadable: true, isNew: false, paused: [] };
  return inTransaction(db, async (tx) => {
    await tx.query('SELECT lock_workspace(workspace_id) FROM provider_accounts WHERE id = $1', [id]);
    const { rows } = await tx.query<{ workspaceId: string; apiKey: string; webhookSecret: string }>(
      `SELECT workspace_id AS "workspaceId", api_key AS "apiKey", webhook_secret AS "webhookSecret"
       FROM provider_accounts WHERE id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    const [account] = rows;
    if (!account || opens(secrets, id, [account.apiKey, account.webhookSecret]))
      return { isUnreadable: false, isNew: false, paused: [] };
    // After the account's row, which a change of the key writes together with the canary.
    if (!isKeyLost && !(await isEncryptionKeyRight(tx, secrets))) throw new WrongEncryptionKeyError();
    const { workspaceId } = account;
    const { rowCount } = await tx.query(
      'UPDATE provider_accounts SET unreadable_at = dialwright_now() WHERE id = $1 AND unreadable_at IS NULL',
      [id],
    );
    const paused = await pauseBatchesOf(tx, { workspaceId, id }, REASON);
    return { isUnreadable: true, isNew: rowCount === 1, paused };
  });
}

async function isMarked({ pool }: Database, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM provider_accounts WHERE id = $1 AND unreadable_at IS NOT NULL', [
    id,
  ]);
  return rowCount === 1;
}

export type LostKey =
  /** How many accounts want their credentials again, and how many batches were paused. */
  | { is: 'replaced'; accounts: number; batches: number }
  /** The key opens the canary: nothing was changed. */
  | { is: 'not-lost' }
  /** Another process has made another canary meanwhile. */
  | { is: 'overtaken' };

/**
 * For an installation whose key is lost: this process's key becomes the installation's, and every account that it cannot
 * open asks for its credentials again. The canary comes last, so that no process starts before all accounts are marked.
 * Safe to repeat after it was broken off.
 */
export async function replaceLostKey(db: Database, secrets: Secrets): Promise<LostKey> {
  const canary = await readCanary(db.pool);
  if (canary !== null && opensCanary(secrets, canary)) return { is: 'not-lost' };
  const { rows } = await db.pool.query<{ id: string }>('SELECT id FROM provider_accounts ORDER BY id');
  let accounts = 0;
  let batches = 0;
  for (const { id } of rows) {
    const { isUnreadable, paused } = await setAsideUnreadable(db, secrets, id, { isKeyLost: true });
    accounts += Number(isUnreadable);
    batches += paused.length;
  }
  const written =
    canary === null
      ? await db.pool.query('INSERT INTO installation (canary) VALUES ($1) ON CONFLICT DO NOTHING', [
          sealCanary(secrets),
        ])
      : await db.pool.query('UPDATE installation SET canary = $2 WHERE canary = $1', [canary, sealCanary(secrets)]);
  return written.rowCount === 1 ? { is: 'replaced', accounts, batches } : { is: 'overtaken' };
}
