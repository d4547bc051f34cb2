import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { publicId } from '../../domain/ids.js';
import { createApiKey, findApiKey } from '../../store/people/api-keys.js';
import type { Database } from '../../store/database.js';
import { createProviderAccount } from '../../store/settings/provider-accounts.js';
import type { Secrets } from '../../store/settings/secrets.js';
import { moveProviderAccount } from '../../store/settings/update-provider-account.js';
import { createWorkspace } from '../../store/workspaces/workspaces.js';

/** What a person needs to call the API of the demo workspace. */
export type DemoWorkspace = {
  apiKey: string;
  workspaceId: string;
  providerAccountId: string;
  agentId: string;
  fromNumberId: string;
};

export const CARRIER_API_KEY = 'carrier-key';
export const CARRIER_WEBHOOK_SECRET = 'carrier-webhook-secret';
/** What the carrier lists, so that a sync finds the demo's numbers. */
export const CARRIER_NUMBERS = [
  { phone: '+12025550100', label: 'Main line', outboundAgentId: 'agent_appointments' },
  { phone: '+12025550101', label: 'Reception (inbound only)', outboundAgentId: null },
];

type DemoOptions = { dir: string; carrierUrl: string; concurrencyLimit: number; secrets: Secrets };
const NAME = 'Demo';
export const CARRIER_CREDENTIALS = { apiKey: CARRIER_API_KEY, webhookSecret: CARRIER_WEBHOOK_SECRET };

/**
 * Makes the demo workspace, or finds the one that an earlier start made, and points it at the carrier. Its API key is
 * kept in `dir`, readable for its owner only: the database has only its hash.
 */
export async function prepareDemoWorkspace(
  db: Database,
  { dir, carrierUrl, concurrencyLimit, secrets }: DemoOptions,
): Promise<DemoWorkspace> {
  const kept = await keptKey(db, dir);
  const existing = await db.prisma.workspace.findFirst({
    // By the key that was kept: somebody may have renamed it.
    where: kept ? { id: kept.workspaceId } : { name: NAME },
    // People may add accounts of their own; ours is the first at a simulated carrier.
    include: { providerAccounts: { where: { kind: 'simulator' }, orderBy: { createdAt: 'asc' }, take: 1 } },
  });
  const workspaceId = existing?.id ?? (await createWorkspace(db, { name: NAME, concurrencyLimit }));
  const account = existing?.providerAccounts[0];
  const reached = { baseUrl: carrierUrl, credentials: CARRIER_CREDENTIALS };
  if (account) await moveProviderAccount(db, secrets, { id: account.id, ...reached });
  const providerAccountId =
    account?.id ??
    (await createProviderAccount(db, secrets, {
      id: null,
      workspaceId,
      kind: 'simulator',
      name: 'Simulated carrier',
      ...reached,
    }));
  const { agentId, fromNumberId } = await prepareNumbers(db, workspaceId, providerAccountId);
  return {
    apiKey: kept?.key ?? (await makeKey(db, workspaceId, dir)),
    workspaceId: publicId('workspace', workspaceId),
    providerAccountId: publicId('providerAccount', providerAccountId),
    agentId: publicId('agent', agentId),
    fromNumberId: publicId('phoneNumber', fromNumberId),
  };
}

async function prepareNumbers(db: Database, workspaceId: string, providerAccountId: string) {
  const first = await db.prisma.phoneNumber.findFirst({
    where: { workspaceId, outbound: true },
    orderBy: { createdAt: 'asc' },
  });
  if (first?.outboundAgentId) return { agentId: first.outboundAgentId, fromNumberId: first.id };
  const owned = { workspaceId, providerAccountId };
  const agent = await db.prisma.agent.create({
    data: { ...owned, providerAgentId: 'agent_appointments', name: 'Appointments' },
  });
  await db.prisma.agent.create({ data: { ...owned, providerAgentId: 'agent_collections', name: 'Collections' } });
  const number = await db.prisma.phoneNumber.create({
    data: { ...owned, phone: '+12025550100', label: 'Main line', outboundAgentId: agent.id },
  });
  await db.prisma.phoneNumber.create({
    data: { ...owned, phone: '+12025550101', label: 'Reception (inbound only)', outbound: false },
  });
  return { agentId: agent.id, fromNumberId: number.id };
}

/** The key that an earlier start made, if it still opens a workspace. */
async function keptKey(db: Database, dir: string): Promise<{ key: string; workspaceId: string } | null> {
  const file = keyFile(dir);
  const key = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const holder = key ? await findApiKey(db.pool, key) : null;
  return holder && { key, workspaceId: holder.workspaceId };
}

async function makeKey(db: Database, workspaceId: string, dir: string): Promise<string> {
  const { key } = await createApiKey(db, { workspaceId, name: 'Demo', role: 'admin' });
  mkdirSync(dir, { recursive: true });
  writeFileSync(keyFile(dir), `${key}\n`, { mode: 0o600 });
  return key;
}

function keyFile(dir: string): string {
  return path.join(dir, 'demo-api-key');
}
