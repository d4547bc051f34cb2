import type { TestApi } from './test-api.js';

/** What a refused upload or request must leave as it was. */
export async function countRows(api: TestApi) {
  const { prisma } = api.db;
  return {
    batches: await prisma.batch.count(),
    imports: await prisma.import.count(),
    rows: await prisma.importRow.count(),
  };
}
