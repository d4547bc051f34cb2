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

const UNSETTLED: readonly RecipientState[] = ['WAITING', 'IN_PROGRESS'];

/** A settled recipient is terminal: nothing more happens to it unless its batch is retried or evidence of a call appears. */
export function isSettled(state: RecipientState): boolean {
  return !UNSETTLED.includes(state);
}
