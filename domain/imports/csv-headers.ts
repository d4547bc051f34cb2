import { isUnstorable, quoted } from '../field-problem.js';
import {
  choiceProblem,
  chosenKind,
  isBlankHeader,
  isOfExport,
  type ColumnChoice,
  type ReservedField,
} from './column-choice.js';
import { foldHeader, type Column, type HeaderWarning } from './columns.js';
import { restoreCell } from './csv-export.js';
import { warnOf } from './header-warnings.js';
import { isDoNotCall, type DoNotCallColumns } from './order-columns.js';
import { guessPhoneColumn, looksLikeData, phoneColumnsOf } from './phone-columns.js';

export type HeaderProblemCode =
  | 'no_headers'
  | 'too_many_columns'
  | 'header_not_text'
  | 'duplicate_column'
  | 'duplicate_variable'
  | 'no_phone_column'
  | 'unknown_column';

export type HeaderResult =
  { ok: true; columns: Column[]; warnings: HeaderWarning[] } | { ok: false; code: HeaderProblemCode; message: string };

export type HeaderOptions = {
  /** Whose hours the batch keeps. Only with `recipient` does `timezone` act; otherwise it is a variable, whose zones must exist. */
  hoursIn: 'batch' | 'recipient';
  doNotCallColumns?: DoNotCallColumns;
  columnsMax?: number;
  /** The first rows below the headers: the message of a file without a phone column names those whose cells are numbers. */
  firstRows?: readonly (readonly string[])[];
  /** What columns are, whatever their headers say. */
  choice?: ColumnChoice;
  /** Of an upload that can be looked at before it counts: its phone column may be guessed from `firstRows`. Which row has the headers. */
  guess?: { headerRow: number };
};

export const COLUMNS_MAX = 1000;

/** Folded header to field: both products' spellings fold to these (`phone_number`, `phoneNumber`, `phone number`). */
const FIELDS: ReadonlyMap<string, ReservedField> = new Map([
  ['phone number', 'phoneNumber'],
  ['name', 'name'],
  ['ignore e164 validation', 'ignoreE164Validation'],
  ['override agent id', 'overrideAgentId'],
  ['override agent version', 'overrideAgentVersion'],
  ['metadata', 'metadata'],
  ['custom sip headers', 'customSipHeaders'],
  ['not before', 'notBefore'],
  ['notbefore', 'notBefore'],
  ['call not before', 'notBefore'],
  ['do not call before', 'notBefore'],
  ['not after', 'notAfter'],
  ['notafter', 'notAfter'],
  ['call not after', 'notAfter'],
  ['do not call after', 'notAfter'],
]);
const TIME_ZONE_NAMES: readonly string[] = ['timezone', 'time zone'];
/** Rows below the first in which headers are looked for, to say so. */
const ROWS_ABOVE_MAX = 10;

/**
 * Reads the headers of a CSV file. Whatever would make a row ambiguous (two columns that mean the same, no phone column)
 * refuses the file, since no row of it could be trusted; the rest is a warning.
 */
export function readHeaders(cells: readonly string[], options: HeaderOptions): HeaderResult {
  const written = cells.map((cell, index) => (index === 0 ? cell.replace(/^\ufeff/, '') : cell));
  const isExport = written.some(isOfExport);
  const headers = isExport ? written.map(restoreCell) : written;
  const columns = withGuess(
    headers.map((header) => columnOf(header, options, isExport)),
    options,
  );
  return fileProblem(headers, columns, options) ?? { ok: true, columns, warnings: warnOf(columns) };
}

/** What a column with this header holds: a reserved field's name, or null for a variable. */
export function reservedFieldOf(header: string, hoursIn: 'batch' | 'recipient'): ReservedField | null {
  const folded = foldHeader(header);
  if (hoursIn === 'recipient' && TIME_ZONE_NAMES.includes(folded)) return 'timeZone';
  return FIELDS.get(folded) ?? null;
}

/** Whether a header, or the name of a variable, says that a time zone follows. */
export function isTimeZoneHeader(header: string): boolean {
  return TIME_ZONE_NAMES.includes(foldHeader(header));
}

/** The cells of a row as they were before an export, when the file is one. */
export function restoreCells(columns: readonly Column[], cells: readonly string[]): readonly string[] {
  return columns[0]?.isExport ? cells.map(restoreCell) : cells;
}

function columnOf(header: string, options: HeaderOptions, isExport: boolean): Column {
  const { hoursIn, choice } = options;
  const mark = isExport && { isExport };
  if (isBlankHeader(header) || isOfExport(header)) return { kind: 'ignored', header, ...mark };
  const chosen = chosenKind(header, choice);
  const marks = { ...mark, ...(chosen && { how: 'chosen' as const }) };
  if (chosen === 'ignored') return { kind: 'ignored', header, ...marks };
  // A zone decides only where the batch keeps the hours of recipients; elsewhere it is checked, and a variable.
  const isOnlyChecked = chosen === 'timeZone' && hoursIn === 'batch';
  const asked = chosen === 'variable' || isOnlyChecked ? null : chosen;
  const field = chosen === null ? reservedFieldOf(header, hoursIn) : asked;
  if (field) return { kind: 'reserved', field, header, ...marks };
  const checkedAs = isOnlyChecked ? 'timeZone' : checkOf(header, options);
  return { kind: 'variable', header, ...(checkedAs && { checkedAs }), ...marks };
}

