import type { Database } from '../database.js';
import type { PhoneNumber } from '../generated/client.js';

/** A from-number, with its account: both decide whether it may call. */
export type NumberFound = PhoneNumber & { providerAccount: { disabledAt: Date | null } };

export async function findNumber({ prisma }: Database, workspaceId: string, id: string): Promise<NumberFound | null> {
  return prisma.phoneNumber.findFirst({
    where: { id, workspaceId },
    include: { providerAccount: { select: { disabledAt: true } } },
  });
}

/** The provider's ids of the active agents of an account: those that a recipient may name. */
export async function findActiveAgentIds({ prisma }: Database, providerAccountId: string): Promise<Set<string>> {
  const agents = await prisma.agent.findMany({
    where: { providerAccountId, disabledAt: null },
    select: { providerAgentId: true },
  });
  return new Set(agents.map(({ providerAgentId }) => providerAgentId));
}
