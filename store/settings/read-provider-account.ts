import type { Queryable } from '../database.js';
import { openCredentials, type Credentials } from './sealed-credentials.js';
import type { Secrets } from './secrets.js';

/** What an adapter needs to reach a provider account. Holds secrets in the clear: for adapters only. */
export type ProviderAccountRow = {
  id: string;
  workspaceId: string;
  kind: string;
  baseUrl: string;
  credentials: Credentials;
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
  const { rows } = await db.query<Omit<ProviderAccountRow, 'credentials'> & { credentials: string }>(
    `SELECT id, workspace_id AS "workspaceId", kind, base_url AS "baseUrl", credentials, settle_delay_ms AS "settleDelayMs",
       identity_version AS "identityVersion" FROM provider_accounts WHERE id = $1`,
    [id],
  );
  const [row] = rows;
  return row ? { ...row, credentials: openCredentials(secrets, row.id, row.credentials) } : null;
}
