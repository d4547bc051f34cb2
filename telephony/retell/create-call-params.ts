import type Retell from 'retell-sdk';
import type { ReferencedCall } from '../provider.js';
import { REFERENCE_KEY } from './wire.js';

/** What Retell takes for a call; beyond it, its nearest bound is sent. */
const RING_MS = { min: 5_000, max: 300_000 };
const CALL_LENGTH_MS = { min: 60_000, max: 7_200_000 };

/** The body of a create request. What is empty is left out. */
export function createCallParams(request: ReferencedCall): Retell.CallCreatePhoneCallParams {
  return {
    from_number: request.from,
    to_number: request.to,
    override_agent_id: request.agentId,
    ...(request.agentVersion !== null && { override_agent_version: versionOf(request.agentVersion) }),
    metadata: { ...request.metadata, [REFERENCE_KEY]: request.reference },
    ...(isFilled(request.variables) && { retell_llm_dynamic_variables: request.variables }),
    ...(isFilled(request.sipHeaders) && { custom_sip_headers: request.sipHeaders }),
    // Counts for numbers of custom telephony alone: Retell says that it has no effect on its own.
    ...(request.skipPhoneCheck && { ignore_e164_validation: true }),
    agent_override: {
      agent: {
        ring_duration_ms: within(RING_MS, request.ringLimitMs),
        max_call_duration_ms: within(CALL_LENGTH_MS, request.callLengthMaxMs),
      },
    },
  };
}

/** Retell numbers its versions, and takes names such as `latest` and tags too. */
function versionOf(version: string): string | number {
  return /^\d{1,15}$/.test(version) ? Number(version) : version;
}

function isFilled(record: Record<string, string>): boolean {
  return Object.keys(record).length > 0;
}

function within({ min, max }: { min: number; max: number }, value: number): number {
  return Math.min(Math.max(Math.round(value), min), max);
}
