import type { CallFact } from '../../domain/calls/call-fact.js';
import { factKey } from '../fact-key.js';
import { deferralOfReason, outcomeOfReason } from './disconnection-reasons.js';
import { referenceOf, type RetellCall, type RetellEvent } from './wire.js';

const ENDED_STATUSES = ['ended', 'not_connected', 'error'];

/** The one fact that an event is about. Its name counts, not the call's status, which may lag behind. */
export const FACT_OF_EVENT: Record<RetellEvent, (call: RetellCall, nowMs: number) => CallFact> = {
  call_started: startedFact,
  call_ended: endedFact,
  call_analyzed: analyzedFact,
};

/** Everything a listed call says: nothing while it rings. A fact has the same key here as in its webhook. */
export function factsOfCall(call: RetellCall, nowMs: number): CallFact[] {
  const facts: CallFact[] = [];
  if (wasAnswered(call)) facts.push(startedFact(call, nowMs));
  if (hasEnded(call)) facts.push(endedFact(call, nowMs));
  if (call.call_analysis) facts.push(analyzedFact(call, nowMs));
  return facts;
}

export function hasEnded(call: RetellCall): boolean {
  return ENDED_STATUSES.includes(call.call_status) || Boolean(call.disconnection_reason);
}

function startedFact(call: RetellCall, nowMs: number): CallFact {
  return blankFact(call, 'STARTED', { toldAtMs: call.start_timestamp, nowMs });
}

/** A call that ends before it connects may have no time of its end. */
function endedFact(call: RetellCall, nowMs: number): CallFact {
  const { disconnection_reason: reason, duration_ms: durationMs, transcript, recording_url, public_log_url } = call;
  const { transfer_destination } = call;
  const outcome = outcomeOfReason(reason, { wasAnswered: wasAnswered(call) });
  return {
    ...blankFact(call, 'ENDED', { toldAtMs: call.end_timestamp, nowMs, says: [outcome, reason, durationMs] }),
    outcome,
    deferral: deferralOfReason(reason),
    endReason: reason ?? null,
    durationMs: typeof durationMs === 'number' ? Math.round(durationMs) : null,
    details: whatIsSet({ transcript, recording_url, public_log_url, transfer_destination, call_cost: call.call_cost }),
  };
}

/** Retell does not say when it analyzed a call: the end stands for it, so that every teller gives the same time. */
function analyzedFact(call: RetellCall, nowMs: number): CallFact {
  const { call_successful, call_summary, ...rest } = call.call_analysis ?? {};
  return {
    ...blankFact(call, 'ANALYZED', { toldAtMs: call.end_timestamp, nowMs, says: [call_successful, call_summary] }),
    successful: call_successful ?? null,
    details: whatIsSet({ summary: call_summary, ...rest }),
  };
}

function wasAnswered(call: RetellCall): boolean {
  const { call_status: status, start_timestamp: startedAtMs, disconnection_reason: reason } = call;
  if (typeof startedAtMs !== 'number' || status === 'not_connected' || deferralOfReason(reason)) return false;
  return status !== 'registered' || hasEnded(call);
}

/** `toldAtMs`: as Retell tells it, when it does; `nowMs` stands in for it, and says nothing about the call. */
type Told = { toldAtMs: number | null | undefined; nowMs: number; says?: readonly unknown[] };

function blankFact(call: RetellCall, kind: CallFact['kind'], { toldAtMs, nowMs, says = [] }: Told): CallFact {
  return {
    eventKey: factKey(call.call_id, kind, [toldAtMs, ...says]),
    kind,
    callId: call.call_id,
    reference: referenceOf(call),
    occurredAt: new Date(toldAtMs ?? nowMs),
    outcome: null,
    endReason: null,
    durationMs: null,
    successful: null,
    details: {},
  };
}

function whatIsSet(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined && value !== null));
}
