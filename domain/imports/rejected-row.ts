import { csvLine } from './csv-export.js';
import { chosenKind, ERROR_HEADER, type ColumnChoice, type ColumnKind } from './column-choice.js';
import type { Column } from './columns.js';
import { readHeaders, restoreCells } from './csv-headers.js';
import type { FieldProblem } from '../field-problem.js';
import type { RowReading } from './fixes.js';
import { setOwn } from '../recipients/recipient-objects.js';
import { checkCsvRow, type RecipientOptions, type RecipientResult } from '../recipients/recipient-row.js';

/** A rejected row as it is kept for mending: its cells by header; cells beyond the headers are called `column 7`. */
export type RejectedCells = Record<string, string>;

/** Cells beyond the headers that are kept of a row: enough to see what went wrong. */
const EXTRA_CELLS_MAX = 50;
/** Stands for what is not kept. U+FFFD rejects a row, so that no edit makes a recipient of the half. */
export const CUT_OFF = '…\ufffd';

/** The headers whose cells are kept, in file order: a rejected row is read and written by them. */
export function keptHeaders(columns: readonly Column[]): string[] {
  return columns.flatMap(({ kind, header }) => (kind === 'ignored' ? [] : [header]));
}

/** What these columns are, where their headers do not say it: chosen, or guessed when the file was read. */
export function keptChoice(columns: readonly Column[], choice: ColumnChoice): ColumnChoice {
  const kept: Record<string, ColumnKind> = {};
  for (const { kind, header, how } of columns) {
    if (kind === 'ignored' || how === undefined) continue;
    setOwn(kept, header, how === 'chosen' ? (chosenKind(header, choice) ?? 'variable') : 'phoneNumber');
  }
  return kept;
}

export function cellsByHeader(columns: readonly Column[], written: readonly string[]): RejectedCells {
  const cells = restoreCells(columns, written);
  const byHeader: RejectedCells = {};
  for (const [index, column] of columns.entries())
    if (column.kind !== 'ignored') setOwn(byHeader, column.header, cells[index] ?? '');
  // Cells beyond the headers are why the row was rejected: they must be seen.
  const end = Math.min(cells.length, columns.length + EXTRA_CELLS_MAX);
  for (let index = columns.length; index < end; index++)
    setOwn(byHeader, extraKey(byHeader, index + 1), cells[index] ?? '');
  if (cells.length > end) setOwn(byHeader, extraKey(byHeader, end + 1), CUT_OFF);
  return byHeader;
}

/**
 * Puts new values into a rejected row and checks it again, with the rules of an upload. The keys are fixed: a value for a
 * header that the row does not have is an error.
 */
export function mendRow(
  row: { headers: readonly string[]; choice?: ColumnChoice; reading?: RowReading | null; cells: RejectedCells },
  values: Readonly<Record<string, string>>,
  options: RecipientOptions,
): { cells: RejectedCells; checked: RecipientResult; unknownHeaders: string[] } {
  const unknownHeaders = Object.keys(values).filter((header) => !Object.hasOwn(row.cells, header));
  const cells: RejectedCells = {};
  for (const header of Object.keys(row.cells))
    setOwn(cells, header, (Object.hasOwn(values, header) ? values[header] : row.cells[header]) ?? '');
  const columns = columnsOfRows({ headers: row.headers, choice: row.choice ?? {} }, options);
  return { cells, checked: checkCells(columns, row.headers, cells, { ...options, ...row.reading }), unknownHeaders };
}

/** The columns of rows that were read once, by the headers whose cells are kept. */
export function columnsOfRows(
  { headers, choice }: { headers: readonly string[]; choice: ColumnChoice },
  options: RecipientOptions,
): Column[] {
  const read = readHeaders(headers, { ...options, columnsMax: headers.length, choice });
  // They were read when the file was uploaded, and whose hours a batch keeps never changes.
  if (!read.ok) throw new RangeError(`headers that were read once cannot be read: ${read.code}`);
  return read.columns;
}

/** Checks the cells of a row again. */
export function checkCells(
  columns: readonly Column[],
  headers: readonly string[],
  cells: RejectedCells,
  options: RecipientOptions,
): RecipientResult {
  return checkCsvRow(columns, cellsInOrder(headers, cells), options);
}

/** The first line of a file of rejected rows. */
export function rejectedHeaderLine(headers: readonly string[]): string {
  return csvLine([...headers, ERROR_HEADER]);
}

/** One line of it: what is wrong stands below `error`; cells beyond the headers come after that, and reject the row again. */
export function rejectedLine(
  headers: readonly string[],
  cells: RejectedCells,
  problems: readonly Pick<FieldProblem, 'message'>[],
): string {
  const ordered = cellsInOrder(headers, cells);
  const error = problems.map(({ message }) => message).join('; ');
  return csvLine([...ordered.slice(0, headers.length), error, ...ordered.slice(headers.length)]);
}

function cellsInOrder(headers: readonly string[], cells: RejectedCells): string[] {
  const known = new Set(headers);
  const extra = Object.keys(cells).filter((key) => !known.has(key));
  const placeOf = (key: string): number => Number(/\d+/.exec(key)?.[0]);
  extra.sort((a, b) => placeOf(a) - placeOf(b));
  return [...headers, ...extra].map((key) => cells[key] ?? '');
}

/** A variable may well be called `column 7`. */
function extraKey(taken: RejectedCells, place: number): string {
  let key = `column ${place}`;
  while (Object.hasOwn(taken, key)) key += '*';
  return key;
}
