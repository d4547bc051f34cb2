import { zoneSetOf, type BatchHoursSpec } from '../../domain/hours/batch-hours.js';
import { BATCH_ZONE_SET } from '../../domain/hours/zone-sets.js';
import { checkJsonRecipient } from '../../domain/recipients/json-recipient.js';
import type { PhoneReading } from '../../domain/recipients/suppression-rows.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import type { Database } from '../../store/database.js';
import { readRecipientOptions, type CheckedBy } from '../../store/recipients/read-recipient-options.js';
import { createPause } from '../../platform/pause.js';
import { ApiError, type FieldError } from '../http/errors.js';
import { FIELD_ERRORS_MAX } from '../http/problem.js';

/**
 * The recipients of a request, all of them or none. Other requests are served in between, and nothing is checked any more once there are more
 * mistakes than an answer tells. @throws ApiError with the mistakes, by `recipients[3].phoneNumber`
 */
export async function checkRecipients(
  db: Database,
  values: readonly unknown[],
  { batch, reading }: { batch: CheckedBy; reading: PhoneReading },
): Promise<RecipientDraft[]> {
  if (values.length === 0) return [];
  const options = await readRecipientOptions(db, batch, reading);
  const pause = createPause();
  const recipients: RecipientDraft[] = [];
  const errors: FieldError[] = [];
  for (const [index, value] of values.entries()) {
    const checked = checkJsonRecipient(value, options);
    if (checked.ok) recipients.push(checked.recipient);
    else errors.push(...checked.errors.map((error) => ({ ...error, field: fieldOf(index, error.field) })));
    if (errors.length > FIELD_ERRORS_MAX) break;
    await pause();
  }
  const [first] = errors;
  if (!first) return recipients;
  throw new ApiError(
    'validation_failed',
    `${countOf(errors, 'mistake')} in the recipients, the first in ${first.field}: ${first.message}. Nobody was added.`,
    { errors },
  );
}

/** The zone sets in which recipients are called, and the batch's own. */
export async function zoneSetsOf(recipients: readonly RecipientDraft[], hours: BatchHoursSpec): Promise<string[]> {
  const pause = createPause();
  const zoneSets = new Set([BATCH_ZONE_SET]);
  for (const recipient of recipients) {
    zoneSets.add(zoneSetOf(recipient, hours));
    await pause();
  }
  return [...zoneSets];
}

/** How many mistakes were found, in words: it is not known how many more there are once they were too many. */
export function countOf({ length }: readonly FieldError[], what: string): string {
  if (length > FIELD_ERRORS_MAX) return `More than ${FIELD_ERRORS_MAX} ${what}s`;
  return `${length} ${what}${length === 1 ? '' : 's'}`;
}

function fieldOf(index: number, field: string): string {
  return field === 'row' ? `recipients[${index}]` : `recipients[${index}].${field}`;
}
