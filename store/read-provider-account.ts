import type { Queryable } from './database.js';

/** What an adapter needs to reach a provider account. */
export type ProviderAccountRow = {
  id: string;
  workspaceId: string;
  kind: string;
  baseUrl: string;
  apiKey: string;
  webhookSecret: string;
  settleDelayMs: number | null;
};

/** @returns null when there is no such account. */
export async function readProviderAccount(db: Queryable, id: string): Promise<ProviderAccountRow | null> {
  const { rows } = await db.query(
    `SELECT id, workspace_id AS "workspaceId", kind, base_url AS "baseUrl", api_key AS "apiKey", webhook_secret AS "webhookSecret",
       settle_delay_ms AS "settleDelayMs" FROM provider_accounts WHERE id = $1`,
    [id],
  );
  return rows[0] ?? null;
}
