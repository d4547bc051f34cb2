import type { RecipientOptions } from '../../domain/recipients/recipient-row.js';
import type { Database } from '../database.js';
import { readRecipientOptions } from '../recipients/read-recipient-options.js';
import type { ReviewRules } from './read-import.js';

/** The rules of an upload, for its rows that are checked again. */
export async function readRowOptions(db: Database, rules: ReviewRules): Promise<RecipientOptions> {
  const { defaultCountry, numbersWithoutPlus, timeZone, doNotCallColumns } = rules;
  const reading = { numbersWithoutPlus, ...(defaultCountry !== null && { defaultCountry }) };
  return {
    ...(await readRecipientOptions(db, rules, reading)),
    localTimeZone: timeZone ?? undefined,
    doNotCallColumns,
  };
}
