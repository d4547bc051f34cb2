import type { Actor } from '../../domain/people/actor.js';
import type { BatchStatus } from '../../domain/batches/status.js';
import type { OpenedBreaker } from '../../domain/batches/circuit-breakers.js';
import type { PlannedFor, PlannedOpenings } from '../../domain/hours/batch-hours.js';
import type { BatchSettings } from '../../domain/batches/settings.js';
import type { Queryable } from '../database.js';

/** Actions that people ask for, and those that the run and the sweeper take by themselves. */
export type BatchChange =
  | 'submit'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'retry'
  | 'rename'
  | 'edit'
  | 'delete'
  | 'restore'
  | 'start'
  | 'finish'
  | 'fail';

export type ChangeProblem =
  | 'NO_RECIPIENTS'
  | 'NO_WINDOW'
  | 'INCOMPLETE'
  | 'ZONES_OUTSTANDING'
  | 'NUMBER_UNUSABLE'
  | 'AGENT_UNUSABLE'
  | 'UPLOADS_OPEN'
  | 'END_PASSED'
  | 'NOTHING_TO_RETRY'
  | 'TOO_EARLY'
  | 'UNSETTLED'
  | 'HAS_RECIPIENTS'
  | 'NOT_DELETED'
  | 'RESTORE_TOO_LATE'
  | 'VERSION_CONFLICT'
  | 'READ_AGAIN';
export type ChangeResult = {
  result: 'CHANGED' | 'REPEATED' | 'NOT_FOUND' | 'NOT_ALLOWED' | 'HOURS_CHANGED' | ChangeProblem;
  status: BatchStatus;
  version: number;
};

/** Settings, and what is said with the change. */
export type BatchPatch = Partial<BatchSettings> &
  Partial<{
    /** With a submit: open imports that are discarded. Only by `submitAndDiscard`, which deletes their rows. */
    discardImports: readonly string[];
    statusReason: string;
    runHandled: string;
    /** With a cancel: live calls are hung up. */
    hangUp: boolean;
    /** With a restore: for how long after its delete a batch may come back, as PostgreSQL reads it. */
    restorableFor: string;
    /** With a retry: the job that says who is called again (`begin_job`). */
    byJob: string;
    /** The circuit breaker that opened: with a pause, which is recorded as its opening. */
    breaker: OpenedBreaker;
    /** VERSION_CONFLICT when the batch has another by now. */
    expectedVersion: number;
    /** The version from which the patch was made: READ_AGAIN, and nothing else, when the batch has another by now. */
    readVersion: number;
  }>;

export type ChangeRequest = {
  workspaceId: string;
  batchId: string;
  action: BatchChange;
  /** The statuses from which it is allowed: domain/batches/status.ts. */
  from: readonly BatchStatus[];
  /** An API key's id, 'temporal' for a signal made by hand, or 'dialwright'. */
  actor: Actor;
  /** A command that was seen already changes nothing. */
  commandId: string | null;
  patch?: BatchPatch;
  /** The openings that follow from the hours: written in the same commit, if these still are what they were planned for. */
  openings?: PlannedOpenings & PlannedFor;
};

/**
 * The only way by which a batch's status changes (`change_batch`). Once it has answered a change that forbids dialling,
 * no further attempt becomes DIALING: it holds the lock that every claim takes.
 */
export async function changeBatch(db: Queryable, request: ChangeRequest): Promise<ChangeResult> {
  const { rows } = await db.query('SELECT * FROM change_batch($1, $2, $3)', valuesOf(request));
  return rows[0];
}

/** A change as the arguments of the functions that make one. */
export function valuesOf({ workspaceId, batchId, ...change }: ChangeRequest): unknown[] {
  return [workspaceId, batchId, JSON.stringify(change)];
}
