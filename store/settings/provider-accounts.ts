import type { PageAfter } from './agents.js';
import { inTransaction, type Database, type Queryable } from '../database.js';
import { pauseBatches } from '../batches/pause-batches.js';
import type { Secrets } from './secrets.js';

/** Without credentials: they are read by `readProviderAccount` only, for adapters. */
export type ProviderAccountRecord = {
  id: string;
  kind: string;
  name: string;
  baseUrl: string;
  ringLimitMs: number;
  callLengthMaxMs: number;
  settleDelayMs: number | null;
  pollIntervalMs: number;
  disabled: boolean;
  createdAt: Date;
  cursorAt: string;
};

const FIELDS = `id, kind, name, base_url AS "baseUrl", ring_limit_ms AS "ringLimitMs", call_length_max_ms AS "callLengthMaxMs",
  settle_delay_ms AS "settleDelayMs", poll_interval_ms AS "pollIntervalMs", disabled_at IS NOT NULL AS disabled, created_at AS "createdAt", created_at::text AS "cursorAt"`;

export async function listProviderAccounts(
  db: Queryable,
  workspaceId: string,
  page: { after: PageAfter; limit: number },
): Promise<ProviderAccountRecord[]> {
  const { rows } = await db.query<ProviderAccountRecord>(
    `SELECT ${FIELDS} FROM provider_accounts WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid)) ORDER BY created_at, id LIMIT $4`,
    [workspaceId, page.after?.cursorAt ?? null, page.after?.id ?? null, page.limit],
  );
  return rows;
}

export async function findProviderAccount(
  db: Queryable,
  workspaceId: string,
  id: string,
): Promise<ProviderAccountRecord | null> {
  const { rows } = await db.query<ProviderAccountRecord>(
    `SELECT ${FIELDS} FROM provider_accounts WHERE id = $2 AND workspace_id = $1`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

export type NewProviderAccount = {
  /** Null: a new one. */
  id: string | null;
  workspaceId: string;
  kind: string;
  name: string;
  baseUrl: string;
  apiKey: string;
  /** Null: the provider signs its events with the API key. */
  webhookSecret: string | null;
  ringLimitMs?: number;
  ringLeadMs?: number;
  callLengthMaxMs?: number;
  settleDelayMs?: number | null;
  pollIntervalMs?: number;
};

/** Its row holds the credentials encrypted. Safe to repeat with an id. @returns the account's uuid */
export async function createProviderAccount(
  db: Database,
  secrets: Secrets,
  account: NewProviderAccount,
): Promise<string> {
  // The credentials are sealed for this id, so that it has to be known before the row.
  const id = account.id ?? ((await db.pool.query('SELECT new_id() AS id')).rows[0].id as string);
  await db.prisma.providerAccount.createMany({
    data: { ...account, id, ...sealed(secrets, id, account) },
    skipDuplicates: true,
  });
  return id;
}

/** Points an account at another address, with other credentials: the simulated carrier's after a restart. */
export async function moveProviderAccount(
  db: Database,
  secrets: Secrets,
  { id, baseUrl, ...credentials }: { id: string; baseUrl: string; apiKey: string; webhookSecret: string | null },
): Promise<void> {
  await db.prisma.providerAccount.update({ where: { id }, data: { baseUrl, ...sealed(secrets, id, credentials) } });
}

type ProviderAccountPatch = {
  name?: string | undefined;
  apiKey?: string | undefined;
  webhookSecret?: string | null | undefined;
  ringLimitMs?: number | undefined;
  callLengthMaxMs?: number | undefined;
  settleDelayMs?: number | null | undefined;
  pollIntervalMs?: number | undefined;
  disabled?: boolean | undefined;
};

/**
 * Changes an account; limits hold for the calls that start from then on. Disabling takes the workspace lock first, so
 * that no dial can follow the answer, and pauses the running batches that call through it. @returns the batches to wake,
 * or null when there is no such account.
 */
export async function updateProviderAccount(
  db: Database,
  secrets: Secrets,
  { workspaceId, id }: { workspaceId: string; id: string },
  patch: ProviderAccountPatch,
): Promise<string[] | null> {
  const { apiKey, webhookSecret } = patch;
  return inTransaction(db, async (tx) => {
    await tx.query('SELECT lock_workspace($1)', [workspaceId]);
    const { rowCount } = await tx.query(
      `UPDATE provider_accounts SET name = coalesce($3, name), api_key = coalesce($4, api_key),
         webhook_secret = coalesce($5, webhook_secret), ring_limit_ms = coalesce($6, ring_limit_ms),
         call_length_max_ms = coalesce($7, call_length_max_ms), poll_interval_ms = coalesce($8, poll_interval_ms),
         settle_delay_ms = CASE WHEN $9 THEN $10 ELSE settle_delay_ms END,
         disabled_at = CASE WHEN $11::boolean IS NULL THEN disabled_at WHEN $11 THEN coalesce(disabled_at, dialwright_now()) END
       WHERE id = $2 AND workspace_id = $1`,
      [
        workspaceId,
        id,
        patch.name ?? null,
        apiKey === undefined ? null : secrets.seal(apiKey, id),
        webhookSecret === undefined ? null : secrets.seal(webhookSecret ?? '', id),
        patch.ringLimitMs ?? null,
        patch.callLengthMaxMs ?? null,
        patch.pollIntervalMs ?? null,
        patch.settleDelayMs !== undefined,
        patch.settleDelayMs ?? null,
        patch.disabled ?? null,
      ],
    );
    if (rowCount === 0) return null;
    if (patch.disabled !== true) return [];
    const numbers = await tx.query('SELECT id FROM phone_numbers WHERE provider_account_id = $1', [id]);
    return pauseBatches(tx, {
      workspaceId,
      column: 'from_number_id',
      ids: numbers.rows.map((row) => row.id as string),
      reason: 'Its provider account was disabled. Enable it, then resume.',
    });
  });
}

/**
 * Seals the credentials of every account anew, after a change of the key. A change of credentials waits for it. All or none. @returns how many there were
 */
export async function resealProviderAccounts(db: Database, secrets: Secrets): Promise<number> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: string; apiKey: string; webhookSecret: string }>(
      'SELECT id, api_key AS "apiKey", webhook_secret AS "webhookSecret" FROM provider_accounts ORDER BY id FOR NO KEY UPDATE',
    );
    for (const { id, apiKey, webhookSecret } of rows) {
      const again = [apiKey, webhookSecret].map((text) => secrets.seal(secrets.open(text, id), id));
      await tx.query('UPDATE provider_accounts SET api_key = $2, webhook_secret = $3 WHERE id = $1', [id, ...again]);
    }
    return rows.length;
  });
}

/** An empty webhook secret stands for none. */
function sealed(
  secrets: Secrets,
  id: string,
  { apiKey, webhookSecret }: { apiKey: string; webhookSecret: string | null },
) {
  return { apiKey: secrets.seal(apiKey, id), webhookSecret: secrets.seal(webhookSecret ?? '', id) };
}
