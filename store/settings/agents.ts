import type { Database, Queryable } from '../database.js';
import type { Agent } from '../generated/client.js';
import { pageOfWorkspace, recordCreated, type Asked, type Page } from './plain-rows.js';

export type AgentRecord = Agent;

export async function listAgents({ prisma }: Database, workspaceId: string, page: Page): Promise<AgentRecord[]> {
  return prisma.agent.findMany(pageOfWorkspace(workspaceId, page));
}

export async function readAgent({ prisma }: Database, workspaceId: string, id: string): Promise<AgentRecord | null> {
  return prisma.agent.findFirst({ where: { id, workspaceId } });
}

type NewAgent = Asked & {
  id: string | null;
  providerAccountId: string;
  providerAgentId: string;
  name: string;
};

/** Safe to repeat with an id. @returns the existing agent's id when the account has one with this provider's id */
export async function createAgent(
  { prisma }: Database,
  { id, actor, ...agent }: NewAgent,
): Promise<{ is: 'created' | 'taken'; id: string }> {
  const data = { ...agent, ...(id !== null && { id }) };
  const created = await prisma.$transaction(async (tx) => {
    const [made] = await tx.agent.createManyAndReturn({ data, skipDuplicates: true, select: { id: true } });
    if (made) await recordCreated(tx, { workspaceId: agent.workspaceId, actor }, 'agent', made.id);
    return made;
  });
  if (created) return { is: 'created', id: created.id };
  const { providerAccountId, providerAgentId } = agent;
  const taken = await prisma.agent.findUniqueOrThrow({
    where: { providerAccountId_providerAgentId: { providerAccountId, providerAgentId } },
    select: { id: true },
  });
  return { is: taken.id === id ? 'created' : 'taken', id: taken.id };
}

type AgentPatch = { name?: string | undefined; disabled?: boolean | undefined };

/**
 * Changes an agent (`update_agent`). Disabling pauses the running batches that use it: no dial with it can follow the answer.
 * @returns the batches to wake, or null when there is no such agent.
 */
export async function updateAgent(
  db: Queryable,
  { workspaceId, actor }: Asked,
  id: string,
  patch: AgentPatch,
): Promise<string[] | null> {
  const { rows } = await db.query('SELECT is_found AS "isFound", paused FROM update_agent($1, $2, $3, $4)', [
    workspaceId,
    id,
    JSON.stringify(patch),
    JSON.stringify(actor),
  ]);
  const { isFound, paused } = rows[0];
  return isFound ? paused : null;
}
