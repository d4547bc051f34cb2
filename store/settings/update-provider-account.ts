import type { Actor } from '../../domain/people/actor.js';
import { isDeepStrictEqual } from 'node:util';
import type { Database } from '../database.js';
import { opens, WrongEncryptionKeyError } from './canary.js';
import { isKeyOf, READ_TRIES_MAX, readSealedAccount, type SealedAccount } from './read-sealed-account.js';
import { openCredentials, sealCredentials, withoutNulls, type Credentials } from './sealed-credentials.js';
import type { Secrets } from './secrets.js';

export type ProviderAccountPatch = {
  name?: string | undefined;
  /** Those that are given; null takes one away. */
  credentials?: Readonly<Record<string, string | null>> | undefined;
  ringLimitMs?: number | undefined;
  callLengthMaxMs?: number | undefined;
  settleDelayMs?: number | null | undefined;
  pollIntervalMs?: number | undefined;
  disabled?: boolean | undefined;
  /** New credentials are taken although nobody showed whose they are: open attempts stay UNCERTAIN until evidence or a verdict. */
  forceKeyChange?: boolean | undefined;
};

export type AccountChange =
  /** `paused`: the batches to wake. */
  | { is: 'changed'; paused: string[] }
  | { is: 'not-found' }
  /** New credentials while attempts are open, and nothing shows that they are of the same account at the provider. */
  | { is: 'other-account'; openAttempts: number; credentials: Credentials }
  /** The stored credentials cannot be read, and what is given leaves these open. */
  | { is: 'all-needed'; missing: readonly string[] }
  /** Its credentials were changed by others each time between reading and writing: nothing was changed. */
  | { is: 'overtaken' };

/** What the kind of the account says of its credentials. */
export type CredentialsForm = {
  names: readonly string[];
  identifiedBy: readonly string[];
  /** Whole and right, or an error of the caller's own. */
  check(credentials: Credentials): void;
};

/** The from-numbers that the provider lists with these credentials. */
export type ListedWith = { credentials: Credentials; numbers: readonly string[] };

/** `form` goes with credentials. `listed` is null when the provider was not asked, or did not say. */
type Change = { form: CredentialsForm | null; patch: ProviderAccountPatch; listed: ListedWith | null };
type Owned = { workspaceId: string; id: string; actor: Actor };
/** What `update_provider_account` takes: an account as it was read, and what becomes of it. */
type Write = Owned & {
  read: SealedAccount;
  patch: Omit<ProviderAccountPatch, 'forceKeyChange' | 'credentials'> & { baseUrl?: string; credentials?: string };
  key: { isNew: boolean; isForced: boolean; phones: readonly string[]; isListCut: boolean };
};
type Written =
  | { result: 'CHANGED'; paused: string[] }
  | { result: 'OTHER_ACCOUNT'; openAttempts: number }
  | { result: 'READ_AGAIN' | 'NOT_FOUND' };

/** A list of this length may have been cut: see sync-account.ts. */
const LISTED_MAX = 1_000;

/**
 * Changes an account (`update_provider_account`, which says when new credentials have to show whose they are). Disabling pauses the
 * running batches that call through it, and no dial can follow the answer. Credentials are opened and sealed before: when
 * they are changed meanwhile, it is decided again.
 * @throws WrongEncryptionKeyError, and what the form throws of credentials that are not those of the kind
 */
export async function updateProviderAccount(
  db: Database,
  secrets: Secrets,
  owned: Owned,
  { form, patch: { forceKeyChange = false, credentials: given, ...columns }, listed }: Change,
): Promise<AccountChange> {
  for (let tries = 0; tries < READ_TRIES_MAX; tries++) {
    const read = await readSealedAccount(db.pool, owned.id);
    if (read?.workspaceId !== owned.workspaceId) return { is: 'not-found' };
    if (!isKeyOf(read, secrets)) throw new WrongEncryptionKeyError();
    const before = storedCredentials(secrets, owned.id, read);
    const missing = given && form && !before ? form.names.filter((name) => given[name] === undefined) : [];
    if (missing.length > 0) return { is: 'all-needed', missing };
    const credentials = withoutNulls({ ...before, ...given });
    if (given) form?.check(credentials);
    // What was listed with other credentials shows nothing of these.
    const numbers = listed && isDeepStrictEqual(listed.credentials, credentials) ? listed.numbers : [];
    const written = await writeAccount(db, {
      ...owned,
      read,
      patch: { ...columns, ...(given && { credentials: sealCredentials(secrets, owned.id, credentials) }) },
      key: {
        isNew: form?.identifiedBy.some((name) => before?.[name] !== credentials[name]) ?? false,
        isForced: forceKeyChange,
        phones: numbers.filter((phone) => /^\+[1-9][0-9]{6,14}$/.test(phone)),
        isListCut: numbers.length >= LISTED_MAX,
      },
    });
    if (written.result === 'CHANGED') return { is: 'changed', paused: written.paused };
    if (written.result === 'OTHER_ACCOUNT')
      return { is: 'other-account', openAttempts: written.openAttempts, credentials };
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
  { id, baseUrl, credentials }: { id: string; baseUrl: string; credentials: Credentials },
): Promise<void> {
  for (let tries = 0; tries < READ_TRIES_MAX; tries++) {
    const read = await readSealedAccount(db.pool, id);
    if (!read) throw new Error(`provider account ${id} was deleted while it was moved`);
    if (!isKeyOf(read, secrets)) throw new WrongEncryptionKeyError();
    const isSame = read.baseUrl === baseUrl && isDeepStrictEqual(storedCredentials(secrets, id, read), credentials);
    const key = { isNew: !isSame, isForced: true, phones: [], isListCut: false };
    const patch = { baseUrl, credentials: sealCredentials(secrets, id, credentials) };
    const { result } = await writeAccount(db, { workspaceId: read.workspaceId, id, actor: 'setup', read, patch, key });
    if (result === 'CHANGED') return;
  }
  throw new Error(`provider account ${id} was changed each time while it was moved`);
}

async function writeAccount(db: Database, { workspaceId, id, actor, read, patch, key }: Write): Promise<Written> {
  const { rows } = await db.pool.query(
    `SELECT result, paused, open_attempts AS "openAttempts" FROM update_provider_account($1, $2, $3, $4, $5, $6)`,
    [workspaceId, id, ...[read, patch, key, actor].map((value) => JSON.stringify(value))],
  );
  return rows[0];
}

/** Null when they cannot be read: whatever is given then is new. */
function storedCredentials(secrets: Secrets, id: string, { credentials }: SealedAccount): Credentials | null {
  return opens(secrets, id, credentials) ? openCredentials(secrets, id, credentials) : null;
}
