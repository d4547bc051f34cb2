import type { RecipientOptions } from '../../domain/recipients/recipient-row.js';
import type { PhoneReading } from '../../domain/recipients/suppression-rows.js';
import { countryOf } from '../../domain/recipients/phone.js';
import type { Database } from '../database.js';
import { findActiveAgentIds } from '../settings/find-caller.js';

/** What a batch decides of the rules for its recipients. */
export type CheckedBy = {
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
    knownAgentIds: await findActiveAgentIds(db, providerAccountId),
    dialledFrom: { providerAccountId, countries: [...new Set(countries)] },
  };
}
