import type { CallRequest } from '../../domain/calls/call-request.js';
import { ANSWER_TIMEOUT, type Queryable } from '../database.js';

/** One waiting lane: its claim key is unique per activity, its dial token per execution of the activity. */
export type LaneClaim = { batchId: string; generation: number; laneEpoch: number; claimKey: string; dialToken: string };

/** A call that this process, and nobody else, may now place, once. */
export type ClaimedCall = CallRequest & {
  /** The attempt's uuid. */
  id: string;
  dialToken: string;
  providerAccountId: string;
  /** The account's at the claim: only an adapter of this identity may dial. */
  identityVersion: number;
  /** The batch's; larger than the lane's when the lane's run continues as new. */
  laneEpoch: number;
};

export type ClaimAnswer =
  | { verdict: 'CLAIMED'; call: ClaimedCall; couldStart: number }
  /** The claim key has an attempt already: never dial. */
  | { verdict: 'REPEATED'; attempt: { id: string; state: string; phone: string } }
  /** Nothing now, but an event may change that, or the time: wait on. `untilMs` is from now. */
  | { verdict: 'WAIT'; reason: string; couldStart: number; untilMs: number | null }
  /** Nothing to wait for here; `untilMs` from now there might be. */
  | { verdict: 'END'; reason: string; untilMs: number | null };

type ClaimOptions = {
  workspaceId: string;
  process: string;
  dialBudgetMs: number;
  requestTimeoutMs: number;
  /** Of all lanes, so many get a call at most: all of their requests must leave within one dial budget. */
  claimsMax: number;
  /** How long it waits for the workspace at most; then it fails (`isLockBusy`), and nothing is claimed. */
  lockWaitMaxMs?: number;
  lanes: LaneClaim[];
};
type ClaimRow = {
  lane: number;
  verdict: ClaimAnswer['verdict'];
  attempt: unknown;
  reason: string;
  until_ms: string | null;
  could_start: number;
};

/**
 * The claim, the gate and the commit of DIALING, in one SQL function (`claim_calls`, whose comment states the invariant,
 * the lock, the indexes and what happens when two workers race). Answers every lane, in the order given. When it throws,
 * nobody knows whether it was committed: ask `releaseCall` for every lane before doing anything else.
 */
export async function claimCalls(db: Queryable, options: ClaimOptions): Promise<ClaimAnswer[]> {
  const { workspaceId, ...claim } = options;
  const { lanes } = claim;
  const { rows } = await db.query<ClaimRow>({
    ...ANSWER_TIMEOUT,
    name: 'claim_calls',
    text: 'SELECT * FROM claim_calls($1, $2)',
    values: [workspaceId, JSON.stringify(claim)],
  });
  const byLane = new Map(rows.map((row) => [row.lane, row]));
  return lanes.map((lane, index) => {
    const row = byLane.get(index + 1);
    if (!row) throw new Error(`claim_calls gave no answer for lane ${lane.claimKey}`);
    return toAnswer(row);
  });
}

function toAnswer(row: ClaimRow): ClaimAnswer {
  const untilMs = row.until_ms === null ? null : Number(row.until_ms);
  switch (row.verdict) {
    case 'CLAIMED':
      return { verdict: 'CLAIMED', call: row.attempt as ClaimedCall, couldStart: row.could_start };
    case 'REPEATED':
      return { verdict: 'REPEATED', attempt: row.attempt as { id: string; state: string; phone: string } };
    case 'WAIT':
      return { verdict: 'WAIT', reason: row.reason, couldStart: row.could_start, untilMs };
    case 'END':
      return { verdict: 'END', reason: row.reason, untilMs };
  }
}
