import { withoutInvisible } from '../invisible.js';
import { isBlankHeader, type ColumnKind, type ReservedField } from './column-choice.js';

/**
 * One per header cell, in file order. `header` is the cell's exact text; the cells of an ignored column are not read.
 * `isExport`: the file is one of our exports, so its cells are restored (`restoreCell`) before they are read.
 * `checkedAs`: a variable whose cells are checked too: its zone must exist, or nobody whom it forbids is accepted.
 * `how`: how it is known what the column is, where its header does not say it.
 */
export type Column = { header: string; isExport?: true; how?: 'chosen' | { guessed: string } } & (
  | { kind: 'reserved'; field: ReservedField }
  | { kind: 'variable'; checkedAs?: 'timeZone' | 'doNotCall' }
  | { kind: 'ignored' }
);

type WarningCode =
  | 'blank_header'
  | 'similar_headers'
  | 'outer_spaces'
  | 'export_column'
  | 'order_without_effect'
  | 'phone_column_guessed';

export type HeaderWarning = {
  column: number;
  code: WarningCode;
  message: string;
};

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

/** A column as a person is told of it. `explanation`: of a guess, and of what is left out without having been chosen to be. */
export type ShownColumn = {
  /** 1 is the first. */
  column: number;
  header: string;
  takenAs: ColumnKind;
  how: 'found' | 'guessed' | 'chosen';
  explanation: string | null;
};

/** Each column of a file: what it was taken for, and how that is known. */
export function showColumns(columns: readonly Column[]): ShownColumn[] {
  return columns.map((column, index) => {
    const { header, how } = column;
    const shown = { column: index + 1, header, takenAs: column.kind === 'reserved' ? column.field : column.kind };
    if (typeof how === 'object') return { ...shown, how: 'guessed', explanation: how.guessed };
    if (how === 'chosen') return { ...shown, how, explanation: null };
    return { ...shown, how: 'found', explanation: column.kind === 'ignored' ? whyIgnored(header) : null };
  });
}

function whyIgnored(header: string): string {
  return isBlankHeader(header) ? 'it has no header' : 'files that Dialwright writes have it';
}
