import type { Actor } from '../../domain/people/actor.js';
import type { Prisma } from '../generated/client.js';
import type { AuditTargetKind } from '../people/record-audit.js';

/** Whose row, and who asks. */
export type Asked = { workspaceId: string; actor: Actor };

/** Where a list goes on: after this row, oldest first. The times of plain rows have whole milliseconds, so that a Date is exact. */
export type PageAfter = { createdAt: Date; id: string } | null;
export type Page = { after: PageAfter; limit: number };

/** A page of a workspace's rows, oldest first, as Prisma takes it. */
export function pageOfWorkspace(workspaceId: string, { after, limit }: Page) {
  const later = after && [{ createdAt: { gt: after.createdAt } }, { createdAt: after.createdAt, id: { gt: after.id } }];
  return {
    where: { workspaceId, ...(later && { OR: later }) },
    orderBy: [{ createdAt: 'asc' as const }, { id: 'asc' as const }],
    take: limit,
  };
}

/** Records that a row was made (`record_created`), in the transaction that makes it. */
export async function recordCreated(
  tx: Prisma.TransactionClient,
  { workspaceId, actor }: Asked,
  kind: AuditTargetKind,
  id: string,
): Promise<void> {
  await tx.$executeRaw`SELECT record_created(${workspaceId}::uuid, ${JSON.stringify(actor)}::jsonb, ${kind}, ${id}::uuid)`;
}
