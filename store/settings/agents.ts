import type { Queryable } from '../database.js';

export type AgentRecord = {
  id: string;
  providerAccountId: string;
  providerAgentId: string;
  name: string;
  disabled: boolean;
  createdAt: Date;
  cursorAt: string;
};
export type PageAfter = { cursorAt: string; id: string } | null;

const FIELDS = `id, provider_account_id AS "providerAccountId", provider_agent_id AS "providerAgentId", name, disabled_at IS NOT NULL AS disabled,
  created_at AS "createdAt", created_at::text AS "cursorAt"`;

export async function listAgents(
  db: Queryable,
  workspaceId: string,
  page: { after: PageAfter; limit: number },
): Promise<AgentRecord[]> {
  const { rows } = await db.query<AgentRecord>(
    `SELECT ${FIELDS} FROM agents WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid)) ORDER BY created_at, id LIMIT $4`,
    [workspaceId, page.after?.cursorAt ?? null, page.after?.id ?? null, page.limit],
  );
  return rows;
}

export async function readAgent(db: Queryable, workspaceId: string, id: string): Promise<AgentRecord | null> {
  const { rows } = await db.query<AgentRecord>(`SELECT ${FIELDS} FROM agents WHERE id = $2 AND workspace_id = $1`, [
    workspaceId,
    id,
  ]);
  return rows[0] ?? null;
}

type NewAgent = {
  id: string | null;
  workspaceId: string;
  providerAccountId: string;
  providerAgentId: string;
  name: string;
};

/** Safe to repeat with an id. @returns the existing agent's id when the account has one with this provider's id */
export async function createAgent(db: Queryable, agent: NewAgent): Promise<{ is: 'created' | 'taken'; id: string }> {
  const { rows } = await db.query(
    `INSERT INTO agents (id, workspace_id, provider_account_id, provider_agent_id, name) VALUES (coalesce($1::uuid, new_id()), $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [agent.id, agent.workspaceId, agent.providerAccountId, agent.providerAgentId, agent.name],
  );
  if (rows[0]) return { is: 'created', id: rows[0].id };
  const values = [agent.providerAccountId, agent.providerAgentId];
  const taken = await db.query(
    'SELECT id FROM agents WHERE provider_account_id = $1 AND provider_agent_id = $2',
    values,
  );
  const id: string = taken.rows[0]?.id ?? agent.id;
  return { is: id === agent.id ? 'created' : 'taken', id };
}

type AgentPatch = { name?: string | undefined; disabled?: boolean | undefined };

/**
 * Changes an agent (`update_agent`). Disabling pauses the running batches that use it: no dial with it can follow the answer.
 * @returns the batches to wake, or null when there is no such agent.
 */
export async function updateAgent(
  db: Queryable,
  workspaceId: string,
  id: string,
  patch: AgentPatch,
): Promise<string[] | null> {
  const { rows } = await db.query('SELECT is_found AS "isFound", paused FROM update_agent($1, $2, $3)', [
    workspaceId,
    id,
    JSON.stringify(patch),
  ]);
  const { isFound, paused } = rows[0];
  return isFound ? paused : null;
}
