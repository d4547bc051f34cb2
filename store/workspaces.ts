import type { Database } from './database.js';

export type NewWorkspace = { name: string; concurrencyLimit: number };
export type NewProviderAccount = {
  workspaceId: string;
  kind: string;
  name: string;
  baseUrl: string;
  apiKey: string;
  webhookSecret: string;
  ringLimitMs?: number;
  ringLeadMs?: number;
  callLengthMaxMs?: number;
  settleDelayMs?: number;
};

/** @returns the new workspace's uuid. */
export async function createWorkspace(db: Database, workspace: NewWorkspace): Promise<string> {
  const { id } = await db.prisma.workspace.create({ data: workspace, select: { id: true } });
  return id;
}

/** @returns the new provider account's uuid. */
export async function createProviderAccount(db: Database, account: NewProviderAccount): Promise<string> {
  const { id } = await db.prisma.providerAccount.create({ data: account, select: { id: true } });
  return id;
}

/** Points a provider account at another address: where the simulated carrier listens after a restart. */
export async function moveProviderAccount(db: Database, id: string, baseUrl: string): Promise<void> {
  await db.prisma.providerAccount.update({ where: { id }, data: { baseUrl } });
}
