import type { Database } from '../database.js';
import { countUnreadableSecondFactors } from '../people/second-factor/second-factors.js';
import { opens, opensCanary, readCanary, sealCanary, WrongEncryptionKeyError } from './canary.js';
import { isKeyOf, READ_TRIES_MAX, readSealedAccount } from './read-sealed-account.js';
import type { Secrets } from './secrets.js';

const REASON =
  'The stored credentials of its provider account cannot be read. Enter all of them again (PATCH the provider account ' +
  'with credentials), then resume.';

export type SetAside = {
  isUnreadable: boolean;
  /** Whether that was not known before. */
  isNew: boolean;
  /** The batches to wake. */
  paused: string[];
};

/**
 * Marks an account whose stored credentials cannot be opened (`set_aside_account`), so that no call starts through it until
 * they were entered again, and pauses its running batches with the reason: no dial can follow. They are tried before: when
 * they are changed meanwhile, they are tried again. Changes nothing when they can be opened, or when there is no such account.
 * Safe to repeat.
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
  for (let tries = 0; tries < READ_TRIES_MAX; tries++) {
    const account = await readSealedAccount(db.pool, id);
    if (!account || opens(secrets, id, account.credentials)) return { isUnreadable: false, isNew: false, paused: [] };
    if (!isKeyLost && !isKeyOf(account, secrets)) throw new WrongEncryptionKeyError();
    // Where the key is lost, the canary is of no account: another process may be replacing it too.
    const { workspaceId, canary, ...texts } = account;
    const read = isKeyLost ? texts : { ...texts, canary };
    const values = [workspaceId, id, JSON.stringify(read), REASON];
    const { rows } = await db.pool.query('SELECT result, paused FROM set_aside_account($1, $2, $3, $4)', values);
    const { result, paused } = rows[0];
    if (result !== 'READ_AGAIN') return { isUnreadable: true, isNew: result === 'SET_ASIDE', paused };
  }
  throw new Error(`provider account ${id} was changed each time while it was set aside`);
}

async function isMarked({ pool }: Database, id: string): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM provider_accounts WHERE id = $1 AND unreadable_at IS NOT NULL', [
    id,
  ]);
  return rowCount === 1;
}

export type LostKey =
  /** How many accounts want their credentials again, how many batches were paused, and how many people need a recovery code. */
  | { is: 'replaced'; accounts: number; batches: number; secondFactors: number }
  /** The key opens the canary: nothing was changed. */
  | { is: 'not-lost' }
  /** Another process has made another canary meanwhile. */
  | { is: 'overtaken' };

/**
 * For an installation whose key is lost: this process's key becomes the installation's, and every account that it cannot
 * open asks for its credentials again. Second factors stay on: their recovery codes are good still. The canary comes last, so
 * that no process starts before all accounts are marked.
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
  const secondFactors = await countUnreadableSecondFactors(db.pool, secrets);
  const written =
    canary === null
      ? await db.pool.query('INSERT INTO installation (canary) VALUES ($1) ON CONFLICT DO NOTHING', [
          sealCanary(secrets),
        ])
      : await db.pool.query('UPDATE installation SET canary = $2 WHERE canary = $1', [canary, sealCanary(secrets)]);
  return written.rowCount === 1 ? { is: 'replaced', accounts, batches, secondFactors } : { is: 'overtaken' };
}
