import type { AttemptState } from '../../domain/calls/attempt-state.js';
import { ANSWER_TIMEOUT, type Queryable } from '../database.js';

export type UnsettledAttempt = {
  attemptId: string;
  providerAccountId: string;
  workspaceId: string;
  /** Of the account. */
  providerKind: string;
  state: AttemptState;
  /** The provider's id of a live call that is to be hung up. */
  hangUpCallId: string | null;
  /** The account's now: an absence counts only when the one who is asked has this identity. */
  identityVersion: number;
};

/** How many of one account are taken at most; `except` has another number for an account or a workspace, by its id. */
export type Rooms = { each: number; except: Record<string, number> };

/**
 * Takes attempts whose fate is open and whose time to be looked at has come, some of each account; two settlers never take
 * the same one. What can be settled without the provider is settled first, whatever there is room for.
 */
export async function takeUnsettled(
  db: Queryable,
  limit: number,
  nextLookMs: number,
  rooms: Rooms = { each: limit, except: {} },
): Promise<UnsettledAttempt[]> {
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    text: `SELECT attempt_id AS "attemptId", provider_account_id AS "providerAccountId", workspace_id AS "workspaceId",
       provider_kind AS "providerKind", state, hang_up_call_id AS "hangUpCallId", identity_version AS "identityVersion" FROM take_unsettled($1, make_interval(secs => $2), $3, $4)`,
    values: [limit, nextLookMs / 1000, rooms.each, JSON.stringify(rooms.except)],
  });
  return rows;
}

/**
 * The provider, which keeps a history and was asked with the identity that `takeUnsettled` gave, does not know the
 * attempt. @returns the attempt's state afterwards.
 */
export async function noteAbsent(
  db: Queryable,
  attemptId: string,
  settleDelayMs: number,
  confirmDelayMs: number,
): Promise<AttemptState> {
  const { rows } = await db.query({
    ...ANSWER_TIMEOUT,
    text: 'SELECT note_absent($1, make_interval(secs => $2), make_interval(secs => $3)) AS state',
    values: [attemptId, settleDelayMs / 1000, confirmDelayMs / 1000],
  });
  return rows[0].state;
}

/**
 * Brings the next look at attempts forward that could not be asked about; never moves one back. Passes over those that
 * somebody is just writing.
 */
export async function lookAgain(db: Queryable, attemptIds: readonly string[], inMs: number): Promise<void> {
  await db.query({
    ...ANSWER_TIMEOUT,
    text: `WITH t AS MATERIALIZED (SELECT dialwright_now() + make_interval(secs => $2) AS look_at),
       asked AS (SELECT a.id FROM attempts a, t WHERE a.id = ANY ($1) AND a.settle_at > t.look_at FOR NO KEY UPDATE OF a SKIP LOCKED)
     UPDATE attempts a SET settle_at = t.look_at FROM asked, t WHERE a.id = asked.id AND a.settle_at > t.look_at`,
    values: [attemptIds, inMs / 1000],
  });
}

/** Matches facts that were committed together with the answer that tells whose they are. @returns how many. */
export async function matchStrays(db: Queryable): Promise<number> {
  const { rows } = await db.query({ ...ANSWER_TIMEOUT, text: 'SELECT match_strays() AS matched' });
  return rows[0].matched;
}
