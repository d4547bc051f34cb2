import type { Outcome } from '../domain/calls/outcomes.js';
import { OUTCOME_OF_END_REASON, type EndReason } from './end-reasons.js';
import type { CallKey, CallPlan } from './plan-call.js';
import { REFERENCE_KEY } from './retell/retell-wire.js';
import type { Timer } from './timers.js';
import type { CallObject, CallStatus, CarrierEvent, CreateCall } from './wire.js';

/** One event of a call and what became of it. `forged` is the one with a lie in it. */
export type WebhookRecord = {
  event: CarrierEvent | 'forged';
  attempts: number;
  deliveredAtMs: number | null;
  /** What the receiver last answered; null when it was never reached, or the event was lost on purpose. */
  lastStatus: number | null;
};

/** One request to place a call, accepted or not, as it is kept in memory. */
export type RequestRecord = {
  receivedAtMs: number;
  /** Null when it could not be read or its key was wrong. */
  request: CreateCall | null;
  /** What was answered: null while it is not, and when the socket was dropped instead. */
  answeredStatus: number | null;
  call: CallRecord | null;
};

export type CallRecord = {
  callId: string;
  /** Told of a call that was answered, once it has ended. */
  recordingUrl: string;
  request: CreateCall;
  key: CallKey;
  plan: CallPlan;
  acceptedAtMs: number;
  ringingAtMs?: number;
  answeredAtMs?: number;
  endedAtMs?: number;
  analyzedAtMs?: number;
  endReason?: EndReason;
  durationMs?: number;
  webhooks: WebhookRecord[];
  /** What happens next, until the call has ended. */
  nextPhase?: Timer;
  /** Ends it at once; absent when it has ended. */
  endNow?: (endReason: EndReason) => void;
};

export const TRANSCRIPT = 'Agent: Hello, is this a good time?\nPerson: Yes, go ahead.';

/** A line of the ledger. Times are ISO with milliseconds. */
export type LedgerEntry = {
  callId: string | null;
  reference: string | null;
  from: string | null;
  to: string | null;
  agentId: string | null;
  agentVersion: string | null;
  variables: Record<string, string>;
  metadata: Record<string, unknown>;
  sipHeaders: Record<string, string>;
  skipPhoneCheck: boolean;
  receivedAt: string;
  answeredStatus: number | null;
  ringingAt: string | null;
  answeredAt: string | null;
  endedAt: string | null;
  outcome: Outcome | null;
  endReason: string | null;
  durationMs: number | null;
  webhooks: { event: string; attempts: number; deliveredAt: string | null; lastStatus: number | null }[];
};

export function ledgerEntryOf({ receivedAtMs, request, answeredStatus, call }: RequestRecord): LedgerEntry {
  // On Retell's wire the reference travels in the metadata; it has a field of its own here.
  const { [REFERENCE_KEY]: _reference, ...metadata } = request?.metadata ?? {};
  return {
    callId: call?.callId ?? null,
    reference: request?.reference ?? null,
    from: request?.from ?? null,
    to: request?.to ?? null,
    agentId: request?.agent_id ?? null,
    agentVersion: request?.agent_version ?? null,
    variables: request?.variables ?? {},
    metadata,
    sipHeaders: request?.sip_headers ?? {},
    skipPhoneCheck: request?.skip_phone_check ?? false,
    receivedAt: isoOf(receivedAtMs),
    answeredStatus,
    ringingAt: isoOrNull(call?.ringingAtMs),
    answeredAt: isoOrNull(call?.answeredAtMs),
    endedAt: isoOrNull(call?.endedAtMs),
    outcome: call?.endReason ? OUTCOME_OF_END_REASON[call.endReason] : null,
    endReason: call?.endReason ?? null,
    durationMs: call?.durationMs ?? null,
    webhooks: (call?.webhooks ?? []).map(({ deliveredAtMs, ...webhook }) => ({
      ...webhook,
      deliveredAt: isoOrNull(deliveredAtMs ?? undefined),
    })),
  };
}

/** What look-ups and webhooks tell. Like a real platform's: what is not known yet is absent. */
export function callObjectOf(call: CallRecord): CallObject {
  const { request } = call;
  return {
    call_id: call.callId,
    reference: request.reference,
    from: request.from,
    to: request.to,
    metadata: request.metadata,
    status: statusOf(call),
    accepted_at: call.acceptedAtMs,
    ...(call.answeredAtMs !== undefined && { started_at: call.answeredAtMs }),
    ...(call.endedAtMs !== undefined && {
      ended_at: call.endedAtMs,
      duration_ms: call.durationMs,
      end_reason: call.endReason,
    }),
    ...(call.endedAtMs !== undefined &&
      call.answeredAtMs !== undefined && { transcript: TRANSCRIPT, recording_url: call.recordingUrl }),
    ...(call.analyzedAtMs !== undefined && {
      analyzed_at: call.analyzedAtMs,
      analysis: {
        successful: isSuccessful(call),
        summary: isSuccessful(call) ? 'The call reached its goal.' : 'The call did not reach its goal.',
      },
    }),
  };
}

/** A call that was stopped early did not reach its goal, whatever was planned. */
export function isSuccessful({ plan, endReason }: CallRecord): boolean {
  return plan.successful && endReason === plan.endReason;
}

function statusOf(call: CallRecord): CallStatus {
  if (call.endedAtMs !== undefined) return call.answeredAtMs === undefined ? 'not_connected' : 'ended';
  if (call.answeredAtMs !== undefined) return 'ongoing';
  return call.ringingAtMs === undefined ? 'registered' : 'ringing';
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : isoOf(ms);
}
