import type { Queryable } from '../database.js';

export type NumberFound = {
  id: string;
  phone: string;
  outbound: boolean;
  disabled: boolean;
  accountDisabled: boolean;
  providerAccountId: string;
  outboundAgentId: string | null;
};
export type AgentFound = { id: string; name: string; disabled: boolean; providerAccountId: string };

/** A from-number of the workspace, with what decides whether it may call. */
export async function findNumber(db: Queryable, workspaceId: string, id: string): Promise<NumberFound | null> {
  const { rows } = await db.query(
    `SELECT n.id, n.phone, n.outbound, n.disabled_at IS NOT NULL AS disabled, p.disabled_at IS NOT NULL AS "accountDisabled",
       n.provider_account_id AS "providerAccountId", n.outbound_agent_id AS "outboundAgentId"
     FROM phone_numbers n JOIN provider_accounts p ON p.id = n.provider_account_id WHERE n.id = $2 AND n.workspace_id = $1`,
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

export async function findAgent(db: Queryable, workspaceId: string, id: string): Promise<AgentFound | null> {
  const { rows } = await db.query(
    'SELECT id, name, disabled_at IS NOT NULL AS disabled, provider_account_id AS "providerAccountId" FROM agents WHERE id = $2 AND workspace_id = $1',
    [workspaceId, id],
  );
  return rows[0] ?? null;
}

/** The provider's ids of the active agents of an account: those that a recipient may name. */
export async function findActiveAgentIds(db: Queryable, providerAccountId: string): Promise<Set<string>> {
  const { rows } = await db.query(
    'SELECT provider_agent_id AS id FROM agents WHERE provider_account_id = $1 AND disabled_at IS NULL',
    [providerAccountId],
  );
  return new Set(rows.map((row) => row.id as string));
}
