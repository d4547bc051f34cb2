import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { syncAccount } from '../../../store/settings/sync-account.js';
import { createProvider } from '../../../telephony/create-provider.js';
import type { ListAnswer } from '../../../telephony/provider.js';
import { requireReachableAccount } from '../../actions/require-reachable-account.js';
import { ApiError } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { emptyBody, idIn } from '../../schemas/fields.js';
import { wakeBatch } from '../../actions/wake-batch.js';

const count = z.int().min(0);
const counts = { added: count, updated: count, disabled: count };

export const syncProviderAccountOperation = defineOperation({
  id: 'syncProviderAccount',
  method: 'post',
  path: '/v1/provider-accounts/{providerAccountId}/sync',
  summary: 'Bring in the agents and numbers of a provider account',
  description:
    'Asks the provider. What is new is added, names follow, and what is gone is disabled, with the running batches that use it PAUSED; nothing is deleted or enabled. A number takes over the agent bound to it at the provider when it has none here. All of it happens, or nothing.',
  tag: 'provider accounts',
  role: 'admin',
  work: 'outside',
  params: z.object({ providerAccountId: idIn('providerAccount') }),
  body: emptyBody,
  responses: {
    200: {
      description: 'What was changed; skipped are numbers that are not E.164',
      schema: z
        .object({ agents: z.object(counts), phoneNumbers: z.object({ ...counts, skipped: count }) })
        .meta({ id: 'SyncResult' }),
    },
  },
  errors: ['provider_unreachable', 'credentials_needed', 'provider_account_not_allowed'],
  async handler({ auth, params, deps }) {
    const { db, config } = deps;
    const { providerAccountId } = params;
    const shown = publicId('providerAccount', providerAccountId);
    const provider = createProvider(await requireReachableAccount(deps, auth, providerAccountId), deps.sender);
    const { requestTimeoutMs } = config.settings;
    const [agents, numbers] = await Promise.all([
      provider.listAgents(requestTimeoutMs),
      provider.listNumbers(requestTimeoutMs),
    ]);
    const listed = { agents: itemsOf(agents, 'agents', shown), numbers: itemsOf(numbers, 'numbers', shown) };
    const { paused, ...result } = await syncAccount(
      db.pool,
      { workspaceId: auth.workspaceId, providerAccountId, actor: auth.actor },
      listed,
    );
    await Promise.all(paused.map((batchId) => wakeBatch(deps, batchId)));
    return { status: 200, body: result };
  },
});

function itemsOf<T>(answer: ListAnswer<T>, what: string, account: string): T[] {
  if (answer.is === 'listed') return answer.items;
  throw new ApiError(
    'provider_unreachable',
    `The provider of ${account} did not list its ${what}: ${answer.why}. Nothing was changed. Check address and API key, then sync again.`,
  );
}
