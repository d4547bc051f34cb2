import { ApiError } from '../../http/errors.js';
import type { Upload } from '../../http/receive-upload.js';

export type CsvEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const CSV_TYPES = [
  'text/csv',
  'application/csv',
  'text/plain',
  'application/vnd.ms-excel',
  'application/octet-stream',
  'text/comma-separated-values',
  '',
];
const SPREADSHEET = /\.(xlsx?|xlsm|xlsb|ods|numbers)$/i;
const ZIP = Buffer.from('PK\u0003\u0004');
const OLD_EXCEL = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);

/** Looks at a file's name, type and first bytes. @returns its encoding @throws ApiError for what is not a CSV */
export function checkFile({ fileName, mimeType, head, bytes }: Upload): CsvEncoding {
  if (SPREADSHEET.test(fileName) || startsWith(head, ZIP) || startsWith(head, OLD_EXCEL)) {
    throw new ApiError(
      'file_not_csv',
      `'${short(fileName)}' is a spreadsheet. Save it as CSV (in Excel: Save as, CSV UTF-8) and upload that file.`,
    );
  }
  if (!/\.csv$/i.test(fileName) && !['text/csv', 'application/csv'].includes(mimeType)) {
    throw new ApiError(
      'file_not_csv',
      `'${short(fileName)}' is not a .csv file. Save the recipients as CSV (UTF-8) and upload that file.`,
    );
  }
  if (!CSV_TYPES.includes(mimeType)) {
    throw new ApiError(
      'file_not_csv',
      `'${short(fileName)}' was sent as ${short(mimeType)}. Upload a CSV file, as text/csv.`,
    );
  }
  if (bytes === 0)
    throw new ApiError(
      'csv_empty',
      `'${short(fileName)}' is empty. The first row must name the columns, the others are recipients.`,
    );
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** The separator of the header row: the one of comma, semicolon and tab that occurs most often outside quotes. */
export function separatorOf(text: string): string {
  const counts = new Map([',', ';', '\t'].map((separator) => [separator, 0]));
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '\n' || character === '\r')) break;
    else if (!isQuoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
}

function startsWith(head: Buffer, magic: Buffer): boolean {
  return head.subarray(0, magic.length).equals(magic);
}

function short(text: string): string {
  return text.slice(0, 80);
}
