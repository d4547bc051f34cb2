import type { Actor } from '../../domain/people/actor.js';
import { inTransaction, type Database } from '../database.js';
import type { ProviderAccount } from '../generated/client.js';
import { isEncryptionKeyRight, opens, opensCanary, readCanary, sealCanary, WrongEncryptionKeyError } from './canary.js';
import { resealSecondFactors } from '../people/second-factor/second-factors.js';
import { pageOfWorkspace, recordCreated, type Page } from './plain-rows.js';
import { openCredentials, sealCredentials, type Credentials } from './sealed-credentials.js';
import type { Secrets } from './secrets.js';

/** Without credentials: they are read by `readProviderAccount` only, for adapters. */
export type ProviderAccountRecord = Omit<ProviderAccount, 'credentials'>;

export async function listProviderAccounts(
  { prisma }: Database,
  workspaceId: string,
  page: Page,
): Promise<ProviderAccountRecord[]> {
  return prisma.providerAccount.findMany({ ...pageOfWorkspace(workspaceId, page), omit: { credentials: true } });
}

export async function findProviderAccount(
  { prisma }: Database,
  workspaceId: string,
  id: string,
): Promise<ProviderAccountRecord | null> {
  return prisma.providerAccount.findFirst({ where: { id, workspaceId }, omit: { credentials: true } });
}

export type NewProviderAccount = {
  /** Null: a new one. */
  id: string | null;
  workspaceId: string;
  /** `setup` when it is left out. */
  actor?: Actor;
  kind: string;
  name: string;
  baseUrl: string;
  credentials: Credentials;
  ringLimitMs?: number;
  ringLeadMs?: number;
  callLengthMaxMs?: number;
  settleDelayMs?: number | null;
  pollIntervalMs?: number;
};

/** Its row holds the credentials encrypted. Safe to repeat with an id. @returns the account's uuid @throws WrongEncryptionKeyError */
export async function createProviderAccount(
  db: Database,
  secrets: Secrets,
  account: NewProviderAccount,
): Promise<string> {
  if (!(await isEncryptionKeyRight(db.pool, secrets))) throw new WrongEncryptionKeyError();
  // The credentials are sealed for this id, so that it has to be known before the row.
  const id = account.id ?? ((await db.pool.query('SELECT new_id() AS id')).rows[0].id as string);
  const { actor = 'setup', ...given } = account;
  const data = { ...given, id, credentials: sealCredentials(secrets, id, account.credentials) };
  await db.prisma.$transaction(async (tx) => {
    const { count } = await tx.providerAccount.createMany({ data, skipDuplicates: true });
    if (count > 0) await recordCreated(tx, { workspaceId: account.workspaceId, actor }, 'providerAccount', id);
  });
  return id;
}

type Sealed = { id: string; credentials: string; isUnreadable: boolean };

/**
 * Seals the canary, the credentials of every account and every second factor anew, after a change of the key. A change of
 * them waits for it. All or none. An account that asks for its credentials stays as it is, unless they can be read after all.
 * @returns how many there were @throws WrongEncryptionKeyError, UnreadableSecretError
 */
export async function resealSecrets(
  db: Database,
  secrets: Secrets,
): Promise<{ accounts: number; secondFactors: number }> {
  return inTransaction(db, async (tx) => {
    const canary = await readCanary(tx);
    if (canary !== null) {
      if (!opensCanary(secrets, canary)) throw new WrongEncryptionKeyError();
      const texts = [canary, sealCanary(secrets)];
      const { rowCount } = await tx.query('UPDATE installation SET canary = $2 WHERE canary = $1', texts);
      if (rowCount !== 1) throw new Error('The key was changed by another process meanwhile. Start this one again.');
    }
    const { rows } = await tx.query<Sealed>(
      `SELECT id, credentials, unreadable_at IS NOT NULL AS "isUnreadable" FROM provider_accounts
       ORDER BY id FOR NO KEY UPDATE`,
    );
    const readable = rows.filter(
      ({ id, credentials, isUnreadable }) => !isUnreadable || opens(secrets, id, credentials),
    );
    for (const { id, credentials } of readable) {
      const again = sealCredentials(secrets, id, openCredentials(secrets, id, credentials));
      await tx.query('UPDATE provider_accounts SET credentials = $2, unreadable_at = NULL WHERE id = $1', [id, again]);
    }
    return { accounts: readable.length, secondFactors: await resealSecondFactors(tx, secrets) };
  });
}
