import { parsePublicId, publicId } from '../../../domain/ids.js';
import { DEFAULT_SETTINGS } from '../../../carrier/settings.js';
import { seedBatch } from '../../support/seed.js';
import { carrierAccount } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

/** What the carrier of a test offers by itself. */
export const { agents: AGENTS, fromNumbers: NUMBERS } = DEFAULT_SETTINGS;

/** Where a test has changed the carrier, it is as it was for the next. */
export const resetCarrier = (api: TestApi): void => {
  api.carrier.configure({ apiKey: 'carrier-key', agents: AGENTS, fromNumbers: NUMBERS });
};

export const uuidOf = (id: string): string => parsePublicId('providerAccount', id) ?? '';

export const rowOf = (api: TestApi, id: string) =>
  api.db.prisma.providerAccount.findUniqueOrThrow({ where: { id: uuidOf(id) } });
export const sync = (api: TestApi, providerAccountId: string) =>
  send(api, 'syncProviderAccount', { params: { providerAccountId } });
export const update = (api: TestApi, providerAccountId: string, json: Record<string, unknown>) =>
  send(api, 'updateProviderAccount', { params: { providerAccountId }, json });
export const agentsOf = (api: TestApi, id: string) =>
  api.db.prisma.agent.findMany({ where: { providerAccountId: uuidOf(id) }, orderBy: { providerAgentId: 'asc' } });
export const numbersOf = (api: TestApi, id: string) =>
  api.db.prisma.phoneNumber.findMany({
    where: { providerAccountId: uuidOf(id) },
    orderBy: { phone: 'asc' },
    omit: { backedOffUntil: true }, // -infinity, which is no date to compare
  });

/** An account that was synced, and a running batch that uses its first agent and number. */
export async function usedAccount(api: TestApi): Promise<{ accountId: string; batchId: string }> {
  const accountId = await carrierAccount(api);
  await sync(api, accountId);
  const [agent] = await agentsOf(api, accountId);
  const [number] = await numbersOf(api, accountId);
  const { workspaceId } = api.workspace;
  const workspace = { workspaceId, providerAccountId: uuidOf(accountId), agentId: agent!.id, fromNumberId: number!.id };
  return { accountId, batchId: publicId('batch', await seedBatch(api.db, workspace)) };
}

export async function statusOf(
  api: TestApi,
  batchId: string,
): Promise<{ status: string; statusReason: string | null }> {
  const { body } = await send(api, 'getBatch', { params: { batchId } });
  return { status: body.status, statusReason: body.statusReason };
}
