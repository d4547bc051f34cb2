import type { EndReason } from '../end-reasons.js';

export type RetellStatus = 'registered' | 'ongoing' | 'ended' | 'not_connected' | 'error';

/** The status that a call has after it ended for a reason: every reason that Retell documents. */
export const STATUS_OF_REASON = {
  user_hangup: 'ended',
  agent_hangup: 'ended',
  call_transfer: 'ended',
  call_take_over: 'ended',
  transfer_bridged: 'ended',
  transfer_cancelled: 'ended',
  inactivity: 'ended',
  max_duration_reached: 'ended',
  manual_stopped: 'ended',
  voicemail_reached: 'ended',
  ivr_reached: 'ended',
  no_concurrency_fallback: 'ended',

  dial_busy: 'not_connected',
  dial_no_answer: 'not_connected',
  dial_failed: 'not_connected',
  user_declined: 'not_connected',
  invalid_destination: 'not_connected',
  marked_as_spam: 'not_connected',
  sip_routing_error: 'not_connected',
  telephony_provider_unavailable: 'not_connected',
  telephony_provider_permission_denied: 'not_connected',

  concurrency_limit_reached: 'error',
  no_valid_payment: 'error',
  scam_detected: 'error',
  error_llm_websocket_open: 'error',
  error_llm_websocket_lost_connection: 'error',
  error_llm_websocket_runtime: 'error',
  error_llm_websocket_corrupt_payload: 'error',
  error_no_audio_received: 'error',
  error_asr: 'error',
  error_retell: 'error',
  error_unknown: 'error',
  error_user_not_joined: 'error',
  registered_call_timeout: 'error',
} as const satisfies Record<string, RetellStatus>;

/** Retell's word for each end of a call of the carrier. */
export const REASON_OF_END = {
  user_hangup: 'user_hangup',
  agent_hangup: 'agent_hangup',
  max_duration_reached: 'max_duration_reached',
  stopped_by_request: 'manual_stopped',
  cancelled_by_request: 'manual_stopped',
  voicemail_reached: 'voicemail_reached',
  dial_no_answer: 'dial_no_answer',
  dial_busy: 'dial_busy',
  user_declined: 'user_declined',
  invalid_destination: 'invalid_destination',
  destination_unreachable: 'dial_failed',
  carrier_error: 'telephony_provider_unavailable',
  agent_error: 'error_llm_websocket_runtime',
} as const satisfies Record<EndReason, keyof typeof STATUS_OF_REASON>;

/** Undefined for a word that Retell does not document: the settings of a number may give its calls any. */
export function statusOfReason(reason: string): RetellStatus | undefined {
  return Object.hasOwn(STATUS_OF_REASON, reason)
    ? STATUS_OF_REASON[reason as keyof typeof STATUS_OF_REASON] // checked on the line before
    : undefined;
}
