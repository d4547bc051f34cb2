import { publicId } from '../../domain/ids.js';
import type { Database } from '../../store/database.js';
import { readAgent, type AgentRecord } from '../../store/settings/agents.js';
import { findNumber, type NumberFound } from '../../store/settings/find-caller.js';
import { ApiError } from '../http/errors.js';
import { type ErrorCode } from '../http/error-table.js';

type Caller = { fromNumberId: string; agentId: string; providerAccountId: string; fromNumberPhone: string };
/** Of a draft, which may have none yet. */
type DraftCaller = { [Field in keyof Caller]: string | null };

/**
 * The number and the agent that a batch would call with; without an agent, the one bound to the number.
 * @throws ApiError that says which of them cannot be used, and what to do
 */
export async function checkCaller(
  db: Database,
  workspaceId: string,
  wanted: { fromNumberId: string; agentId: string | null },
): Promise<Caller> {
  const caller = await checkDraftCaller(db, workspaceId, wanted);
  const { fromNumberId, agentId, providerAccountId, fromNumberPhone } = caller;
  if (fromNumberId !== null && agentId !== null && providerAccountId !== null && fromNumberPhone !== null)
    return { fromNumberId, agentId, providerAccountId, fromNumberPhone };
  throw refused(
    'agent_missing',
    'agentId',
    `The number ${publicId('phoneNumber', wanted.fromNumberId)} has no outbound agent. Name an agentId, or bind an agent to the number.`,
  );
}

/**
 * The same of a draft, as far as it has them: a number without an agent, an agent without a number, or neither.
 * @throws ApiError that says which of those that are named cannot be used, and what to do
 */
export async function checkDraftCaller(
  db: Database,
  workspaceId: string,
  wanted: { fromNumberId: string | null; agentId: string | null },
): Promise<DraftCaller> {
  const { fromNumberId } = wanted;
  const number = fromNumberId && checkNumber(await findNumber(db, workspaceId, fromNumberId), fromNumberId);
  const agentId = wanted.agentId ?? (number ? number.outboundAgentId : null);
  if (agentId !== null) checkAgent(await readAgent(db, workspaceId, agentId), agentId, number || null);
  return {
    fromNumberId,
    agentId,
    providerAccountId: number ? number.providerAccountId : null,
    fromNumberPhone: number ? number.phone : null,
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

function checkAgent(agent: AgentRecord | null, id: string, number: NumberFound | null): void {
  const shown = publicId('agent', id);
  if (!agent) throw refused('agent_not_found', 'agentId', `There is no agent ${shown}. Choose one of GET /v1/agents.`);
  if (agent.disabledAt)
    throw refused('agent_disabled', 'agentId', `The agent ${shown} is disabled. Enable it, or choose another.`);
  if (number && agent.providerAccountId !== number.providerAccountId) {
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
