import type { BatchRow } from '../../store/batches/read-batches.js';
import type { RecipientRow } from '../../store/recipients/read-recipients.js';
import { toRecipientView } from '../views/recipient-view.js';
import { requireHolidays } from './require-holidays.js';

/** A recipient as it is shown. When it may be called may lie far ahead, in a year whose holidays are not known yet. */
export async function showRecipient(batch: BatchRow, row: RecipientRow): Promise<ReturnType<typeof toRecipientView>> {
  if (row.isBeyondOpenings && row.dueAt) await requireHolidays(batch.holidays, row.dueAt.getTime());
  return toRecipientView(batch, row);
}
