import type { Batch } from '../../../../api/client.js';
import type { ColumnChoice } from '../../../../../../domain/imports/column-choice.js';
import { checkCells, columnsOfRows } from '../../../../../../domain/imports/rejected-row.js';
import type { RecipientOptions } from '../../../../../../domain/recipients/recipient-row.js';
import type { Import } from '../import-queries.js';
import type { ReadAs } from '../uploads.js';

type Problem = { field: string; message: string };

/**
 * The rules of an upload, at once and in this browser: what a row with these cells would be rejected for; none: it would be
 * accepted. The server knows more (agents that exist, how a fix reads this row) and has the last word.
 */
export function createRowCheck(
  { columns, numbersWithoutPlus }: Import,
  { hoursIn, timeZone, fromNumber, allowCostlyNumbers }: Batch,
  readAs: ReadAs | undefined,
): (cells: Readonly<Record<string, string>>) => readonly Problem[] {
  const kept = (columns ?? []).filter(({ takenAs }) => takenAs !== 'ignored');
  const headers = kept.map(({ header }) => header);
  const choice: ColumnChoice = Object.fromEntries(
    kept.filter(({ how }) => how !== 'found').map(({ header, takenAs }) => [header, takenAs]),
  );
  const options: RecipientOptions = {
    hoursIn,
    numbersWithoutPlus,
    allowCostlyNumbers,
    localTimeZone: timeZone ?? undefined,
    defaultCountry: readAs?.defaultCountry,
    callerUnknown: fromNumber === null,
  };
  const read = columnsOfRows({ headers, choice }, options);
  return (cells) => {
    const checked = checkCells(read, headers, { ...cells }, options);
    return checked.ok ? [] : checked.errors;
  };
}
