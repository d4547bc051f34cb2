import { pauseBatches } from '../batches/pause-batches.js';
import { inTransaction, type Database, type Queryable } from '../database.js';
import { isEncryptionKeyRight, opens, WrongEncryptionKeyError } from './canary.js';
import { sealed } from './provider-accounts.js';
import type { Secrets } from './secrets.js';

export type ProviderAccountPatch = {
  name?: string | undefined;
  apiKey?: string | undefined;
  webhookSecret?: string | null | undefined;
  ringLimitMs?: number | undefined;
  callLengthMaxMs?: number | undefined;
  settleDelayMs?: number | null | undefined;
  pollIntervalMs?: number | undefined;
  disabled?: boolean | undefined;
  /** The new key is taken although nobody showed whose it is: open attempts stay UNCERTAIN until evidence or a verdict. */
  forceKeyChange?: boolean | undefined;
};

export type AccountChange =
  /** `paused`: the batches to wake. */
  | { is: 'changed'; paused: string[] }
  | { is: 'not-found' }
  /** A new key while attempts are open, and nothing shows that it is of the same account at the provider. */
  | { is: 'other-account'; openAttempts: number }
  /** The stored credentials cannot be read: one of them alone would leave the other unreadable. */
  | { is: 'both-needed'; missing: 'apiKey' | 'webhookSecret' };

/** `listedNumbers`: the from-numbers that the provider lists with the new key; null when it was not asked, or did not say. */
type Change = { patch: ProviderAccountPatch; listedNumbers: readonly string[] | null };
type Owned = { workspaceId: string; id: string };
type Account = { baseUrl: string; apiKey: string; identityVersion: number; isUnreadable: boolean };

/** A list of this length may have been cut: see sync-account.ts. */
const LISTED_MAX = 1_000;
const COUNTED_MAX = 10_000;

/**
 * Changes an account, under the workspace lock; limits hold for the calls that start from then on. Disabling pauses the
 * running batches that call through it, and no dial can follow the answer.
 *
 * What the provider says with another account's key is no evidence about calls of this one. So while attempts are open,
 * which are those that the settler would still ask about, a new key must list the from-numbers that the account has. Any
 * other new key gives the account a new identity: only calls that are claimed and dialled under it are settled by an
 * absence seen with it.
 * @throws WrongEncryptionKeyError
 */
export async function updateProviderAccount(
  db: Database,
  secrets: Secrets,
  owned: Owned,
  { patch, listedNumbers }: Change,
): Promise<AccountChange> {
  return inTransaction(db, async (tx) => {
    await tx.query('SELECT lock_workspace($1)', [owned.workspaceId]);
    const account = await lockAccount(tx, owned);
    if (!account) return { is: 'not-found' };
    if (!(await isEncryptionKeyRight(tx, secrets))) throw new WrongEncryptionKeyError();
    const missing = missingCredential(account, patch);
    if (missing) return { is: 'both-needed', missing };
    const isNewKey = patch.apiKey !== undefined && !isKey(secrets, owned.id, { account, text: patch.apiKey });
    const isShownSame = isNewKey && !patch.forceKeyChange && (await listsSameNumbers(tx, owned.id, listedNumbers));
    const isNewIdentity = isNewKey && !isShownSame;
    if (isNewIdentity && !patch.forceKeyChange) {
      const openAttempts = await countOpenAttempts(tx, owned.id, account);
      if (openAttempts > 0) return { is: 'other-account', openAttempts };
    }
    await writeAccount(tx, owned, { ...textsOf(secrets, owned.id, patch), patch, isNewIdentity });
    if (isNewIdentity) await hurryUnconfirmed(tx, owned.id);
    return { is: 'changed', paused: patch.disabled === true ? await pauseBatchesOf(tx, owned, DISABLED) : [] };
  });
}

/**
 * Points an account at another address, with other credentials: the simulated carrier's after a restart, which knows no
 * call of the one before. Open attempts stay UNCERTAIN until evidence or a verdict comes.
 */
export async function moveProviderAccount(
  db: Database,
  secrets: Secrets,
  { id, baseUrl, ...credentials }: { id: string; baseUrl: string; apiKey: string; webhookSecret: string | null },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rows } = await tx.query('SELECT workspace_id AS "workspaceId" FROM provider_accounts WHERE id = $1', [id]);
    const workspaceId: string = rows[0].workspaceId;
    await tx.query('SELECT lock_workspace($1)', [workspaceId]);
    const account = await lockAccount(tx, { workspaceId, id });
    if (!account) throw new Error(`provider account ${id} was deleted while it was moved`);
    const texts = sealed(secrets, id, credentials);
    const isSameKey = isKey(secrets, id, { account, text: credentials.apiKey });
    const isNewIdentity = !isSameKey || account.baseUrl !== baseUrl;
    await tx.query(
      `UPDATE provider_accounts SET base_url = $2, api_key = $3, webhook_secret = $4, unreadable_at = NULL,
         identity_version = identity_version + $5::boolean::integer WHERE id = $1`,
      [id, baseUrl, texts.apiKey, texts.webhookSecret, isNewIdentity],
    );
    if (isNewIdentity) await hurryUnconfirmed(tx, id);
  });
}

const DISABLED = 'Its provider account was disabled. Enable it, then resume.';

/** Pauses the running batches that call through an account. The caller holds the workspace lock. @returns their ids */
export async function pauseBatchesOf(tx: Queryable, { workspaceId, id }: Owned, reason: string): Promise<string[]> {
  const { rows } = await tx.query('SELECT id FROM phone_numbers WHERE provider_account_id = $1', [id]);
  const ids = rows.map((row) => row.id as string);
  return pauseBatches(tx, { workspaceId, column: 'from_number_id', ids, reason });
}

