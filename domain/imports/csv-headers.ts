import { isUnstorable, quoted } from '../field-problem.js';
import { withoutInvisible } from '../invisible.js';
import { restoreCell } from './csv-export.js';
import { isDoNotCall, isLikeAnOrder, type DoNotCallColumns } from './order-columns.js';
import { phoneColumnsOf } from './phone-columns.js';

/** The columns with a meaning of their own; every other column is a variable. */
export type ReservedField =
  | 'phoneNumber'
  | 'name'
  | 'ignoreE164Validation'
  | 'overrideAgentId'
  | 'overrideAgentVersion'
  | 'metadata'
  | 'customSipHeaders'
  | 'timeZone'
  | 'notBefore'
  | 'notAfter';

/**
 * One per header cell, in file order. `header` is the cell's exact text; the cells of an ignored column are not read.
 * `isExport`: the file is one of our exports, so its cells are restored (`restoreCell`) before they are read.
 * `checkedAs`: a variable whose cells are checked too: its zone must exist, or nobody whom it forbids is accepted.
 */
export type Column = { header: string; isExport?: true } & (
  | { kind: 'reserved'; field: ReservedField }
  | { kind: 'variable'; checkedAs?: 'timeZone' | 'doNotCall' }
  | { kind: 'ignored' }
);

export type HeaderWarning = {
  column: number;
  code: 'blank_header' | 'similar_headers' | 'outer_spaces' | 'export_column' | 'order_without_effect';
  message: string;
};

export type HeaderProblemCode =
  'no_headers' | 'too_many_columns' | 'header_not_text' | 'duplicate_column' | 'duplicate_variable' | 'no_phone_column';

export type HeaderResult =
  { ok: true; columns: Column[]; warnings: HeaderWarning[] } | { ok: false; code: HeaderProblemCode; message: string };

export type HeaderOptions = {
  /** Whose hours the batch keeps. Only with `recipient` does `timezone` act; otherwise it is a variable, whose zones must exist. */
  hoursIn: 'batch' | 'recipient';
  doNotCallColumns?: DoNotCallColumns;
  columnsMax?: number;
  /** The first rows below the headers: the message of a file without a phone column names those whose cells are numbers. */
  firstRows?: readonly (readonly string[])[];
};

export const COLUMNS_MAX = 1000;

/** The column in which a file of rejected rows says what is wrong; the results of a batch have columns that begin so. */
export const ERROR_HEADER = 'error';
export const RESULT_HEADER_PREFIX = 'dialwright_';

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

/**
 * Reads the first row of a CSV file. Whatever would make a row ambiguous (two columns that mean the same, no phone column)
 * refuses the file, since no row of it could be trusted; the rest is a warning.
 */
export function readHeaders(cells: readonly string[], options: HeaderOptions): HeaderResult {
  const written = cells.map((cell, index) => (index === 0 ? cell.replace(/^\ufeff/, '') : cell));
  const isExport = written.some(isOfExport);
  const headers = isExport ? written.map(restoreCell) : written;
  const columns = headers.map((header) => columnOf(header, options, isExport));
  return fileProblem(headers, columns, options) ?? { ok: true, columns, warnings: warn(columns) };
}

