import type { Outcome } from '../domain/calls/outcomes.js';

/** Every reason for which a call ends here. The outcome is for the ledger, so that tests can count; no client is told it. */
export const OUTCOME_OF_END_REASON = {
  user_hangup: 'ANSWERED',
  agent_hangup: 'ANSWERED',
  max_duration_reached: 'ANSWERED',
  voicemail_reached: 'VOICEMAIL',
  dial_no_answer: 'NO_ANSWER',
  dial_busy: 'BUSY',
  user_declined: 'DECLINED',
  invalid_destination: 'INVALID_NUMBER',
  destination_unreachable: 'UNREACHABLE',
  carrier_error: 'PROVIDER_ERROR',
  agent_error: 'AGENT_ERROR',
  /** The client ended the call: after an answer, or before one. */
  stopped_by_request: 'ANSWERED',
  cancelled_by_request: 'CANCELLED',
} as const satisfies Record<string, Outcome>;

export type EndReason = keyof typeof OUTCOME_OF_END_REASON;
