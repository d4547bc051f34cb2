/** What a spreadsheet would take for a formula at the start of a cell. */
const FORMULA = /^'*[=+\-@\t\r]/;
/** A number alone calculates nothing but itself. */
const NUMBER = /^[+-]?\d{1,30}(?:\.\d{1,30})?$/;
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/**
 * A text that a spreadsheet shows and does not calculate: one that begins like a formula gets an apostrophe. One that begins
 * with apostrophes and then like a formula gets one more, so that `restoreCell` gives back what was there.
 */
export function neutraliseCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** The text that `neutraliseCell` was given. */
export function restoreCell(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}

/** How numbers are written. Plain: `+12025550123` without an apostrophe, for programs; a spreadsheet takes the `+` away. */
export type CsvNumbers = { plainNumbers: boolean };

/** One line of a CSV file that we write: neutralised, quoted where needed (RFC 4180), with its line end. */
export function csvLine(cells: readonly string[], { plainNumbers }: CsvNumbers = { plainNumbers: false }): string {
  return `${cells.map((text) => csvCell(text, plainNumbers)).join(',')}\r\n`;
}

function csvCell(text: string, plainNumbers: boolean): string {
  if (plainNumbers && NUMBER.test(text)) return text;
  const neutral = neutraliseCell(text);
  return NEEDS_QUOTES.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral;
}
