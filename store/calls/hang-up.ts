import type { Actor } from '../../domain/people/actor.js';
import type { AttemptState } from '../../domain/calls/attempt-state.js';
import type { Queryable } from '../database.js';

export type HangUpResult = { result: 'REQUESTED' | 'NOT_LIVE'; state: AttemptState } | { result: 'NOT_FOUND' };

/** Asks for a live call to be ended (`request_hang_up`); the settler does it within a second. Safe to repeat. */
export async function requestHangUp(
  db: Queryable,
  request: { workspaceId: string; attemptId: string; actor: Actor },
): Promise<HangUpResult> {
  const { rows } = await db.query('SELECT result, state FROM request_hang_up($1, $2, $3)', [
    request.workspaceId,
    request.attemptId,
    JSON.stringify(request.actor),
  ]);
  return rows[0];
}
