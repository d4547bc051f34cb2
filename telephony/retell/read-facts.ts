import type { CallFact } from '../../domain/calls/call-fact.js';
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
  return { ...blankFact(call, 'started', call.start_timestamp ?? nowMs), kind: 'STARTED' };
}

/** A call that ends before it connects may have no time of its end. */
function endedFact(call: RetellCall, nowMs: number): CallFact {
  const { disconnection_reason: reason, transcript, recording_url, public_log_url, transfer_destination } = call;
  return {
    ...blankFact(call, 'ended', call.end_timestamp ?? nowMs),
    kind: 'ENDED',
    outcome: outcomeOfReason(reason, { wasAnswered: wasAnswered(call) }),
    deferral: deferralOfReason(reason),
    endReason: reason ?? null,
    durationMs: typeof call.duration_ms === 'number' ? Math.round(call.duration_ms) : null,
    details: whatIsSet({ transcript, recording_url, public_log_url, transfer_destination, call_cost: call.call_cost }),
  };
}

/** Retell does not say when it analyzed a call: the end stands for it, so that every teller gives the same time. */
function analyzedFact(call: RetellCall, nowMs: number): CallFact {
  const { call_successful, call_summary, ...rest } = call.call_analysis ?? {};
  return {
    ...blankFact(call, 'analyzed', call.end_timestamp ?? nowMs),
    kind: 'ANALYZED',
    successful: call_successful ?? null,
    details: whatIsSet({ summary: call_summary, ...rest }),
  };
}

function wasAnswered(call: RetellCall): boolean {
  const { call_status: status, start_timestamp: startedAtMs, disconnection_reason: reason } = call;
  if (typeof startedAtMs !== 'number' || status === 'not_connected' || deferralOfReason(reason)) return false;
  return status !== 'registered' || hasEnded(call);
}

function blankFact(
  call: RetellCall,
  name: 'started' | 'ended' | 'analyzed',
  occurredAtMs: number,
): Omit<CallFact, 'kind'> {
  return {
    eventKey: `${call.call_id}:${name}`,
    callId: call.call_id,
    reference: referenceOf(call),
    occurredAt: new Date(occurredAtMs),
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
