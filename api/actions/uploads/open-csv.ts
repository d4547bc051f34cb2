import { CsvReader, type BadRow } from '../../../domain/imports/csv/csv-reader.js';
import { shapeOf, type AskedShape, type CsvShape } from '../../../domain/imports/csv/csv-shape.js';
import type { TextEncoding } from '../../../domain/imports/text-encodings.js';
import type { Settings } from '../../../platform/settings.js';
import { ApiError } from '../../http/errors.js';
import type { Upload } from '../../http/receive-upload.js';
import { checkFile } from './check-file.js';
import { createDecoder } from './decode-text.js';
import { encodingOf, type FileEncoding } from './detect-encoding.js';

/** An uploaded file whose encoding and separator are known. */
export type CsvFile = { upload: Upload; encoding: FileEncoding; shape: CsvShape };
/** Takes the rows of a file, from its headers on. */
export type RowTaker = { onRow(cells: string[]): void; onBadRow(row: BadRow): void };

/**
 * Looks at the content of a file; nothing else decides what it is. @param asked what the client says of it
 * @throws ApiError for what is no CSV
 */
export function openCsv(
  upload: Upload,
  { encoding: named, ...asked }: AskedShape & { encoding?: TextEncoding | undefined },
  settings: Pick<Settings, 'csvRowBytesMax'>,
): CsvFile {
  checkFile(upload);
  const encoding = encodingOf(upload, named);
  const head = createDecoder(encoding.name)(upload.head);
  const isWhole = upload.bytes <= upload.head.length;
  return { upload, encoding, shape: shapeOf(head, { ...asked, isWhole, rowBytesMax: settings.csvRowBytesMax }) };
}

/** Reads bytes of the file as they come; the end comes without a chunk. Its rows are taken before the call returns. */
export function createRowReader(
  { encoding, shape }: CsvFile,
  { csvRowBytesMax }: Pick<Settings, 'csvRowBytesMax'>,
  { onRow, onBadRow }: RowTaker,
): (chunk?: Buffer) => void {
  let isSeparatorLine = shape.hasSeparatorLine;
  const reader = new CsvReader({
    delimiter: shape.delimiter,
    rowBytesMax: csvRowBytesMax,
    onRow: (cells) => (isSeparatorLine ? (isSeparatorLine = false) : onRow(cells)),
    onBadRow,
  });
  const decode = createDecoder(encoding.name);
  return (chunk) => {
    reader.write(decode(chunk));
    if (!chunk) reader.end();
  };
}

/** Rows that are all wrong take fifty times as long as others: so few bytes of them take some milliseconds. */
const PIECE_BYTES = 2_048;

/** The parts of a chunk: other requests are served between them, where that is needed. */
export function* piecesOf(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES);
}

/** The error of a file whose first row cannot be read. */
export function brokenHeaders({ problem }: BadRow): ApiError {
  return new ApiError(
    'csv_unreadable',
    `The first row, which names the columns, could not be read: ${problem.message}.`,
  );
}
