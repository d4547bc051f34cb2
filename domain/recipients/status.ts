import type { BatchStatus } from '../batches/status.js';
import { reasonOf } from '../reasons.js';

/** What the database stores: every recipient is always in exactly one of these. */
export const RECIPIENT_STATES = [
  'WAITING',
  'IN_PROGRESS',
  'COMPLETED',
  'NO_ANSWER',
  'FAILED',
  'CANCELLED',
  'SUPPRESSED',
  'UNCERTAIN',
] as const;
export type RecipientState = (typeof RECIPIENT_STATES)[number];

/** What people see: WAITING is shown as QUEUED (could be called now, waits for a slot) or PENDING (waits for something else). */
export const RECIPIENT_STATUSES = [
  'PENDING',
  'QUEUED',
  'IN_PROGRESS',
  'COMPLETED',
  'NO_ANSWER',
  'FAILED',
  'CANCELLED',
  'SUPPRESSED',
  'UNCERTAIN',
] as const;
export type RecipientStatus = (typeof RECIPIENT_STATUSES)[number];

/** How the waiting recipients of a batch are shown: all alike, or each by whether it could be called now. */
export type WaitingMeans = 'CANCELLED' | 'PENDING' | 'PENDING_OR_QUEUED';

/**
 * Nobody waits in a cancelled or failed batch, whether or not the rows have followed. `reason`: why the next call of the
 * batch cannot start.
 */
export function waitingMeans({ status, reason }: { status: BatchStatus; reason: string | null }): WaitingMeans {
  if (status === 'CANCELLED' || status === 'FAILED') return 'CANCELLED';
  return status === 'RUNNING' && !reasonOf(reason ?? '')?.stopsEverybody ? 'PENDING_OR_QUEUED' : 'PENDING';
}

/**
 * The status that people see. `isRetrying`: its batch was retried and it is about to be put back; `isDue`: its time has
 * come, and it is inside its hours.
 */
export function shownStatus(
  means: WaitingMeans,
  { state, isRetrying, isDue }: { state: RecipientState; isRetrying: boolean; isDue: boolean },
): RecipientStatus {
  if (isRetrying) return 'PENDING';
  if (state !== 'WAITING') return state;
  return means === 'PENDING_OR_QUEUED' ? (isDue ? 'QUEUED' : 'PENDING') : means;
}

/** Errors of the batch and not of the recipient: a batch retry takes them away (do_chunk_work). */
const ERRORS_OF_BATCH: readonly (string | null)[] = ['BATCH_ENDED', 'NEVER_OPEN'];

/** The error that people see. One that is about to be put back has none of its batch's errors any more. */
export function shownError({
  lastError,
  isRetrying,
}: {
  lastError: string | null;
  isRetrying: boolean;
}): string | null {
  return isRetrying && ERRORS_OF_BATCH.includes(lastError) ? null : lastError;
}
