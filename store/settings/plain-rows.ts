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
