import type { CallFact } from '../../domain/calls/call-fact.js';
import { outcomeOfEndReason } from './end-reasons.js';
import type { CallObject } from './wire.js';

/** Everything a call object says: none while it rings. A webhook and a look-up that tell the same make the same facts with the same keys. */
export function factsOfCall(call: CallObject): CallFact[] {
  return [startedFact(call), endedFact(call), analyzedFact(call)].filter((fact) => fact !== null);
}

export function startedFact(call: CallObject): CallFact | null {
  if (call.started_at === undefined) return null;
  return { ...blankFact(call, 'started', call.started_at), kind: 'STARTED' };
}

export function endedFact(call: CallObject): CallFact | null {
  if (call.ended_at === undefined) return null;
  return {
    ...blankFact(call, 'ended', call.ended_at),
    kind: 'ENDED',
    outcome: outcomeOfEndReason(call.end_reason),
    endReason: call.end_reason ?? null,
    durationMs: call.duration_ms === undefined ? null : Math.round(call.duration_ms),
    details: call.transcript === undefined ? {} : { transcript: call.transcript },
  };
}

export function analyzedFact(call: CallObject): CallFact | null {
  if (call.analyzed_at === undefined) return null;
  const { successful = null, summary } = call.analysis ?? {};
  return {
    ...blankFact(call, 'analyzed', call.analyzed_at),
    kind: 'ANALYZED',
    successful,
    details: summary === undefined ? {} : { summary },
  };
}

function blankFact(
  call: CallObject,
  name: 'started' | 'ended' | 'analyzed',
  occurredAtMs: number,
): Omit<CallFact, 'kind'> {
  return {
    eventKey: `${call.call_id}:${name}`,
    callId: call.call_id,
    reference: call.reference ?? null,
    occurredAt: new Date(occurredAtMs),
    outcome: null,
    endReason: null,
    durationMs: null,
    successful: null,
    details: {},
  };
}
