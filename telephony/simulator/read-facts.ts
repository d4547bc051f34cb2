import type { CallFact } from '../../domain/calls/call-fact.js';
import { factKey } from '../fact-key.js';
import { outcomeOfEndReason } from './end-reasons.js';
import type { CallObject } from './wire.js';

/** Everything a call object says: none while it rings. A webhook and a look-up that tell the same make the same facts with the same keys. */
export function factsOfCall(call: CallObject): CallFact[] {
  return [startedFact(call), endedFact(call), analyzedFact(call)].filter((fact) => fact !== null);
}

export function startedFact(call: CallObject): CallFact | null {
  if (call.started_at === undefined) return null;
  return blankFact(call, 'STARTED', { occurredAtMs: call.started_at });
}

export function endedFact(call: CallObject): CallFact | null {
  if (call.ended_at === undefined) return null;
  const { ended_at: occurredAtMs, end_reason: reason, duration_ms: durationMs } = call;
  const outcome = outcomeOfEndReason(reason);
  return {
    ...blankFact(call, 'ENDED', { occurredAtMs, says: [outcome, reason, durationMs] }),
    outcome,
    endReason: reason ?? null,
    durationMs: durationMs === undefined ? null : Math.round(durationMs),
    details: {
      ...(call.transcript !== undefined && { transcript: call.transcript }),
      ...(call.recording_url !== undefined && { recording_url: call.recording_url }),
    },
  };
}

export function analyzedFact(call: CallObject): CallFact | null {
  if (call.analyzed_at === undefined) return null;
  const { successful = null, summary } = call.analysis ?? {};
  return {
    ...blankFact(call, 'ANALYZED', { occurredAtMs: call.analyzed_at, says: [successful, summary] }),
    successful,
    details: summary === undefined ? {} : { summary },
  };
}

type Told = { occurredAtMs: number; says?: readonly unknown[] };

function blankFact(call: CallObject, kind: CallFact['kind'], { occurredAtMs, says = [] }: Told): CallFact {
  return {
    eventKey: factKey(call.call_id, kind, [occurredAtMs, ...says]),
    kind,
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
