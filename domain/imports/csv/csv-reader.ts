import { beginningOf, type FieldProblem } from '../../field-problem.js';
import { CUT_OFF } from '../rejected-row.js';

/** A row that could not be cut into cells, or is too long: what of it is shown, and why. */
export type BadRow = { cells: string[]; problem: FieldProblem };
type CsvOptions = {
  delimiter: string;
  rowBytesMax: number;
  onRow(cells: string[]): void;
  onBadRow(row: BadRow): void;
};
/** Where a row's line end is, and its cells, or why it has none. */
type Row = { end: number } & ({ cells: string[] } | { bad: 'row_quotes' | 'row_too_long'; goesOn?: true });

const BYTES_PER_CHARACTER_MAX = 3;
/** How much of a bad row is kept; what was cut off ends in U+FFFD, so that no edit makes a recipient of the half. */
const SHOWN_LENGTH_MAX = 500;
/** A quote may be closed so many rows' lengths later: then all of it is one row that is too long. Beyond, it is not closed. */
const QUOTE_ROWS_MAX = 16;

/**
 * Cuts the text of a CSV file into rows and cells, as it comes: RFC 4180, except that rows may end with CR LF, LF or CR, also
 * in one file, may differ in their number of cells, and are left out when they are blank. No row stops it: a line that cannot
 * be cut is handed on as a bad row, and the next line is a row again. Keeps no more than 16 rows of the largest size.
 * A row without a quote, as most are, is cut by `split`: that is four times as fast as a parser that looks at every byte,
 * in which an import of a million rows would spend half its time.
 */
export class CsvReader {
  #rest = '';
  /** The rest of a line that is too long is passed over. */
  #isSkipping = false;

  constructor(private readonly options: CsvOptions) {}

  write(text: string): void {
    this.#read(this.#rest + text, false);
  }

  end(): void {
    this.#read(this.#rest, true);
  }

  #read(text: string, isEnd: boolean): void {
    let at = 0;
    let quote = text.indexOf('"');
    let lineFeed = text.indexOf('\n');
    let carriageReturn = text.indexOf('\r');
    while (at < text.length) {
      // Searched again only when they have been passed: to the next of its kind may be far.
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      if (lineFeed >= 0 && lineFeed < at) lineFeed = text.indexOf('\n', at);
      if (carriageReturn >= 0 && carriageReturn < at) carriageReturn = text.indexOf('\r', at);
      const found =
        lineFeed < 0 || carriageReturn < 0 ? Math.max(lineFeed, carriageReturn) : Math.min(lineFeed, carriageReturn);
      const lineEnd = found < 0 && (isEnd || this.#isSkipping) ? text.length : found;
      const isPlain = quote < 0 || (lineEnd >= 0 && lineEnd < quote);
      if (this.#isSkipping) {
        this.#isSkipping = found < 0;
        at = lineEnd + 1;
        continue;
      }
      const row = isPlain ? this.#plainRow(text, at, lineEnd) : this.#quotedRow(text, at, { lineEnd, isEnd });
      if (!row) break;
      this.#take(text, at, row);
      // The LF of a CR LF is a blank row, when a chunk ends between them.
      at = row.end + (text[row.end] === '\r' && text[row.end + 1] === '\n' ? 2 : 1);
    }
    this.#rest = text.slice(at);
  }

