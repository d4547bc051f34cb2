import type { ClaimedCall, LaneClaim } from '../store/claims/claim-calls.js';

/** A lane that waits in this process. */
export type WaitingLane = LaneClaim & { workspaceId: string; waitMaxMs: number; cancelled: AbortSignal };

/** The end of a lane's wait. `sendBeforeMs` is on the clock of `performance.now()`: the dial budget counts from before the claim. */
export type LaneOutcome =
  | { is: 'claimed'; call: ClaimedCall; couldStart: number; sendBeforeMs: number }
  | { is: 'repeated'; attempt: { id: string; state: string; phone: string } }
  | { is: 'idle'; reason: string };
