import { randomUUID } from 'node:crypto';
import { publicId } from '../../../domain/ids.js';
import type { CallFact } from '../../../domain/calls/call-fact.js';

/** That a call has ended, answered, as a provider tells it; without an attempt, under the provider's call id alone. */
export const fact = (attemptId: string | null, overrides: Partial<CallFact> = {}): CallFact => ({
  eventKey: randomUUID(),
  kind: 'ENDED',
  callId: 'call-1',
  reference: attemptId && publicId('attempt', attemptId),
  occurredAt: new Date(),
  outcome: 'ANSWERED',
  endReason: 'user_hangup',
  durationMs: 12_000,
  successful: null,
  details: {},
  ...overrides,
});

export const started = (attemptId: string | null): CallFact =>
  fact(attemptId, { kind: 'STARTED', outcome: null, endReason: null, durationMs: null });
