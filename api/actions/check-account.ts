import { publicId } from '../../domain/ids.js';
import type { Database } from '../../store/database.js';
import { findProviderAccount } from '../../store/settings/provider-accounts.js';
import { readAgent } from '../../store/settings/agents.js';
import { refused } from './check-caller.js';

/** A provider account of the workspace that takes new agents and numbers. @throws ApiError */
export async function checkAccount(db: Database, workspaceId: string, providerAccountId: string): Promise<void> {
  const shown = publicId('providerAccount', providerAccountId);
  const account = await findProviderAccount(db, workspaceId, providerAccountId);
  if (!account)
    throw refused(
      'provider_account_not_found',
      'providerAccountId',
      `There is no provider account ${shown}. Choose one of GET /v1/provider-accounts.`,
    );
  if (account.disabledAt)
    throw refused(
      'provider_account_disabled',
      'providerAccountId',
      `The provider account ${shown} is disabled. Choose another.`,
    );
}

/** The agent to bind to a number of this account. @throws ApiError */
export async function checkOutboundAgent(
  db: Database,
  workspaceId: string,
  agentId: string,
  providerAccountId: string,
): Promise<void> {
  const shown = publicId('agent', agentId);
  const agent = await readAgent(db, workspaceId, agentId);
  if (!agent)
    throw refused('agent_not_found', 'outboundAgentId', `There is no agent ${shown}. Choose one of GET /v1/agents.`);
  if (agent.providerAccountId === providerAccountId) return;
  throw refused(
    'agent_of_other_account',
    'outboundAgentId',
    `The agent ${shown} is of another provider account than the number. Choose one of ${publicId('providerAccount', providerAccountId)}.`,
  );
}
