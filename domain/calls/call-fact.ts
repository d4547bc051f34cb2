import type { Outcome } from './outcomes.js';

/**
 * Why a call that was accepted, or was to be, was not made: the provider had no capacity left, wants payment, or may not
 * call there. Says nothing about the recipient, who is called again without an attempt being spent.
 */
export type Deferral = 'capacity' | 'payment' | 'permission';

/** One fact about a call, from a webhook or a look-up, in our vocabulary. Facts may come in any order and more than once. */
export type CallFact = {
  /** Unique per provider account: the same fact told twice has the same key. */
  eventKey: string;
  kind: 'STARTED' | 'ENDED' | 'ANALYZED';
  callId: string;
  /** Our attempt's public id, when the provider gives it back. */
  reference: string | null;
  occurredAt: Date;
  /** Set on ENDED. */
  outcome: Outcome | null;
  /** The provider's own word for the end, kept as it is. */
  endReason: string | null;
  /** On an ENDED call that was not made after all. */
  deferral?: Deferral | null;
  /** Talking time of an ENDED call. */
  durationMs: number | null;
  /** The provider's verdict, on ANALYZED. */
  successful: boolean | null;
  /** Transcript, recording and the like; what the provider told and we do not interpret. */
  details: Record<string, unknown>;
};
