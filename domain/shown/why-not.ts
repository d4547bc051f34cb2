import type { ActionState } from '../batches/action-states.js';
import { ALLOWED_WHEN, type BatchAction, type BatchStatus } from '../batches/status.js';
import { BATCH_SHOWN } from './statuses.js';

/** Why an action is not possible now, in the words of a page; null: it is. */
export function whyNotShown(
  action: BatchAction,
  status: BatchStatus,
  { whyNot }: Pick<ActionState, 'whyNot'>,
): string | null {
  if (whyNot?.code !== 'wrong_status') return whyNot?.message ?? null;
  const labels = ALLOWED_WHEN[action].map((each) => BATCH_SHOWN[each].label.toLowerCase());
  const when = labels.join(', ').replace(/, ([^,]+)$/, ' or $1');
  return `The batch is ${BATCH_SHOWN[status].label.toLowerCase()}. That is possible while it is ${when}.`;
}
