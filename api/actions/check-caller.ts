import { publicId } from '../../domain/ids.js';
import type { Database } from '../../store/database.js';
import { readAgent, type AgentRecord } from '../../store/settings/agents.js';
import { findNumber, type NumberFound } from '../../store/settings/find-caller.js';
import { ApiError } from '../http/errors.js';
import { type ErrorCode } from '../http/error-table.js';

type Caller = { fromNumberId: string; agentId: string; providerAccountId: string; fromNumberPhone: string };

/**
 * The number and the agent that a batch would call with; without an agent, the one bound to the number.
 * @throws ApiError that says which of them cannot be used, and what to do
 */
export async function checkCaller(
  db: Database,
  workspaceId: string,
  wanted: { fromNumberId: string; agentId: string | null },
): Promise<Caller> {
  const number = checkNumber(await findNumber(db, workspaceId, wanted.fromNumberId), wanted.fromNumberId);
  const agentId = wanted.agentId ?? number.outboundAgentId;
  if (agentId === null) {
    throw refused(
      'agent_missing',
      'agentId',
      `The number ${publicId('phoneNumber', number.id)} has no outbound agent. Name an agentId, or bind an agent to the number.`,
    );
  }
  checkAgent(await readAgent(db, workspaceId, agentId), agentId, number);
  return {
    fromNumberId: number.id,
    agentId,
    providerAccountId: number.providerAccountId,
    fromNumberPhone: number.phone,
  };
}

function checkNumber(number: NumberFound | null, id: string): NumberFound {
  const shown = publicId('phoneNumber', id);
  if (!number)
    throw refused(
      'from_number_not_found',
      'fromNumberId',
      `There is no phone number ${shown}. Choose one of GET /v1/phone-numbers.`,
    );
  if (number.disabledAt)
    throw refused(
      'from_number_disabled',
      'fromNumberId',
      `The phone number ${shown} is disabled. Enable it, or choose another.`,
    );
  if (number.providerAccount.disabledAt)
    throw refused(
      'provider_account_disabled',
      'fromNumberId',
      `The provider account of ${shown} is disabled. Choose a number of another.`,
    );
  if (!number.outbound)
    throw refused(
      'from_number_inbound_only',
      'fromNumberId',
      `The phone number ${shown} only takes calls. Choose one with outbound: true.`,
    );
  return number;
}

function checkAgent(agent: AgentRecord | null, id: string, number: NumberFound): void {
  const shown = publicId('agent', id);
  if (!agent) throw refused('agent_not_found', 'agentId', `There is no agent ${shown}. Choose one of GET /v1/agents.`);
  if (agent.disabledAt)
    throw refused('agent_disabled', 'agentId', `The agent ${shown} is disabled. Enable it, or choose another.`);
  if (agent.providerAccountId !== number.providerAccountId) {
    throw refused(
      'agent_of_other_account',
      'agentId',
      `The agent ${shown} is not of the number's provider account. Choose an agent of ${publicId('providerAccount', number.providerAccountId)}.`,
    );
  }
}

export function refused(code: ErrorCode, field: string, message: string): ApiError {
  return new ApiError(code, message, { errors: [{ field, code, message }] });
}