  /** @returns null when the text ends before the row does */
  #plainRow(text: string, start: number, end: number): Row | null {
    if (end >= 0) return { cells: text.slice(start, end).split(this.options.delimiter), end };
    if (text.length - start <= this.options.rowBytesMax) return null;
    return { bad: 'row_too_long', end: text.length, goesOn: true };
  }

  /** @returns null when the text ends before the row does */
  #quotedRow(text: string, start: number, { lineEnd, isEnd }: { lineEnd: number; isEnd: boolean }): Row | null {
    const cut = this.#cutQuoted(text, start, isEnd);
    if (typeof cut === 'object') return cut;
    const isWaiting = !isEnd && text.length - start <= this.options.rowBytesMax * QUOTE_ROWS_MAX;
    if (isWaiting && (cut === 'open' || lineEnd < 0)) return null;
    return lineEnd < 0 ? { bad: 'row_too_long', end: text.length, goesOn: true } : { bad: 'row_quotes', end: lineEnd };
  }

  /** `open`: the text ends before the row does. `broken`: its quotes are not those of a CSV. */
  #cutQuoted(text: string, start: number, isEnd: boolean): { cells: string[]; end: number } | 'open' | 'broken' {
    const cells: string[] = [];
    for (let at = start; ; at++) {
      const isQuoted = text[at] === '"';
      const last = isQuoted ? closingQuote(text, at) : this.#plainCellEnd(text, at);
      if (last < 0) return isQuoted ? 'open' : 'broken';
      const end = isQuoted ? last + 1 : last;
      cells.push(isQuoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end));
      at = end;
      if (at === text.length) return isEnd ? { cells, end } : 'open';
      if (text[at] === '\n' || text[at] === '\r') return { cells, end };
      if (text[at] !== this.options.delimiter) return 'broken';
    }
  }

  /**
   * Quotes inside a cell that does not begin with one are what they are, in pairs; `="…"`, as spreadsheets write a text, may have the
   * separator between them. @returns -1 for a quote that is alone: it may have been the end of another cell
   */
  #plainCellEnd(text: string, start: number): number {
    const { delimiter } = this.options;
    let isOpen = false;
    const isFormula = text.startsWith('="', start);
    for (let at = start; ; at++) {
      const character = text[at];
      if (character === '"') isOpen = !isOpen;
      const isLineEnd = character === undefined || character === '\n' || character === '\r';
      if (isLineEnd || (character === delimiter && !(isFormula && isOpen))) return isOpen ? -1 : at;
    }
  }

  #take(text: string, start: number, row: Row): void {
    const { onRow, onBadRow, rowBytesMax } = this.options;
    if ('bad' in row || this.#isTooLong(text, start, row.end)) {
      this.#isSkipping = 'goesOn' in row;
      const code = 'bad' in row ? row.bad : 'row_too_long';
      onBadRow({
        cells: this.#shown(text.slice(start, row.end)),
        problem: { field: 'row', code, message: badRowMessage(code, rowBytesMax) },
      });
    } else if (row.cells.some((cell) => cell !== '' && cell.trim() !== '')) onRow(row.cells);
  }

  #isTooLong(text: string, start: number, end: number): boolean {
    const { rowBytesMax } = this.options;
    if ((end - start) * BYTES_PER_CHARACTER_MAX <= rowBytesMax) return false;
    return end - start > rowBytesMax || isLongerThan(text, { start, end }, rowBytesMax);
  }

  #shown(row: string): string[] {
    const isCut = row.length > SHOWN_LENGTH_MAX;
    const shown = isCut ? beginningOf(row, SHOWN_LENGTH_MAX) + CUT_OFF : row;
    return shown.split(this.options.delimiter);
  }
}

function badRowMessage(code: 'row_quotes' | 'row_too_long', rowBytesMax: number): string {
  if (code === 'row_too_long') return `the row is longer than ${Math.floor(rowBytesMax / 1024)} KiB; shorten it`;
  return 'a quote is not closed, or stands inside a value; write values that contain quotes as "say ""hello"""';
}

/** @returns -1 when there is none; a doubled quote is a part of the cell. */
function closingQuote(text: string, open: number): number {
  for (let at = open + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0 || text[at + 1] !== '"') return at;
  }
}

/** Whether a part of a text is longer in UTF-8. Counted here: a browser has no quick way to ask. */
function isLongerThan(text: string, { start, end }: { start: number; end: number }, bytesMax: number): boolean {
  let bytes = 0;
  for (let at = start; at < end && bytes <= bytesMax; at++) {
    const unit = text.charCodeAt(at);
    // Of a surrogate pair, which is four bytes, each half counts two.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes > bytesMax;
}
