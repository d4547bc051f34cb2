import type { AttemptState } from '../domain/attempt-state.js';
import type { Outcome } from '../domain/outcomes.js';
import { inTransaction, type Database } from './database.js';
import { markCommand, readMark } from './mark-command.js';

export type Verdict = 'CALLED' | 'NOT_CALLED' | 'GIVE_UP';
export type VerdictResult =
  { result: 'GIVEN' | 'NOT_UNCERTAIN'; state: AttemptState; batchId: string } | { result: 'NOT_FOUND' };

type VerdictRequest = {
  workspaceId: string;
  attemptId: string;
  verdict: Verdict;
  /** With CALLED only. */
  outcome: Outcome | null;
  actor: string;
  /** A command that was carried out already is answered again, and changes nothing. */
  commandId: string | null;
};

/** An operator's word on an attempt that is UNCERTAIN (`give_verdict`); later evidence still outranks it. */
export async function giveVerdict(db: Database, request: VerdictRequest): Promise<VerdictResult> {
  const { workspaceId, attemptId, verdict, outcome, actor, commandId } = request;
  if (await readMark(db.pool, commandId)) return readGiven(db, workspaceId, attemptId);
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query(
      'SELECT result, state, batch_id AS "batchId" FROM give_verdict($1, $2, $3, $4, $5)',
      [workspaceId, attemptId, verdict, outcome, actor],
    );
    const answer: VerdictResult = rows[0];
    if (answer.result === 'GIVEN') await markCommand(tx, { batchId: answer.batchId, commandId });
    return answer;
  });
}

async function readGiven(db: Database, workspaceId: string, attemptId: string): Promise<VerdictResult> {
  const { rows } = await db.pool.query(
    `SELECT 'GIVEN' AS result, state, batch_id AS "batchId" FROM attempts WHERE id = $2 AND workspace_id = $1`,
    [workspaceId, attemptId],
  );
  return rows[0] ?? { result: 'NOT_FOUND' };
}
