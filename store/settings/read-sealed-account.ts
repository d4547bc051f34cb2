import type { Queryable } from '../database.js';
import { opensCanary } from './canary.js';
import type { Secrets } from './secrets.js';

/**
 * An account with its credentials as they are stored, and the installation's canary, of one instant. Secrets are opened and
 * sealed here, outside the workspace lock; the SQL function that writes compares this again under it (`is_account_as_read`).
 */
export type SealedAccount = {
  workspaceId: string;
  baseUrl: string;
  credentials: string;
  isUnreadable: boolean;
  canary: string | null;
};

/** Changes of one account that come between read and write, after each of which it is read again: as many, then a conflict. */
export const READ_TRIES_MAX = 4;

export async function readSealedAccount(db: Queryable, id: string): Promise<SealedAccount | null> {
  const { rows } = await db.query<SealedAccount>(
    `SELECT workspace_id AS "workspaceId", base_url AS "baseUrl", credentials,
       unreadable_at IS NOT NULL AS "isUnreadable", (SELECT canary FROM installation) AS canary
     FROM provider_accounts WHERE id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Whether nothing says that this process has another key than the installation. */
export function isKeyOf({ canary }: SealedAccount, secrets: Secrets): boolean {
  return canary === null || opensCanary(secrets, canary);
}
