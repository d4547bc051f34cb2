import { inTransaction, type Database, type Queryable } from '../database.js';
import { pauseBatches } from '../batches/pause-batches.js';

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
 * Changes an agent. Disabling takes the workspace lock first, so that no dial can follow the answer, and pauses the
 * running batches that use it. @returns the batches to wake, or null when there is no such agent.
 */
export async function updateAgent(
  db: Database,
  workspaceId: string,
  id: string,
  patch: AgentPatch,
): Promise<string[] | null> {
  return inTransaction(db, async (tx) => {
    await tx.query('SELECT lock_workspace($1)', [workspaceId]);
    const { rowCount } = await tx.query(
      `UPDATE agents SET name = coalesce($3, name),
         disabled_at = CASE WHEN $4::boolean IS NULL THEN disabled_at WHEN $4 THEN coalesce(disabled_at, dialwright_now()) END
       WHERE id = $2 AND workspace_id = $1`,
      [workspaceId, id, patch.name ?? null, patch.disabled ?? null],
    );
    if (rowCount === 0) return null;
    if (patch.disabled !== true) return [];
    return pauseBatches(tx, {
      workspaceId,
      column: 'agent_id',
      ids: [id],
      reason: 'Its agent was disabled. Enable it, then resume.',
    });
  });
}
