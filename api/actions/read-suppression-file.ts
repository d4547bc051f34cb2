import {
  checkSuppressionRow,
  readSuppressionHeaders,
  type PhoneReading,
  type SuppressionColumns,
  type SuppressionRow,
} from '../../domain/recipients/suppression-rows.js';
import { createPause } from '../../platform/pause.js';
import type { Settings } from '../../platform/settings.js';
import { SUPPRESSIONS_CHUNK_MAX, type NewSuppression } from '../../store/workspaces/suppressions.js';
import { ApiError } from '../http/errors.js';
import { brokenHeaders, createRowReader, piecesOf, type CsvFile } from './uploads/open-csv.js';

type CsvSettings = Pick<Settings, 'csvColumnsMax' | 'csvRowBytesMax'>;
export type SuppressionFile = { file: CsvFile; settings: CsvSettings; reading: PhoneReading };

/** Rejected rows that an answer names. */
const REJECTED_NAMED_MAX = 100;

export type FileCheck = {
  accepted: number;
  notE164: number;
  rejectedRows: number;
  rejected: { rowNumber: number; message: string }[];
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
    if (check.rejected.length < REJECTED_NAMED_MAX) check.rejected.push({ rowNumber: row, message: checked.message });
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
async function* readRows({ file, settings, reading }: SuppressionFile): AsyncGenerator<SuppressionRow> {
  let columns: SuppressionColumns | null = null;
  let rows: SuppressionRow[] = [];
  const pause = createPause();
  const read = createRowReader(file, settings, {
    onRow: (cells) => {
      if (columns) rows.push(checkSuppressionRow(columns, cells, reading));
      else columns = readHeaders(cells, file, settings);
    },
    onBadRow: (row) => {
      if (!columns) throw brokenHeaders(row);
      rows.push({ ok: false, message: row.problem.message });
    },
  });
  for await (const chunk of file.upload.open() as AsyncIterable<Buffer>) {
    for (const piece of piecesOf(chunk)) {
      read(piece);
      yield* rows;
      rows = [];
      await pause();
    }
  }
  read();
  yield* rows;
}

function readHeaders(cells: readonly string[], { shape }: CsvFile, { csvColumnsMax }: CsvSettings): SuppressionColumns {
  const headers = readSuppressionHeaders(cells, { columnsMax: csvColumnsMax, firstRows: shape.firstRows });
  if (headers.ok) return headers.columns;
  throw new ApiError('csv_headers', `${headers.message}.`, {
    errors: [{ field: 'file', code: headers.code, message: headers.message }],
  });
}
