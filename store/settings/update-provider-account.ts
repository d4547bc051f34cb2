import type { Database } from '../database.js';
import { opens, WrongEncryptionKeyError } from './canary.js';
import { isKeyOf, READ_TRIES_MAX, readSealedAccount, type SealedAccount } from './read-sealed-account.js';
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
  | { is: 'both-needed'; missing: 'apiKey' | 'webhookSecret' }
  /** Its credentials were changed by others each time between reading and writing: nothing was changed. */
  | { is: 'overtaken' };

/** `listedNumbers`: the from-numbers that the provider lists with the new key; null when it was not asked, or did not say. */
type Change = { patch: ProviderAccountPatch; listedNumbers: readonly string[] | null };
type Owned = { workspaceId: string; id: string };
/** What `update_provider_account` takes: an account as it was read, and what becomes of it. */
type Write = Owned & {
  read: SealedAccount;
  patch: Omit<ProviderAccountPatch, 'forceKeyChange'> & { baseUrl?: string };
  key: { isNew: boolean; isForced: boolean; phones: readonly string[]; isListCut: boolean };
};
type Written =
  | { result: 'CHANGED'; paused: string[] }
  | { result: 'OTHER_ACCOUNT'; openAttempts: number }
  | { result: 'READ_AGAIN' | 'NOT_FOUND' };

/** A list of this length may have been cut: see sync-account.ts. */
const LISTED_MAX = 1_000;

/**
 * Changes an account (`update_provider_account`, which says when a new key has to show whose it is). Disabling pauses the
 * running batches that call through it, and no dial can follow the answer. Credentials are opened and sealed before: when
 * they are changed meanwhile, it is decided again.
 * @throws WrongEncryptionKeyError
 */
export async function updateProviderAccount(
  db: Database,
  secrets: Secrets,
  owned: Owned,
  { patch, listedNumbers }: Change,
): Promise<AccountChange> {
  for (let tries = 0; tries < READ_TRIES_MAX; tries++) {
    const read = await readSealedAccount(db.pool, owned.id);
    if (read?.workspaceId !== owned.workspaceId) return { is: 'not-found' };
    if (!isKeyOf(read, secrets)) throw new WrongEncryptionKeyError();
    const missing = missingCredential(read, patch);
    if (missing) return { is: 'both-needed', missing };
    const { forceKeyChange = false, ...columns } = patch;
    const key = {
      isNew: patch.apiKey !== undefined && !isKey(secrets, owned.id, { read, text: patch.apiKey }),
      isForced: forceKeyChange,
      phones: listedNumbers?.filter((phone) => /^\+[1-9][0-9]{6,14}$/.test(phone)) ?? [],
      isListCut: (listedNumbers?.length ?? 0) >= LISTED_MAX,
    };
    const written = await writeAccount(db, {
      ...owned,
      read,
      patch: { ...columns, ...textsOf(secrets, owned.id, patch) },
      key,
    });
    if (written.result === 'CHANGED') return { is: 'changed', paused: written.paused };
    if (written.result === 'OTHER_ACCOUNT') return { is: 'other-account', openAttempts: written.openAttempts };
    if (written.result === 'NOT_FOUND') return { is: 'not-found' };
  }
  return { is: 'overtaken' };
}

/**
 * Points an account at another address, with other credentials: the simulated carrier's after a restart, which knows no
 * call of the one before. Open attempts stay UNCERTAIN until evidence or a verdict comes.
 * @throws WrongEncryptionKeyError
 */
export async function moveProviderAccount(
  db: Database,
  secrets: Secrets,
  { id, baseUrl, ...credentials }: { id: string; baseUrl: string; apiKey: string; webhookSecret: string | null },
): Promise<void> {
  for (let tries = 0; tries < READ_TRIES_MAX; tries++) {
    const read = await readSealedAccount(db.pool, id);
    if (!read) throw new Error(`provider account ${id} was deleted while it was moved`);
    if (!isKeyOf(read, secrets)) throw new WrongEncryptionKeyError();
    const isNew = read.baseUrl !== baseUrl || !isKey(secrets, id, { read, text: credentials.apiKey });
    const key = { isNew, isForced: true, phones: [], isListCut: false };
    const patch = { baseUrl, ...textsOf(secrets, id, credentials) };
    const { result } = await writeAccount(db, { workspaceId: read.workspaceId, id, read, patch, key });
    if (result === 'CHANGED') return;
  }
  throw new Error(`provider account ${id} was changed each time while it was moved`);
}

async function writeAccount(db: Database, { workspaceId, id, read, patch, key }: Write): Promise<Written> {
  const { rows } = await db.pool.query(
    `SELECT result, paused, open_attempts AS "openAttempts" FROM update_provider_account($1, $2, $3, $4, $5)`,
    [workspaceId, id, JSON.stringify(read), JSON.stringify(patch), JSON.stringify(key)],
  );
  return rows[0];
}

function missingCredential(read: SealedAccount, patch: ProviderAccountPatch): 'apiKey' | 'webhookSecret' | null {
  const given = [patch.apiKey, patch.webhookSecret].filter((credential) => credential !== undefined).length;
  if (!read.isUnreadable || given !== 1) return null;
  return patch.apiKey === undefined ? 'apiKey' : 'webhookSecret';
}

/** A stored key that cannot be read is no key that is known: any other is a new one. */
function isKey(secrets: Secrets, id: string, { read, text }: { read: SealedAccount; text: string }): boolean {
  return opens(secrets, id, [read.apiKey]) && secrets.open(read.apiKey, id) === text;
}

/** What is given, sealed. An empty webhook secret stands for none. */
function textsOf(secrets: Secrets, id: string, { apiKey, webhookSecret }: ProviderAccountPatch) {
  return {
    ...(apiKey !== undefined && { apiKey: secrets.seal(apiKey, id) }),
    ...(webhookSecret !== undefined && { webhookSecret: secrets.seal(webhookSecret ?? '', id) }),
  };
}
