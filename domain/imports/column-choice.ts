import { quoted } from '../field-problem.js';
import { withoutInvisible } from '../invisible.js';

/** The columns with a meaning of their own; every other column is a variable. */
const RESERVED_FIELDS = [
  'phoneNumber',
  'name',
  'ignoreE164Validation',
  'overrideAgentId',
  'overrideAgentVersion',
  'metadata',
  'customSipHeaders',
  'timeZone',
  'notBefore',
  'notAfter',
] as const;
export type ReservedField = (typeof RESERVED_FIELDS)[number];

/** What a column of a file may be taken for. */
export const COLUMN_KINDS = [...RESERVED_FIELDS, 'variable', 'ignored'] as const;
export type ColumnKind = (typeof COLUMN_KINDS)[number];

/** What a person says that columns are, by their exact headers. What is not named is found by its header. */
export type ColumnChoice = Readonly<Record<string, ColumnKind>>;

/** Rows of a file that may stand above its headers, and one more. */
export const HEADER_ROW_MAX = 50;

/** The column in which a file of rejected rows says what is wrong; the results of a batch have columns that begin so. */
export const ERROR_HEADER = 'error';
export const RESULT_HEADER_PREFIX = 'dialwright_';

/** Whether a header, as written, is one that only our exports have. */
export function isOfExport(header: string): boolean {
  return header === ERROR_HEADER || header.startsWith(RESULT_HEADER_PREFIX);
}

/** Whether nothing of a header can be seen: its column is left out. */
export function isBlankHeader(header: string): boolean {
  return withoutInvisible(header).trim() === '';
}

/** What was chosen for the column with this header; null when nothing was. */
export function chosenKind(header: string, choice: ColumnChoice | undefined): ColumnKind | null {
  return choice && Object.hasOwn(choice, header) ? (choice[header] ?? null) : null;
}

/** Why a choice cannot be carried out with these headers; null when it can. Only the first mistake is told. */
export function choiceProblem(headers: readonly string[], choice: ColumnChoice): string | null {
  const known = new Set(headers);
  for (const header of Object.keys(choice)) {
    if (!known.has(header))
      return `columns names ${quoted(header)}, and no column has that header; write each header as it is in the file`;
    if (choice[header] === 'ignored') continue;
    if (isBlankHeader(header)) return 'columns names a column without a header, which is always left out';
    if (isOfExport(header))
      return `columns names ${quoted(header)}, which files that Dialwright writes have; rename it if it is a column of yours`;
  }
  return null;
}
