import type { Outcome } from '../../domain/calls/outcomes.js';
import type { Deferral } from '../../domain/calls/call-fact.js';

type End = { status: 'ended' | 'not_connected' | 'error'; outcome: Outcome; deferral?: Deferral };

/** Every reason for which Retell documents that a call ends, the status it then has, and what it is to us. */
export const DISCONNECTION_REASONS = {
  user_hangup: { status: 'ended', outcome: 'ANSWERED' },
  agent_hangup: { status: 'ended', outcome: 'ANSWERED' },
  call_transfer: { status: 'ended', outcome: 'ANSWERED' },
  call_take_over: { status: 'ended', outcome: 'ANSWERED' },
  transfer_bridged: { status: 'ended', outcome: 'ANSWERED' },
  transfer_cancelled: { status: 'ended', outcome: 'ANSWERED' },
  inactivity: { status: 'ended', outcome: 'ANSWERED' },
  max_duration_reached: { status: 'ended', outcome: 'ANSWERED' },
  /** Stopped by request; of a call that nobody had answered yet it is CANCELLED. */
  manual_stopped: { status: 'ended', outcome: 'ANSWERED' },
  /** Connected, but to a machine: nobody was reached. */
  voicemail_reached: { status: 'ended', outcome: 'VOICEMAIL' },
  ivr_reached: { status: 'ended', outcome: 'VOICEMAIL' },
  /** Of inbound calls only. */
  no_concurrency_fallback: { status: 'ended', outcome: 'PROVIDER_ERROR' },

  dial_busy: { status: 'not_connected', outcome: 'BUSY' },
  dial_no_answer: { status: 'not_connected', outcome: 'NO_ANSWER' },
  user_declined: { status: 'not_connected', outcome: 'DECLINED' },
  invalid_destination: { status: 'not_connected', outcome: 'INVALID_NUMBER' },
  dial_failed: { status: 'not_connected', outcome: 'UNREACHABLE' },
  marked_as_spam: { status: 'not_connected', outcome: 'UNREACHABLE' },
  sip_routing_error: { status: 'not_connected', outcome: 'PROVIDER_ERROR' },
  telephony_provider_unavailable: { status: 'not_connected', outcome: 'PROVIDER_ERROR' },
  telephony_provider_permission_denied: {
    status: 'not_connected',
    outcome: 'PROVIDER_ERROR',
    deferral: 'permission',
  },

  concurrency_limit_reached: { status: 'error', outcome: 'PROVIDER_ERROR', deferral: 'capacity' },
  no_valid_payment: { status: 'error', outcome: 'PROVIDER_ERROR', deferral: 'payment' },
  scam_detected: { status: 'error', outcome: 'PROVIDER_ERROR' },
  error_llm_websocket_open: { status: 'error', outcome: 'AGENT_ERROR' },
  error_llm_websocket_lost_connection: { status: 'error', outcome: 'AGENT_ERROR' },
  error_llm_websocket_runtime: { status: 'error', outcome: 'AGENT_ERROR' },
  error_llm_websocket_corrupt_payload: { status: 'error', outcome: 'AGENT_ERROR' },
  error_no_audio_received: { status: 'error', outcome: 'PROVIDER_ERROR' },
  error_asr: { status: 'error', outcome: 'PROVIDER_ERROR' },
  error_retell: { status: 'error', outcome: 'PROVIDER_ERROR' },
  error_unknown: { status: 'error', outcome: 'PROVIDER_ERROR' },
  error_user_not_joined: { status: 'error', outcome: 'PROVIDER_ERROR' },
  registered_call_timeout: { status: 'error', outcome: 'PROVIDER_ERROR' },
} as const satisfies Record<string, End>;

type DisconnectionReason = keyof typeof DISCONNECTION_REASONS;

/** A reason that we do not know is an error of Retell's; the caller keeps the raw word. */
export function outcomeOfReason(reason: string | null | undefined, { wasAnswered }: { wasAnswered: boolean }): Outcome {
  if (!isDisconnectionReason(reason)) return 'PROVIDER_ERROR';
  if (reason === 'manual_stopped' && !wasAnswered) return 'CANCELLED';
  return DISCONNECTION_REASONS[reason].outcome;
}

/** Set when the call was not made after all, for a reason that is not the recipient's. */
export function deferralOfReason(reason: string | null | undefined): Deferral | null {
  if (!isDisconnectionReason(reason)) return null;
  const end: End = DISCONNECTION_REASONS[reason];
  return end.deferral ?? null;
}

function isDisconnectionReason(reason: string | null | undefined): reason is DisconnectionReason {
  return typeof reason === 'string' && Object.hasOwn(DISCONNECTION_REASONS, reason);
}
