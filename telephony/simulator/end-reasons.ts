import type { Outcome } from '../../domain/calls/outcomes.js';

/** Every reason for which the simulated carrier ends a call, and what it is to us. */
export const OUTCOME_OF_END_REASON = {
  user_hangup: 'ANSWERED',
  agent_hangup: 'ANSWERED',
  max_duration_reached: 'ANSWERED',
  stopped_by_request: 'ANSWERED',
  voicemail_reached: 'VOICEMAIL',
  dial_no_answer: 'NO_ANSWER',
  dial_busy: 'BUSY',
  user_declined: 'DECLINED',
  invalid_destination: 'INVALID_NUMBER',
  destination_unreachable: 'UNREACHABLE',
  carrier_error: 'PROVIDER_ERROR',
  agent_error: 'AGENT_ERROR',
  /** Hung up by request before anybody answered. */
  cancelled_by_request: 'CANCELLED',
} as const satisfies Record<string, Outcome>;

/** A reason that we do not know is an error of the provider's; the caller keeps the raw word. */
export function outcomeOfEndReason(reason: string | undefined): Outcome {
  if (reason === undefined || !Object.hasOwn(OUTCOME_OF_END_REASON, reason)) return 'PROVIDER_ERROR';
  return OUTCOME_OF_END_REASON[reason as keyof typeof OUTCOME_OF_END_REASON]; // checked on the line before
}
