import { checkJsonRecipient } from '../../domain/recipients/json-recipient.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import type { Database } from '../../store/database.js';
import { findActiveAgentIds } from '../../store/settings/find-caller.js';
import { ApiError, type FieldError } from '../http/errors.js';

/** The recipients of a request, all of them or none. @throws ApiError with every mistake, by `recipients[3].phoneNumber` */
export async function checkRecipients(
  db: Database,
  values: readonly unknown[],
  batch: { hoursIn: 'batch' | 'recipient'; providerAccountId: string },
): Promise<RecipientDraft[]> {
  if (values.length === 0) return [];
  const knownAgentIds = await findActiveAgentIds(db.pool, batch.providerAccountId);
  const recipients: RecipientDraft[] = [];
  const errors: FieldError[] = [];
  for (const [index, value] of values.entries()) {
    const checked = checkJsonRecipient(value, { hoursIn: batch.hoursIn, knownAgentIds });
    if (checked.ok) recipients.push(checked.recipient);
    else
      errors.push(
        ...checked.errors.map((error) => ({
          ...error,
          field: error.field === 'row' ? `recipients[${index}]` : `recipients[${index}].${error.field}`,
        })),
      );
  }
  const [first] = errors;
  if (!first) return recipients;
  throw new ApiError(
    'validation_failed',
    `${errors.length} mistake${errors.length === 1 ? '' : 's'} in the recipients, the first in ${first.field}: ${first.message}. Nobody was added.`,
    { errors },
  );
}