/** Without what is invisible, trimmed, camelCase split (also before a run of capitals), lower case, and space, `_`, `-` all one space. */
export function foldHeader(header: string): string {
  return withoutInvisible(header)
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
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

/** Whether nothing of a header can be seen: its column is left out. */
export function isBlankHeader(header: string): boolean {
  return withoutInvisible(header).trim() === '';
}

/** Whether a header, as written, is one that only our exports have. */
export function isOfExport(header: string): boolean {
  return header === ERROR_HEADER || header.startsWith(RESULT_HEADER_PREFIX);
}

/** The cells of a row as they were before an export, when the file is one. */
export function restoreCells(columns: readonly Column[], cells: readonly string[]): readonly string[] {
  return columns[0]?.isExport ? cells.map(restoreCell) : cells;
}

function columnOf(header: string, { hoursIn, doNotCallColumns }: HeaderOptions, isExport: boolean): Column {
  const mark = isExport && { isExport };
  if (isBlankHeader(header) || isOfExport(header)) return { kind: 'ignored', header, ...mark };
  const field = reservedFieldOf(header, hoursIn);
  if (field) return { kind: 'reserved', field, header, ...mark };
  const folded = foldHeader(header);
  const forbids = doNotCallColumns !== 'variables' && isDoNotCall(folded);
  const checkedAs = TIME_ZONE_NAMES.includes(folded) ? 'timeZone' : forbids ? 'doNotCall' : null;
  return { kind: 'variable', header, ...(checkedAs && { checkedAs }), ...mark };
}

function fileProblem(
  headers: readonly string[],
  columns: readonly Column[],
  { columnsMax = COLUMNS_MAX, firstRows = [] }: HeaderOptions,
): HeaderResult | null {
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
  return duplicateProblem(columns) ?? missingPhoneProblem(columns, firstRows);
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
  firstRows: readonly (readonly string[])[],
): HeaderResult | null {
  if (columns.some((column) => column.kind === 'reserved' && column.field === 'phoneNumber')) return null;
  const headers = columns.map(({ header }) => header);
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
  const isData = columns.some((column) => /^\+?[\d\s().-]{7,}$/.test(column.header));
  const hint = isData
    ? '; the first row looks like data, and must name the columns'
    : likely
      ? `; rename ${quoted(likely.header)} if it holds the numbers to call`
      : '';
  return problem('no_phone_column', `The file has no phone_number column${hint}`);
}

function warn(columns: readonly Column[]): HeaderWarning[] {
  const warnings: HeaderWarning[] = [];
  const folded = new Map<string, number>();
  for (const [index, column] of columns.entries()) {
    const at = `Column ${index + 1}`;
    if (column.kind === 'ignored') warnings.push({ column: index + 1, ...ignoredWarning(at, column.header) });
    if (column.kind !== 'variable') continue;
    if (column.header !== column.header.trim()) {
      const message = `${at} (${quoted(column.header)}) has spaces around its header; they are part of the variable's name`;
      warnings.push({ column: index + 1, code: 'outer_spaces', message });
    }
    const earlier = folded.get(foldHeader(column.header));
    if (earlier !== undefined) {
      const message = `${at} (${quoted(column.header)}) differs from column ${earlier + 1} (${quoted(columns[earlier]?.header ?? '')}) only in spelling; they are two variables`;
      warnings.push({ column: index + 1, code: 'similar_headers', message });
    }
    folded.set(foldHeader(column.header), index);
    const effect = effectWarning(at, column);
    if (effect !== null) warnings.push({ column: index + 1, code: 'order_without_effect', message: effect });
  }
  return warnings;
}

/** What looks like an order and does nothing is named: a person must not believe that it is obeyed. */
function effectWarning(at: string, { header, checkedAs }: Column & { kind: 'variable' }): string | null {
  if (checkedAs === 'doNotCall') return null;
  const name = `${at} (${quoted(header)})`;
  if (checkedAs === 'timeZone')
    return `${name} is only a variable here: the batch calls in its own hours; with hoursIn "recipient" it decides when a recipient is called`;
  if (!isLikeAnOrder(foldHeader(header))) return null;
  return `${name} looks like an order, and is only a variable; not_before, not_after and do_not_call are obeyed`;
}

function ignoredWarning(at: string, header: string): Pick<HeaderWarning, 'code' | 'message'> {
  if (isBlankHeader(header)) return { code: 'blank_header', message: `${at} has no header; its cells are left out` };
  const message = `${at} (${quoted(header)}) is left out: files that Dialwright writes have it; rename it if it is a variable of yours`;
  return { code: 'export_column', message };
}

function problem(code: HeaderProblemCode, message: string): HeaderResult {
  return { ok: false, code, message };
}
