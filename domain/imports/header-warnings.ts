import { quoted } from '../field-problem.js';
import { isBlankHeader } from './column-choice.js';
import { foldHeader, type Column, type HeaderWarning } from './columns.js';
import { isDoNotCall, isLikeAnOrder } from './order-columns.js';

/** What is odd about the columns of a file, and taken all the same. */
export function warnOf(columns: readonly Column[]): HeaderWarning[] {
  const warnings: HeaderWarning[] = [];
  const folded = new Map<string, number>();
  for (const [index, column] of columns.entries()) {
    const at = `Column ${index + 1}`;
    const odd = column.kind === 'ignored' ? ignoredWarning(at, column) : guessWarning(at, column);
    if (odd) warnings.push({ column: index + 1, ...odd });
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

function guessWarning(at: string, { header, how }: Column): Pick<HeaderWarning, 'code' | 'message'> | null {
  if (typeof how !== 'object') return null;
  const message = `${at} (${quoted(header)}) is taken for phone_number: ${how.guessed}. Confirm the import if that is right, else choose with \`columns\``;
  return { code: 'phone_column_guessed', message };
}

/** What was left out by choice is odd only when it says whom not to call. */
function ignoredWarning(at: string, { header, how }: Column): Pick<HeaderWarning, 'code' | 'message'> | null {
  if (how) {
    if (!isDoNotCall(foldHeader(header))) return null;
    const message = `${at} (${quoted(header)}) says whom not to call, and was chosen to be left out: it forbids nobody`;
    return { code: 'order_without_effect', message };
  }
  if (isBlankHeader(header)) return { code: 'blank_header', message: `${at} has no header; its cells are left out` };
  const message = `${at} (${quoted(header)}) is left out: files that Dialwright writes have it; rename it if it is a variable of yours`;
  return { code: 'export_column', message };
}
