import { checkJsonRecipient } from '../../domain/recipients/json-recipient.js';
import type { PhoneReading } from '../../domain/recipients/suppression-rows.js';
import { countryOf } from '../../domain/recipients/phone.js';
import type { RecipientDraft, RecipientOptions } from '../../domain/recipients/recipient-row.js';
import type { Database } from '../../store/database.js';
import { findActiveAgentIds } from '../../store/settings/find-caller.js';
import { ApiError, type FieldError } from '../http/errors.js';

/** What a batch decides of the rules for its recipients. */
type CheckedBy = {
  hoursIn: 'batch' | 'recipient';
  providerAccountId: string;
  fromNumberPhone: string;
  allowCostlyNumbers: boolean;
};

/** The rules for the recipients of a batch, however they come. */
export async function readRecipientOptions(
  db: Database,
  { hoursIn, providerAccountId, fromNumberPhone, allowCostlyNumbers }: CheckedBy,
  reading: PhoneReading,
): Promise<RecipientOptions> {
  const countries = [reading.defaultCountry, countryOf(fromNumberPhone)].filter((country) => country != null);
  return {
    hoursIn,
    allowCostlyNumbers,
    ...reading,
    knownAgentIds: await findActiveAgentIds(db.pool, providerAccountId),
    dialledFrom: { providerAccountId, countries: [...new Set(countries)] },
  };
}

/** The recipients of a request, all of them or none. @throws ApiError with every mistake, by `recipients[3].phoneNumber` */
export async function checkRecipients(
  db: Database,
  values: readonly unknown[],
  { batch, reading }: { batch: CheckedBy; reading: PhoneReading },
): Promise<RecipientDraft[]> {
  if (values.length === 0) return [];
  const options = await readRecipientOptions(db, batch, reading);
  const recipients: RecipientDraft[] = [];
  const errors: FieldError[] = [];
  for (const [index, value] of values.entries()) {
    const checked = checkJsonRecipient(value, options);
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
