import { ALLOWED_WHEN, BATCH_ACTIONS, isAllowed, isTerminal } from './status.js';
import type { BatchAction, BatchKind, BatchStatus } from './status.js';

export const WHY_NOT_CODES = [
  'wrong_status',
  'test_call',
  'batch_incomplete',
  'zones_outstanding',
  'nothing_to_retry',
] as const;
type WhyNotCode = (typeof WHY_NOT_CODES)[number];

/** Whether an action is possible, why not, and how many recipients it would touch: at most so many; null: it is not about them. */
export type ActionState = {
  allowed: boolean;
  whyNot: { code: WhyNotCode; message: string } | null;
  count: number | null;
};

/** A batch as far as its actions depend on it; recipients by the status that is shown. */
export type BatchAtHand = {
  status: BatchStatus;
  kind: BatchKind;
  /** What it lacks to be submitted (`missingFields`). */
  missing: readonly string[];
  zonesOutstanding: boolean;
  recipients: Record<'total' | 'PENDING' | 'QUEUED' | 'NO_ANSWER' | 'FAILED' | 'CANCELLED' | 'UNCERTAIN', number>;
};

/** The beginning of "… when it is PAUSED." */
const CAN: Record<BatchAction, string> = {
  edit: 'It can be changed',
  addRecipients: 'Recipients can be added',
  removeRecipients: 'Recipients can be removed',
  editRecipients: 'Recipients can be changed',
  settleUncertain: 'Uncertain attempts can be decided',
  submit: 'It can be submitted',
  pause: 'It can be paused',
  resume: 'It can be resumed',
  cancel: 'It can be cancelled',
  retry: 'It can be retried',
  rename: 'It can be renamed',
  duplicate: 'It can be duplicated',
  delete: 'It can be deleted',
};
const TEST_CALL = 'A test call is one call, as it was asked for: this would make another one of it.';

/**
 * Of every action whether it is possible, as far as the batch and its counters tell; what else a submit or a retry needs (a
 * number and an agent that are enabled, an end ahead) they say themselves.
 */
export function actionStates(batch: BatchAtHand): Record<BatchAction, ActionState> {
  const states = BATCH_ACTIONS.map((action) => {
    const whyNot = whyNotOf(action, batch);
    return [action, { allowed: whyNot === null, whyNot, count: whyNot ? 0 : countOf(action, batch) }];
  });
  return Object.fromEntries(states) as Record<BatchAction, ActionState>;
}

function whyNotOf(action: BatchAction, batch: BatchAtHand): ActionState['whyNot'] {
  const { status, kind } = batch;
  if (!isAllowed(action, status)) {
    const when = ALLOWED_WHEN[action].join(', ').replace(/, (\w+)$/, ' or $1');
    return {
      code: 'wrong_status',
      message: `The batch is ${status}. ${CAN[action]} when it is ${when}.`,
    };
  }
  if (!isAllowed(action, status, kind)) return { code: 'test_call', message: TEST_CALL };
  if (action === 'submit' && batch.missing.length > 0)
    return { code: 'batch_incomplete', message: `The batch lacks: ${batch.missing.join(', ')}.` };
  if (action === 'submit' && batch.zonesOutstanding)
    return {
      code: 'zones_outstanding',
      message: 'Whose clock counts was changed, and the time zones of the recipients are being derived.',
    };
  if (action === 'retry' && retryable(batch) === 0)
    return { code: 'nothing_to_retry', message: 'No recipient failed or went unanswered.' };
  return null;
}

function countOf(action: BatchAction, batch: BatchAtHand): number | null {
  const waiting = batch.recipients.PENDING + batch.recipients.QUEUED;
  switch (action) {
    case 'edit':
    case 'addRecipients':
    case 'rename':
      return null;
    case 'duplicate':
      return batch.recipients.total;
    case 'removeRecipients':
    case 'editRecipients':
    case 'submit':
    case 'pause':
    case 'resume':
    case 'cancel':
      return waiting;
    case 'delete':
      return batch.status === 'DRAFT' || isTerminal(batch.status) ? 0 : waiting;
    case 'settleUncertain':
      return batch.recipients.UNCERTAIN;
    case 'retry':
      return retryable(batch);
  }
}

/** Those of an invalid number, whose time has passed or who were removed are among them, and are not called again (`may_be_retried`). */
function retryable({ status, recipients }: BatchAtHand): number {
  return recipients.NO_ANSWER + recipients.FAILED + (status === 'COMPLETED' ? 0 : recipients.CANCELLED);
}
