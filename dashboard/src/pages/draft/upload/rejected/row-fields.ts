import type { Import, ImportRow } from '../import-queries.js';
import { COLUMN_WORDS } from '../column-words.js';

type Column = NonNullable<Import['columns']>[number];
/** A cell of a rejected row that can be edited. Its key is the header, which is fixed. */
export type RowField = { header: string; kind: Column['takenAs'] | 'extra'; label: string };

const VARIABLES = 'variables.';
/** Phone, name and flag first; then what the agent is told; then the rest. */
const ORDER: readonly RowField['kind'][] = ['phoneNumber', 'name', 'ignoreE164Validation', 'variable'];

/** The cells of a row, in the order in which a person looks at them. */
export function fieldsOfRow(row: ImportRow, columns: readonly Column[]): RowField[] {
  const kinds = new Map(columns.map(({ header, takenAs }) => [header, takenAs]));
  const fields = Object.keys(row.cells ?? {}).map((header): RowField => {
    const kind = kinds.get(header) ?? 'extra';
    if (kind === 'variable') return { header, kind, label: `{{${header}}}` };
    return { header, kind, label: kind === 'extra' ? `Beyond the headers: ${header}` : COLUMN_WORDS[kind] };
  });
  const rank = ({ kind }: RowField): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  return fields.sort((a, b) => rank(a) - rank(b));
}

/** What is wrong, by header; what is about the row as a whole is under ''. */
export function problemsByHeader(
  problems: readonly { field: string; message: string }[],
  fields: readonly RowField[],
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { field, message: written } of problems) {
    // The rules begin with the field, in small letters.
    const message = written.charAt(0).toUpperCase() + written.slice(1);
    const header = field.startsWith(VARIABLES)
      ? field.slice(VARIABLES.length)
      : (fields.find(({ kind }) => kind === field)?.header ?? '');
    const before = found.get(header);
    found.set(header, before === undefined ? message : `${before}; ${message}`);
  }
  return found;
}
