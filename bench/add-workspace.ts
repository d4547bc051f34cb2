import { createApiClient } from '../dev/demo/api-client.js';
import { CARRIER_API_KEY, CARRIER_WEBHOOK_SECRET } from '../dev/demo/demo-workspace.js';
import { createApiKey } from '../store/people/api-keys.js';
import type { BenchStack } from './bench-stack.js';

/** Another workspace on the same servers, with an account, an agent and a number of its own. */
export async function addWorkspace(bench: BenchStack, name: string, phone: string): Promise<BenchStack> {
  const { stack, pool } = bench;
  const { rows } = await pool.query<{ id: string }>(
    'INSERT INTO workspaces (name, concurrency_limit) VALUES ($1, 20) RETURNING id',
    [name],
  );
  const workspaceId = rows[0]?.id ?? '';
  const { key } = await createApiKey(pool, { workspaceId, name: 'Bench', role: 'admin' });
  const call = createApiClient(stack.apiUrl, key);
  const make = async (path: string, body: unknown): Promise<string> =>
    (await call<{ id: string }>('POST', path, body)).id;
  const providerAccountId = await make('/v1/provider-accounts', {
    kind: 'simulator',
    name: 'Simulated carrier',
    baseUrl: stack.carrierUrl,
    apiKey: CARRIER_API_KEY,
    webhookSecret: CARRIER_WEBHOOK_SECRET,
  });
  const agentId = await make('/v1/agents', { providerAccountId, providerAgentId: 'agent_appointments', name: 'Eva' });
  const fromNumberId = await make('/v1/phone-numbers', { providerAccountId, phone, outboundAgentId: agentId });
  return { ...bench, call, stack: { ...stack, apiKey: key, workspaceId, providerAccountId, agentId, fromNumberId } };
}
