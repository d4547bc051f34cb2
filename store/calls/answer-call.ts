import type { Deferral } from '../../domain/calls/call-fact.js';
import type { Outcome } from '../../domain/calls/outcomes.js';
import { ANSWER_TIMEOUT, type Queryable } from '../database.js';

export type AcceptedCall = { attemptId: string; callId: string };

/**
 * The provider has these calls. Safe to repeat. With `givesWay` it fails after half a second when somebody holds one of
 * their rows. Returns each attempt's state afterwards: ENDED when its end came first.
 */
export async function acceptCalls(
  db: Queryable,
  calls: readonly AcceptedCall[],
  { givesWay = false } = {},
): Promise<string[]> {
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    name: 'accept_calls',
    text: 'SELECT accept_calls($1, $2, $3) AS states',
    values: [calls.map(({ attemptId }) => attemptId), calls.map(({ callId }) => callId), givesWay],
  });
  return rows[0].states;
}

type Refusal = { attemptId: string; dialToken: string; outcome: Outcome; endReason: string };

/** The provider proved that there is no call. @returns false when the attempt is no longer ours to end. */
export async function refuseCall(db: Queryable, refusal: Refusal): Promise<boolean> {
  const values = [refusal.attemptId, refusal.dialToken, refusal.outcome, refusal.endReason];
  const { rows } = await db.query({ ...ANSWER_TIMEOUT, text: 'SELECT refuse_call($1, $2, $3, $4) AS ended', values });
  return rows[0].ended;
}

type DeferredCall = {
  attemptId: string;
  dialToken: string;
  deferral: Deferral;
  endReason: string;
  retryAfterMs: number | null;
};

/**
 * The provider takes no calls now: no attempt is spent and the recipient waits. `capacity` backs the from-number off, the
 * others pause the batch. @returns false when the attempt is no longer ours.
 */
export async function deferCall(db: Queryable, deferral: DeferredCall): Promise<boolean> {
  const { attemptId, dialToken, endReason, retryAfterMs } = deferral;
  const values = [attemptId, dialToken, deferral.deferral, endReason, (retryAfterMs ?? 0) / 1000];
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    text: 'SELECT defer_call($1, $2, $3, $4, make_interval(secs => $5)) AS deferred',
    values,
  });
  return rows[0].deferred;
}

/** Nobody knows whether there is a call: the settler will ask. @returns false when the attempt has moved on already. */
export async function doubtCall(db: Queryable, attemptId: string, dialToken: string, why: string): Promise<boolean> {
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    text: 'SELECT doubt_call($1, $2, $3) AS doubted',
    values: [attemptId, dialToken, why],
  });
  return rows[0].doubted;
}

type Release = {
  workspaceId: string;
  claimKey: string;
  dialToken: string;
  why: string;
  /** This installation was too slow: its batch waits, and is never paused for it. */
  isOwnDelay?: boolean | undefined;
};

/**
 * Nothing was sent: the slot is free and the recipient waits again. Runs after a claim whose fate is unknown.
 * @returns whether there was an attempt to release.
 */
export async function releaseCall(db: Queryable, release: Release): Promise<boolean> {
  const values = [release.workspaceId, release.claimKey, release.dialToken, release.why, release.isOwnDelay ?? false];
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    text: 'SELECT release_call($1, $2, $3, $4, $5) AS released',
    values,
  });
  return rows[0].released;
}
