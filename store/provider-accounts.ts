import type { PageAfter } from './agents.js';
import type { Queryable } from './database.js';

/** Without credentials: they are read by `readProviderAccount` only, for adapters. */
export type ProviderAccountRecord = {
  id: string;
  kind: string;
  name: string;
  baseUrl: string;
  ringLimitMs: number;
  callLengthMaxMs: number;
  disabled: boolean;
  createdAt: Date;
  cursorAt: string;
};

const FIELDS = `id, kind, name, base_url AS "baseUrl", ring_limit_ms AS "ringLimitMs", call_length_max_ms AS "callLengthMaxMs",
  disabled_at IS NOT NULL AS disabled, created_at AS "createdAt", created_at::text AS "cursorAt"`;

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
