import type { Actor } from '../../domain/people/actor.js';
import type { AttemptState } from '../../domain/calls/attempt-state.js';
import type { Outcome } from '../../domain/calls/outcomes.js';
import type { Verdict } from '../../domain/calls/verdict.js';
import type { Queryable } from '../database.js';

export type VerdictResult =
  { result: 'GIVEN' | 'NOT_UNCERTAIN'; state: AttemptState; batchId: string } | { result: 'NOT_FOUND' };

type VerdictRequest = {
  workspaceId: string;
  attemptId: string;
  verdict: Verdict;
  /** With CALLED only. */
  outcome: Outcome | null;
  actor: Actor;
  /** A command that was carried out already is answered again, and changes nothing. */
  commandId: string | null;
};

/** An operator's word on an attempt that is UNCERTAIN (`give_verdict`); later evidence still outranks it. */
export async function giveVerdict(db: Queryable, request: VerdictRequest): Promise<VerdictResult> {
  const { workspaceId, attemptId, verdict, outcome, actor, commandId } = request;
  const { rows } = await db.query(
    'SELECT result, state, batch_id AS "batchId" FROM give_verdict($1, $2, $3, $4, $5, $6)',
    [workspaceId, attemptId, verdict, outcome, JSON.stringify(actor), commandId],
  );
  return rows[0];
}
