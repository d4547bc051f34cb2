import { chosenKind, type ColumnChoice } from '../column-choice.js';
import { reservedFieldOf } from '../csv-headers.js';
import { CsvReader } from './csv-reader.js';

/** How the rows of a file are written. `firstRows` are those below the headers, as far as its first bytes hold them. */
export type CsvShape = { delimiter: string; hasSeparatorLine: boolean; headers: string[]; firstRows: string[][] };

/** The separators that an upload may name. */
const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const;
export type Separator = keyof typeof SEPARATORS;
/** How a file is written, as far as the client says. */
export type AskedShape = { separator?: Separator | undefined; headerRow?: number; choice?: ColumnChoice };
type ShapeOptions = AskedShape & { isWhole: boolean; rowBytesMax: number };

/** A first line for spreadsheets, such as `sep=;`. A spreadsheet that wrote it again may have put separators behind it. */
const SEPARATOR_LINE = /^\ufeff?"?sep=([^"\r\n\p{L}\p{N}])[,;|\t"]{0,1000}(?:\r\n|\n|\r)/iu;
const ROWS_MAX = 50;

/**
 * The separator is what the client says, or `sep=`. Else it is the one that makes a phone column of the headers; of several, or none, the one by
 * which the most of the first rows have as many cells as the headers; then the one that makes more cells.
 * @param text the first part of the file, or all of it
 */
export function shapeOf(text: string, options: ShapeOptions): CsvShape {
  const { separator, headerRow = 1, choice } = options;
  const [line, written] = SEPARATOR_LINE.exec(text) ?? [];
  const told = separator ? SEPARATORS[separator] : written;
  const body = text.slice(line?.length ?? 0);
  const shapes = (told === undefined ? Object.values(SEPARATORS) : [told]).map((delimiter) => {
    const [headers = [], ...firstRows] = rowsOf(body, delimiter, options).slice(headerRow - 1);
    return { delimiter, hasSeparatorLine: line !== undefined, headers, firstRows };
  });
  return shapes.reduce((best, shape) => (isBetter(shape, best, choice) ? shape : best));
}

function rowsOf(text: string, delimiter: string, { isWhole, rowBytesMax, headerRow = 1 }: ShapeOptions): string[][] {
  const rows: string[][] = [];
  const keep = (cells: string[]): void => void (rows.length < headerRow + ROWS_MAX && rows.push(cells));
  const reader = new CsvReader({ delimiter, rowBytesMax, onRow: keep, onBadRow: () => keep([]) });
  reader.write(text);
  if (isWhole) reader.end();
  return rows;
}

function isBetter(shape: CsvShape, than: CsvShape, choice: ColumnChoice | undefined): boolean {
  const [mine, theirs] = [ranks(shape, choice), ranks(than, choice)];
  const at = mine.findIndex((rank, index) => rank !== theirs[index]);
  return at >= 0 && mine[at]! > theirs[at]!; // places of both
}

function ranks({ headers, firstRows }: CsvShape, choice: ColumnChoice | undefined): number[] {
  const hasPhone = headers.some(
    (header) => (chosenKind(header, choice) ?? reservedFieldOf(header, 'batch')) === 'phoneNumber',
  );
  const agreeing = headers.length < 2 ? 0 : firstRows.filter(({ length }) => length === headers.length).length;
  return [Number(hasPhone), agreeing, headers.length];
}
