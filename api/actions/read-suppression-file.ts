import { pipeline } from 'node:stream/promises';
import { parse } from 'csv-parse';
import {
  checkSuppressionRow,
  readSuppressionHeaders,
  type PhoneReading,
  type SuppressionColumns,
  type SuppressionRow,
} from '../../domain/recipients/suppression-rows.js';
import type { Settings } from '../../platform/settings.js';
import { SUPPRESSIONS_CHUNK_MAX, type NewSuppression } from '../../store/workspaces/suppressions.js';
import { ApiError } from '../http/errors.js';
import { separatorOf, type CsvEncoding } from './uploads/check-file.js';
import { toFileError } from './uploads/read-csv.js';
import type { Upload } from '../http/receive-upload.js';

type CsvSettings = Pick<Settings, 'csvColumnsMax' | 'csvRowBytesMax'>;
export type SuppressionFile = { upload: Upload; encoding: CsvEncoding; settings: CsvSettings; reading: PhoneReading };

/** Rejected rows that an answer names. */
const REJECTED_NAMED_MAX = 100;

export type FileCheck = {
  accepted: number;
  notE164: number;
  rejectedRows: number;
  rejected: { row: number; message: string }[];
};

/** Reads the whole file and keeps nothing of it. @throws ApiError when it cannot be read */
export async function checkSuppressionFile(file: SuppressionFile): Promise<FileCheck> {
  const check: FileCheck = { accepted: 0, notE164: 0, rejectedRows: 0, rejected: [] };
  let row = 0;
  for await (const checked of readRows(file)) {
    row += 1;
    if (checked.ok) {
      check.accepted += 1;
      if (!checked.isE164) check.notE164 += 1;
      continue;
    }
    check.rejectedRows += 1;
    if (check.rejected.length < REJECTED_NAMED_MAX) check.rejected.push({ row, message: checked.message });
  }
  if (row > 0) return check;
  throw new ApiError(
    'csv_empty',
    'The CSV has no rows below its headers. Add at least one number, and upload it again.',
  );
}

/** Reads the file once more, for its accepted rows: memory does not grow with the file. */
export async function* chunksOfFile(file: SuppressionFile): AsyncGenerator<readonly NewSuppression[]> {
  let chunk: NewSuppression[] = [];
  for await (const checked of readRows(file)) {
    if (!checked.ok) continue;
    chunk.push({ phone: checked.phone, key: checked.key, reason: checked.reason });
    if (chunk.length < SUPPRESSIONS_CHUNK_MAX) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Every row below the headers, checked. */
async function* readRows({
  upload,
  encoding,
  settings,
  reading: phoneReading,
}: SuppressionFile): AsyncGenerator<SuppressionRow> {
  const parser = parse({
    bom: true,
    delimiter: separatorOf(new TextDecoder(encoding).decode(upload.head)),
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: settings.csvRowBytesMax,
  });
  const reading = pipeline(textOf(upload, encoding), parser);
  // What went wrong is thrown by the loop below too.
  reading.catch(() => {});
  let columns: SuppressionColumns | null = null;
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (columns) yield checkSuppressionRow(columns, record, phoneReading);
      else columns = readHeaders(record, settings);
    }
  } catch (thrown) {
    throw toFileError(thrown, settings);
  }
}

/** The file as text, whichever encoding it has. */
async function* textOf(upload: Upload, encoding: CsvEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Buffer): string => {
    try {
      const text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
      if (!text.includes('\0')) return text;
    } catch (err) {
      throw unreadable('is not UTF-8', err);
    }
    throw unreadable('contains NUL bytes, so it is not text');
  };
  for await (const chunk of upload.open() as AsyncIterable<Buffer>) yield decode(chunk);
  yield decode();
}

function readHeaders(record: readonly string[], { csvColumnsMax }: CsvSettings): SuppressionColumns {
  const headers = readSuppressionHeaders(record, { columnsMax: csvColumnsMax });
  if (headers.ok) return headers.columns;
  throw new ApiError('csv_headers', `${headers.message}.`, {
    errors: [{ field: 'file', code: headers.code, message: headers.message }],
  });
}

function unreadable(why: string, cause?: unknown): ApiError {
  return new ApiError('csv_unreadable', `The file ${why}. Save it as CSV UTF-8 and upload it again.`, { cause });
}
