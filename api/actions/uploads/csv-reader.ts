import { ApiError } from '../../http/errors.js';

type CsvOptions = { delimiter: string; rowBytesMax: number; onRow(cells: string[]): void };
/** A row's cells, where its line end is, and how many lines of the file it takes. */
type Row = { cells: string[]; end: number; lines: number };

const BYTES_PER_CHARACTER_MAX = 3;

/**
 * Cuts the text of a CSV file into rows and cells, as it comes: RFC 4180, except that rows may end with CR LF, LF or CR, also
 * in one file, may differ in their number of cells, and are left out when they are blank. Keeps no more than one row.
 * A row without a quote, as most are, is cut by `split`: that is four times as fast as a parser that looks at every byte,
 * in which an import of a million rows would spend half its time.
 */
export class CsvReader {
  #rest = '';
  #line = 1;

  constructor(private readonly options: CsvOptions) {}

  /** @throws ApiError for a row that is too long, or a quote where none may be */
  write(text: string): void {
    this.#read(this.#rest + text, false);
  }

  /** @throws ApiError as `write`, and for a quote that is not closed */
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
      const lineEnd = found < 0 && isEnd ? text.length : found;
      const isPlain = quote < 0 || (lineEnd >= 0 && lineEnd < quote);
      const row = isPlain ? this.#plainRow(text, at, lineEnd) : this.#quotedRow(text, at, isEnd);
      // After a CR that is the last there is, an LF may follow.
      if (!row || (!isEnd && row.end === text.length - 1 && text[row.end] === '\r')) break;
      this.#take(text, at, row);
      at = row.end + (text[row.end] === '\r' && text[row.end + 1] === '\n' ? 2 : 1);
    }
    this.#rest = text.slice(at);
    this.#checkSize(text, at, text.length);
    if (isEnd && this.#rest !== '') throw brokenQuote(this.#line);
  }

  #plainRow(text: string, start: number, end: number): Row | null {
    return end < 0 ? null : { cells: text.slice(start, end).split(this.options.delimiter), end, lines: 1 };
  }

  /** @returns null when the text ends before the row does */
  #quotedRow(text: string, start: number, isEnd: boolean): Row | null {
    const cells: string[] = [];
    const ended = (end: number): Row => ({ cells, end, lines: text.slice(start, end).split(/\r\n|\n|\r/).length });
    for (let at = start; ; at++) {
      const isQuoted = text[at] === '"';
      const end = isQuoted ? closingQuote(text, at) : this.#plainCellEnd(text, at);
      if (end < 0) return null;
      cells.push(isQuoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end));
      at = isQuoted ? end + 1 : end;
      if (at === text.length) return isEnd ? ended(at) : null;
      if (text[at] === '\n' || text[at] === '\r') return ended(at);
      if (text[at] !== this.options.delimiter) throw brokenQuote(this.#line);
    }
  }

  #plainCellEnd(text: string, start: number): number {
    const { delimiter } = this.options;
    for (let at = start; ; at++) {
      const character = text[at];
      if (character === undefined || character === delimiter || character === '\n' || character === '\r') return at;
      if (character === '"') throw brokenQuote(this.#line);
    }
  }

  #take(text: string, start: number, { cells, end, lines }: Row): void {
    this.#checkSize(text, start, end);
    if (cells.some((cell) => cell !== '' && cell.trim() !== '')) this.options.onRow(cells);
    this.#line += lines;
  }

  #checkSize(text: string, start: number, end: number): void {
    const { rowBytesMax } = this.options;
    if ((end - start) * BYTES_PER_CHARACTER_MAX <= rowBytesMax) return;
    if (end - start > rowBytesMax || Buffer.byteLength(text.slice(start, end)) > rowBytesMax)
      throw rowTooLong(this.#line, rowBytesMax);
  }
}

export function rowTooLong(line: number | undefined, rowBytesMax: number): ApiError {
  const message = `A row${atLine(line)} is longer than ${Math.floor(rowBytesMax / 1024)} KiB; a quote that is not closed makes the rest of the file one row. Close it, or shorten the row.`;
  return new ApiError('csv_unreadable', message);
}

export function brokenQuote(line: number | undefined): ApiError {
  const message = `The CSV could not be read${atLine(line)}: a quote is not closed, or stands inside a value. Write values that contain quotes as "say ""hello""".`;
  return new ApiError('csv_unreadable', message);
}

function atLine(line: number | undefined): string {
  return line === undefined ? '' : ` at line ${line}`;
}

/** @returns -1 when there is none; a doubled quote is a part of the cell. */
function closingQuote(text: string, open: number): number {
  for (let at = open + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0 || text[at + 1] !== '"') return at;
  }
}
