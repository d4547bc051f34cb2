import { reservedFieldOf } from '../../../domain/imports/csv-headers.js';
import { CsvReader } from './csv-reader.js';

/** How the rows of a file are written. `firstRows` are those below the headers, as far as its first bytes hold them. */
export type CsvShape = { delimiter: string; hasSeparatorLine: boolean; headers: string[]; firstRows: string[][] };

const SEPARATORS = [',', ';', '\t', '|'];
/** A first line for spreadsheets, such as `sep=;`. A spreadsheet that wrote it again may have put separators behind it. */
const SEPARATOR_LINE = /^\ufeff?"?sep=([^"\r\n\p{L}\p{N}])[,;|\t"]{0,1000}(?:\r\n|\n|\r)/iu;
const ROWS_MAX = 50;

/**
 * The separator is what `sep=` says. Else it is the one that makes a phone column of the headers; of several, or none, the one by
 * which the most of the first rows have as many cells as the headers; then the one that makes more cells.
 * @param text the first part of the file, or all of it
 */
export function shapeOf(text: string, { isWhole, rowBytesMax }: { isWhole: boolean; rowBytesMax: number }): CsvShape {
  const [line, told] = SEPARATOR_LINE.exec(text) ?? [];
  const body = text.slice(line?.length ?? 0);
  const shapes = (told === undefined ? SEPARATORS : [told]).map((delimiter) => {
    const [headers = [], ...firstRows] = rowsOf(body, delimiter, { isWhole, rowBytesMax });
    return { delimiter, hasSeparatorLine: line !== undefined, headers, firstRows };
  });
  return shapes.reduce((best, shape) => (isBetter(shape, best) ? shape : best));
}

function rowsOf(
  text: string,
  delimiter: string,
  { isWhole, rowBytesMax }: { isWhole: boolean; rowBytesMax: number },
): string[][] {
  const rows: string[][] = [];
  const keep = (cells: string[]): void => void (rows.length <= ROWS_MAX && rows.push(cells));
  const reader = new CsvReader({ delimiter, rowBytesMax, onRow: keep, onBadRow: () => keep([]) });
  reader.write(text);
  if (isWhole) reader.end();
  return rows;
}

function isBetter(shape: CsvShape, than: CsvShape): boolean {
  const [mine, theirs] = [ranks(shape), ranks(than)];
  const at = mine.findIndex((rank, index) => rank !== theirs[index]);
  return at >= 0 && mine[at]! > theirs[at]!; // places of both
}

function ranks({ headers, firstRows }: CsvShape): number[] {
  const hasPhone = headers.some((header) => reservedFieldOf(header, 'batch') === 'phoneNumber');
  const agreeing = headers.length < 2 ? 0 : firstRows.filter(({ length }) => length === headers.length).length;
  return [Number(hasPhone), agreeing, headers.length];
}
