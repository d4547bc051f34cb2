import { createApiClient, type ApiClient } from '../../dev/demo/api-client.js';
import { CARRIER_CREDENTIALS } from '../../dev/demo/demo-workspace.js';
import type { Stack } from '../../dev/stack.js';
import { openDatabase } from '../../store/database.js';
import { createApiKey } from '../../store/people/api-keys.js';
import { createWorkspace } from '../../store/workspaces/workspaces.js';

/** Where the workspace's account is, and with which credentials. */
export type CarrierAccess = { url: string; credentials: { apiKey: string; webhookSecret: string } };
type NewWorkspace = { name: string; phone: string; concurrencyLimit?: number; carrier?: CarrierAccess };

/**
 * Another workspace in the same installation, with a key, an account, an agent and a number of its own; at the carrier
 * of the stack unless `carrier` is another. @returns the stack as this workspace sees it, and a client with its key
 */
export async function addWorkspace(
  { stack }: { stack: Stack },
  { name, phone, concurrencyLimit = 20, carrier }: NewWorkspace,
): Promise<{ stack: Stack; call: ApiClient }> {
  const db = openDatabase({ url: stack.databaseUrl, connectionsMax: 1 });
  const workspaceId = await createWorkspace(db, { name, concurrencyLimit });
  const { key } = await createApiKey(db, { workspaceId, name: 'Script', role: 'admin' });
  await db.close();
  const call = createApiClient(stack.apiUrl, key);
  const make = async (path: string, body: unknown): Promise<string> =>
    (await call<{ id: string }>('POST', path, body)).id;
  const providerAccountId = await make('/v1/provider-accounts', {
    kind: 'simulator',
    name: 'Simulated carrier',
    baseUrl: carrier?.url ?? stack.carrierUrl,
    credentials: carrier?.credentials ?? CARRIER_CREDENTIALS,
  });
  const agentId = await make('/v1/agents', { providerAccountId, providerAgentId: 'agent_appointments', name: 'Eva' });
  const fromNumberId = await make('/v1/phone-numbers', {
    providerAccountId,
    phoneNumber: phone,
    outboundAgentId: agentId,
  });
  return { call, stack: { ...stack, apiKey: key, workspaceId, providerAccountId, agentId, fromNumberId } };
}