/** What is checked of a variable with this header, also of one that was chosen to be a variable. */
function checkOf(header: string, { doNotCallColumns }: HeaderOptions): 'timeZone' | 'doNotCall' | null {
  const folded = foldHeader(header);
  if (TIME_ZONE_NAMES.includes(folded)) return 'timeZone';
  return doNotCallColumns !== 'variables' && isDoNotCall(folded) ? 'doNotCall' : null;
}

/** With the phone column by its cells, when no header says which it is and one column alone can be it. */
function withGuess(columns: Column[], { guess, firstRows = [], hoursIn }: HeaderOptions): Column[] {
  if (!guess || hasPhone(columns) || placeOfHeaders(firstRows, hoursIn) >= 0) return columns;
  const free = columns.map((column) => (column.kind === 'variable' && !column.how ? column.header : null));
  const found = guessPhoneColumn(free, firstRows);
  if (!found) return columns;
  const why = `${found.valid} of the first ${found.looked} cells are phone numbers`;
  return columns.map(
    ({ header, isExport }, index) =>
      index === found.index
        ? { kind: 'reserved', field: 'phoneNumber', header, ...(isExport && { isExport }), how: { guessed: why } }
        : columns[index]!, // of the same list
  );
}

function hasPhone(columns: readonly Column[]): boolean {
  return columns.some((column) => column.kind === 'reserved' && column.field === 'phoneNumber');
}

/** Which of the first rows below the headers is like headers itself: what is above it is a title then. -1: none. */
function placeOfHeaders(firstRows: readonly (readonly string[])[], hoursIn: HeaderOptions['hoursIn']): number {
  return firstRows
    .slice(0, ROWS_ABOVE_MAX)
    .findIndex((cells) => cells.some((cell) => reservedFieldOf(cell, hoursIn) === 'phoneNumber'));
}

function fileProblem(
  headers: readonly string[],
  columns: readonly Column[],
  options: HeaderOptions,
): HeaderResult | null {
  const { columnsMax = COLUMNS_MAX, choice } = options;
  if (headers.every(isBlankHeader)) {
    return problem(
      'no_headers',
      'The file has no headers; its first row must name the columns, such as phone_number,name',
    );
  }
  if (headers.length > columnsMax) {
    return problem('too_many_columns', `The file has ${headers.length} columns; at most ${columnsMax} are allowed`);
  }
  const notText = headers.findIndex(isUnstorable);
  if (notText >= 0) {
    return problem(
      'header_not_text',
      `Column ${notText + 1} has a NUL byte or a broken character in its header; save the file as CSV in UTF-8`,
    );
  }
  const wrong = choice ? choiceProblem(headers, choice) : null;
  if (wrong !== null) return problem('unknown_column', wrong);
  return duplicateProblem(columns) ?? missingPhoneProblem(columns, options);
}

function duplicateProblem(columns: readonly Column[]): HeaderResult | null {
  const seen = new Map<string, number>();
  for (const [index, column] of columns.entries()) {
    if (column.kind === 'ignored') continue;
    const key = column.kind === 'reserved' ? `reserved ${column.field}` : `variable ${column.header}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      const both = `Columns ${earlier + 1} (${quoted(columns[earlier]?.header ?? '')}) and ${index + 1} (${quoted(column.header)})`;
      return column.kind === 'reserved'
        ? problem('duplicate_column', `${both} both mean ${foldHeader(column.header)}; rename or remove one of them`)
        : problem('duplicate_variable', `${both} have the same header; rename or remove one of them`);
    }
    seen.set(key, index);
  }
  return null;
}

function missingPhoneProblem(
  columns: readonly Column[],
  { firstRows = [], hoursIn, guess }: HeaderOptions,
): HeaderResult | null {
  if (hasPhone(columns)) return null;
  const headers = columns.map(({ header }) => header);
  const below = guess ? placeOfHeaders(firstRows, hoursIn) : -1;
  if (guess && below >= 0) {
    const row = guess.headerRow + below + 1;
    return problem(
      'no_phone_column',
      `Row ${guess.headerRow} has no phone_number column, and row ${row} has one; upload the file again with its headers in row ${row} (headerRow)`,
    );
  }
  if (headers.some(looksLikeData)) {
    const hint = 'the first row looks like data, and must name the columns';
    return problem('no_phone_column', `The file has no phone_number column; ${hint}`);
  }
  const found = phoneColumnsOf(headers, firstRows).map(
    (index) => `column ${index + 1} (${quoted(headers[index] ?? '')})`,
  );
  if (found.length > 0) {
    const which =
      found.length === 1
        ? `rename ${found[0] ?? ''}, whose cells are phone numbers`
        : `rename the one to call: ${found.join(', ')} have phone numbers`;
    return problem('no_phone_column', `The file has no phone_number column; ${which}`);
  }
  const likely = columns.find((column) => /phone|mobile|number|\btel/i.test(column.header));
  const hint = likely ? `; rename ${quoted(likely.header)} if it holds the numbers to call` : '';
  return problem('no_phone_column', `The file has no phone_number column${hint}`);
}

function problem(code: HeaderProblemCode, message: string): HeaderResult {
  return { ok: false, code, message };
}