async function lockAccount(tx: Queryable, { workspaceId, id }: Owned): Promise<Account | undefined> {
  const { rows } = await tx.query<Account>(
    `SELECT base_url AS "baseUrl", api_key AS "apiKey", identity_version AS "identityVersion", unreadable_at IS NOT NULL AS "isUnreadable"
     FROM provider_accounts WHERE id = $2 AND workspace_id = $1 FOR NO KEY UPDATE`,
    [workspaceId, id],
  );
  return rows[0];
}

function missingCredential(account: Account, patch: ProviderAccountPatch): 'apiKey' | 'webhookSecret' | null {
  const given = [patch.apiKey, patch.webhookSecret].filter((credential) => credential !== undefined).length;
  if (!account.isUnreadable || given !== 1) return null;
  return patch.apiKey === undefined ? 'apiKey' : 'webhookSecret';
}

/** A stored key that cannot be read is no key that is known: any other is a new one. */
function isKey(secrets: Secrets, id: string, { account, text }: { account: Account; text: string }): boolean {
  return opens(secrets, id, [account.apiKey]) && secrets.open(account.apiKey, id) === text;
}

/** Whether the list has every number that is in use here, and none that is not known here. */
async function listsSameNumbers(tx: Queryable, id: string, listed: readonly string[] | null): Promise<boolean> {
  const phones = new Set(listed?.filter((phone) => /^\+[1-9][0-9]{6,14}$/.test(phone)));
  if (phones.size === 0) return false;
  const { rows } = await tx.query<{ phone: string; isUsed: boolean }>(
    'SELECT phone, disabled_at IS NULL AS "isUsed" FROM phone_numbers WHERE provider_account_id = $1',
    [id],
  );
  const known = new Set(rows.map(({ phone }) => phone));
  const isCut = (listed?.length ?? 0) >= LISTED_MAX;
  return (
    [...phones].every((phone) => known.has(phone)) &&
    (isCut || rows.every(({ phone, isUsed }) => !isUsed || phones.has(phone)))
  );
}

/** What the settler would still ask this account about. No attempt becomes one meanwhile: a claim takes the workspace lock. */
async function countOpenAttempts(tx: Queryable, id: string, { identityVersion }: Account): Promise<number> {
  const { rows } = await tx.query(
    `SELECT count(*)::integer AS open FROM (SELECT FROM attempts WHERE settle_at IS NOT NULL AND NOT by_verdict
       AND provider_account_id = $1 AND identity_version = $2 LIMIT ${COUNTED_MAX}) a`,
    [id, identityVersion],
  );
  return rows[0].open;
}

/** Null stands for "as it is". An empty webhook secret stands for none. */
function textsOf(secrets: Secrets, id: string, { apiKey, webhookSecret }: ProviderAccountPatch) {
  return {
    apiKey: apiKey === undefined ? null : secrets.seal(apiKey, id),
    webhookSecret: webhookSecret === undefined ? null : secrets.seal(webhookSecret ?? '', id),
  };
}

type Written = {
  apiKey: string | null;
  webhookSecret: string | null;
  patch: ProviderAccountPatch;
  isNewIdentity: boolean;
};

async function writeAccount(tx: Queryable, { workspaceId, id }: Owned, written: Written): Promise<void> {
  const { patch, apiKey, webhookSecret } = written;
  const { rowCount } = await tx.query(
    `UPDATE provider_accounts SET name = coalesce($3, name), api_key = coalesce($4, api_key),
       webhook_secret = coalesce($5, webhook_secret), ring_limit_ms = coalesce($6, ring_limit_ms),
       call_length_max_ms = coalesce($7, call_length_max_ms), poll_interval_ms = coalesce($8, poll_interval_ms),
       settle_delay_ms = CASE WHEN $9 THEN $10 ELSE settle_delay_ms END,
       disabled_at = CASE WHEN $11::boolean IS NULL THEN disabled_at
         WHEN $11 THEN coalesce(disabled_at, dialwright_now()) END,
       identity_version = identity_version + $12::boolean::integer,
       unreadable_at = CASE WHEN $4 IS NULL OR $5 IS NULL THEN unreadable_at END
     WHERE id = $2 AND workspace_id = $1`,
    [
      workspaceId,
      id,
      patch.name ?? null,
      apiKey,
      webhookSecret,
      patch.ringLimitMs ?? null,
      patch.callLengthMaxMs ?? null,
      patch.pollIntervalMs ?? null,
      patch.settleDelayMs !== undefined,
      patch.settleDelayMs ?? null,
      patch.disabled ?? null,
      written.isNewIdentity,
    ],
  );
  if (rowCount !== 1) throw new Error(`provider account ${id} changed under its lock`);
  if (apiKey !== null && webhookSecret !== null) await tx.query('SELECT notify_lanes($1)', [workspaceId]);
}

/** Attempts whose absence was to be confirmed are looked at soon: `take_unsettled` makes them UNCERTAIN for good. */
async function hurryUnconfirmed(tx: Queryable, id: string): Promise<void> {
  await tx.query(
    `UPDATE attempts SET settle_at = dialwright_now() WHERE state = 'NOT_PLACED' AND id IN (SELECT id FROM attempts
       WHERE settle_at IS NOT NULL AND state = 'NOT_PLACED' AND NOT by_verdict AND provider_account_id = $1
       ORDER BY id LIMIT ${COUNTED_MAX} FOR NO KEY UPDATE SKIP LOCKED)`,
    [id],
  );
}
