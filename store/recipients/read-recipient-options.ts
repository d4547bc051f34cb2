import type { RecipientOptions } from '../../domain/recipients/recipient-row.js';
import type { PhoneReading } from '../../domain/recipients/suppression-rows.js';
import { countryOf } from '../../domain/recipients/phone.js';
import type { Database } from '../database.js';
import { findActiveAgentIds } from '../settings/find-caller.js';

/** What a batch decides of the rules for its recipients. */
export type CheckedBy = {
  hoursIn: 'batch' | 'recipient';
  /** Null in a draft without a from-number. */
  providerAccountId: string | null;
  fromNumberPhone: string | null;
  allowCostlyNumbers: boolean;
};

/** The rules for the recipients of a batch, however they come. */
export async function readRecipientOptions(
  db: Database,
  { hoursIn, providerAccountId, fromNumberPhone, allowCostlyNumbers }: CheckedBy,
  reading: PhoneReading,
): Promise<RecipientOptions> {
  const rules = { hoursIn, allowCostlyNumbers, ...reading };
  if (providerAccountId === null || fromNumberPhone === null) return { ...rules, callerUnknown: true };
  const countries = [reading.defaultCountry, countryOf(fromNumberPhone)].filter((country) => country != null);
  return {
    ...rules,
    knownAgentIds: await findActiveAgentIds(db, providerAccountId),
    dialledFrom: { providerAccountId, countries: [...new Set(countries)] },
  };
}
