import type { FieldProblem } from '../field-problem.js';
import type { RecipientOptions, RecipientResult } from '../recipients/recipient-row.js';
import { setOwn } from '../recipients/recipient-objects.js';
import type { ColumnChoice } from './column-choice.js';
import type { Column } from './columns.js';
import type { Fix, RowReading } from './fixes.js';
import { checkCells, columnsOfRows, type RejectedCells } from './rejected-row.js';

/** A rejected row, as it is kept. */
type RowToFix = {
  cells: RejectedCells;
  problems: readonly Pick<FieldProblem, 'field' | 'code'>[];
  reading: RowReading | null;
};

/** What becomes of a row: left out, or checked again with what the fix says. */
type FixedRow = { leftOut: true } | { cells: RejectedCells; reading: RowReading | null; checked: RecipientResult };

const VARIABLES = 'variables.';

/**
 * Fixes rows of one file, one after the other. @returns null for a row that the fix does not mean: it has not the problem, or
 * its cell reads otherwise
 */
export function createFixer(
  { headers, choice, options }: { headers: readonly string[]; choice: ColumnChoice; options: RecipientOptions },
  fix: Fix,
): (row: RowToFix) => FixedRow | null {
  const columns = columnsOfRows({ headers, choice }, options);
  return ({ cells, problems, reading }) => {
    const found = problems.filter(({ code }) => code === fix.code);
    const meant = found.map(({ field }) => headerOf(columns, field)).filter((header) => isMeant(cells, header, fix));
    if (found.length === 0 || (fix.cell !== null && meant.length === 0)) return null;
    if (fix.action === 'leaveOut') return { leftOut: true };
    const fixed = { cells: changedCells(cells, meant, fix), reading: changedReading(reading, fix) };
    return { ...fixed, checked: checkCells(columns, headers, fixed.cells, { ...options, ...fixed.reading }) };
  };
}

/** The header of the column that a problem is about; null for one of the whole row. */
function headerOf(columns: readonly Column[], field: string): string | null {
  if (field.startsWith(VARIABLES)) return field.slice(VARIABLES.length);
  return columns.find((column) => column.kind === 'reserved' && column.field === field.split('.')[0])?.header ?? null;
}

function isMeant(cells: RejectedCells, header: string | null, { cell }: Fix): header is string {
  if (header === null || !Object.hasOwn(cells, header)) return false;
  return cell === null || cells[header]?.trim() === cell.trim();
}

function changedCells(cells: RejectedCells, meant: readonly (string | null)[], fix: Fix): RejectedCells {
  if (fix.action !== 'zone' && fix.action !== 'clear') return cells;
  const changed: RejectedCells = {};
  for (const [header, cell] of Object.entries(cells)) setOwn(changed, header, cell);
  const text = fix.action === 'zone' ? fix.timeZone : '';
  for (const header of meant) if (header !== null) setOwn(changed, header, text);
  return changed;
}

function changedReading(reading: RowReading | null, fix: Fix): RowReading | null {
  switch (fix.action) {
    case 'country': {
      const { country, numbersWithoutPlus } = fix;
      return { ...reading, defaultCountry: country, ...(numbersWithoutPlus && { numbersWithoutPlus }) };
    }
    case 'reading':
      return { ...reading, numbersWithoutPlus: fix.numbersWithoutPlus };
    case 'skipCheck':
      return { ...reading, skipPhoneCheck: true };
    default:
      return reading;
  }
}
