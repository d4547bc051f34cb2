import { ApiError } from '../../http/errors.js';
import type { Upload } from '../../http/receive-upload.js';

const SAVE_AS = 'Save it as CSV (in Excel: Save as, CSV UTF-8) and upload that file.';

/** Files that are no text, by their first bytes: the name and the type of a file say what a client takes it for, and are not believed. */
const NO_CSV: readonly { begins: readonly number[] | string; is: string }[] = [
  { begins: [0x50, 0x4b, 0x03, 0x04], is: 'a spreadsheet' },
  { begins: [0x50, 0x4b, 0x05, 0x06], is: 'a zip file' },
  { begins: [0xd0, 0xcf, 0x11, 0xe0], is: 'a spreadsheet' },
  { begins: [0x1f, 0x8b], is: 'a compressed file' },
  { begins: [0x28, 0xb5, 0x2f, 0xfd], is: 'a compressed file' },
  { begins: '7z\xbc\xaf', is: 'a compressed file' },
  { begins: 'Rar!', is: 'a compressed file' },
  { begins: 'BZh', is: 'a compressed file' },
  { begins: '%PDF-', is: 'a PDF' },
  { begins: 'GIF8', is: 'a picture' },
  { begins: '\x89PNG', is: 'a picture' },
  { begins: [0xff, 0xd8, 0xff], is: 'a picture' },
  { begins: '{\\rtf', is: 'a document' },
  { begins: 'SQLite format 3', is: 'a database' },
  { begins: 'PAR1', is: 'a Parquet file' },
];
/** Web pages and XML, which some programs name .csv or .xls. */
const MARKUP = /^\s*<(?:!doctype|html|\?xml|table|meta|head|body|workbook)/i;
const MARKUP_BYTES = 200;

/** Looks at a file's content. @throws ApiError for what is no CSV, and says what to do */
export function checkFile({ fileName, head, bytes }: Upload): void {
  if (bytes === 0)
    throw new ApiError(
      'csv_empty',
      `'${short(fileName)}' is empty. The first row must name the columns, the others are recipients.`,
    );
  const is = whatIs(head);
  if (is !== null) throw new ApiError('file_not_csv', `'${short(fileName)}' is ${is}. ${SAVE_AS}`);
}

function whatIs(head: Buffer): string | null {
  const found = NO_CSV.find(({ begins }) =>
    head
      .subarray(0, begins.length)
      .equals(typeof begins === 'string' ? Buffer.from(begins, 'latin1') : Buffer.from(begins)),
  );
  if (found) return found.is;
  return MARKUP.test(
    head
      .subarray(0, MARKUP_BYTES)
      .toString('latin1')
      .replace(/^\xef\xbb\xbf/, ''),
  )
    ? 'a web page or XML'
    : null;
}

function short(text: string): string {
  return text.slice(0, 80);
}
