import type { Queryable } from '../database.js';
import type { Secrets } from './secrets.js';

/** What an adapter needs to reach a provider account. Holds secrets in the clear: for adapters only. */
export type ProviderAccountRow = {
  id: string;
  workspaceId: string;
  kind: string;
  baseUrl: string;
  apiKey: string;
  /** What the provider signs its events with: the API key when the account has no other. */
  webhookSecret: string;
  settleDelayMs: number | null;
  /** Grows when the account became another at the provider: docs/PROTOCOL.md, Whose evidence. */
  identityVersion: number;
};

/** @returns null when there is no such account. @throws UnreadableSecretError */
export async function readProviderAccount(
  db: Queryable,
  secrets: Secrets,
  id: string,
): Promise<ProviderAccountRow | null> {
  const { rows } = await db.query<ProviderAccountRow>(
    `SELECT id, workspace_id AS "workspaceId", kind, base_url AS "baseUrl", api_key AS "apiKey", webhook_secret AS "webhookSecret",
       settle_delay_ms AS "settleDelayMs", identity_version AS "identityVersion" FROM provider_accounts WHERE id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return null;
  const apiKey = secrets.open(row.apiKey, row.id);
  return { ...row, apiKey, webhookSecret: secrets.open(row.webhookSecret, row.id) || apiKey };
}
