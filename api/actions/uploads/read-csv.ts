import { Transform, type TransformCallback } from 'node:stream';
import { zoneSetOf, type BatchHoursSpec } from '../../../domain/hours/batch-hours.js';
import { beginningOf, type FieldProblem } from '../../../domain/field-problem.js';
import type { FieldCode } from '../../../domain/field-codes.js';
import type { BadRow } from '../../../domain/imports/csv/csv-reader.js';
import type { ColumnChoice } from '../../../domain/imports/column-choice.js';
import { showColumns, type Column, type HeaderWarning } from '../../../domain/imports/columns.js';
import { readHeaders } from '../../../domain/imports/csv-headers.js';
import { codesOf, countRow, type ProblemCounts } from '../../../domain/imports/problem-counts.js';
import { cellsByHeader, keptChoice, keptHeaders } from '../../../domain/imports/rejected-row.js';
import type { PhoneFit } from '../../../domain/recipients/phone.js';
import { checkCsvRow, type RecipientOptions } from '../../../domain/recipients/recipient-row.js';
import { toStoredRecipient } from '../../../domain/recipients/stored-recipient.js';
import { createPause } from '../../../platform/pause.js';
import type { Settings } from '../../../platform/settings.js';
import { copyLine, copyLineStart, type ImportSummary } from '../../../store/imports/fill-import.js';
import { ApiError } from '../../http/errors.js';
import type { FileEncoding } from './detect-encoding.js';
import { LineBytes } from './line-bytes.js';
import { brokenHeaders, createRowReader, piecesOf, type CsvFile } from './open-csv.js';
import { PhoneSet } from './phone-set.js';

type CsvOptions = {
  importId: string;
  file: CsvFile;
  /** Which row has the headers; the rows above it are passed over. */
  headerRow: number;
  choice: ColumnChoice;
  recipient: RecipientOptions;
  /** Decides in which zones a recipient is called. */
  hours: Pick<BatchHoursSpec, 'hoursIn' | 'purpose' | 'unknownZone'>;
  settings: Pick<Settings, 'csvColumnsMax' | 'csvRowBytesMax' | 'csvRowsMax' | 'importBytesMax'>;
};

/** Row numbers that a warning names. */
const EXAMPLES_MAX = 20;
/** Cells that show whether a file was read in the right encoding. */
const SAMPLES_MAX = 3;
const SAMPLE_LENGTH_MAX = 60;
const BEYOND_ASCII = /[\u0080-\uffff]/;

/** The step from the bytes of a CSV file to lines for COPY, and what was found on the way. Memory does not grow with the file, but for 16 bytes a number. */
export function readCsv(options: CsvOptions): { step: Transform; summary: () => ImportSummary } {
  const rows = new RowChecker(options);
  const read = createRowReader(options.file, options.settings, {
    onRow: (cells) => rows.read(cells),
    onBadRow: (row) => rows.reject(row),
  });
  const pause = createPause();
  async function readChunk(chunk: Buffer): Promise<Buffer[]> {
    for (const piece of piecesOf(chunk)) {
      read(piece);
      await pause();
    }
    return rows.takeLines();
  }
  async function readEnd(): Promise<Buffer[]> {
    await pause();
    read();
    rows.end();
    return rows.takeLines();
  }
  /** Hands on the lines that the work has made, or its error. */
  const handOn = (lines: Promise<Buffer[]>, done: TransformCallback): void =>
    void lines.then(
      (pieces) => {
        for (const piece of pieces) step.push(piece);
        done();
      },
      (err: unknown) => done(err as Error),
    );
  const step = new Transform({
    transform: (chunk: Buffer, _encoding, done) => handOn(readChunk(chunk), done),
    flush: (done) => handOn(readEnd(), done),
  });
  return { step, summary: () => rows.summary() };
}

/** Rows in, lines for COPY out. The first row that counts is the headers. */
class RowChecker {
  #columns: Column[] | null = null;
  #above = 0;
  #headerWarnings: HeaderWarning[] = [];
  readonly #lines = new LineBytes();
  #total = 0;
  #accepted = 0;
  #duplicates = 0;
  readonly #fits: Partial<Record<PhoneFit, number>> = {};
  readonly #problems: ProblemCounts = {};
  #bytes = 0;
  readonly #samples: string[] = [];
  readonly #acceptedStart: string;
  readonly #rejectedStart: string;
  readonly #phones = new PhoneSet();
  readonly #found = new Map<string, { message: string; count: number; rows: number[] }>();

  constructor(private readonly options: CsvOptions) {
    this.#acceptedStart = copyLineStart(options.importId, true);
    this.#rejectedStart = copyLineStart(options.importId, false);
  }

  /** @throws ApiError for headers that cannot be used */
  read(cells: string[]): void {
    if (this.#columns) this.#readRow(this.#columns, cells);
    else if (!this.#isAbove()) this.#readHeaders(cells);
  }

  /** A row that could not be cut into cells. @throws ApiError when it is the headers */
  reject(row: BadRow): void {
    if (!this.#columns) {
      if (this.#isAbove()) return;
      throw brokenHeaders(row);
    }
    this.#addRejected(this.#columns, row.cells, [row.problem]);
  }

  /** @throws ApiError when there was no row */
  end(): void {
    if (this.#total > 0) return;
    if (!this.#columns && this.#above > 0) throw headerRowMissing(this.#above, this.options.headerRow);
    const what = this.#columns ? 'has headers and no rows below them' : 'is empty';
    throw new ApiError('csv_empty', `The CSV ${what}. Add at least one recipient, and upload it again.`);
  }

  /** What has come together since the last time. @throws ApiError when it is more than an import may have */
  takeLines(): Buffer[] {
    const lines = this.#lines.take();
    const { csvRowsMax, importBytesMax } = this.options.settings;
    for (const { length } of lines) this.#bytes += length;
    if (this.#total > csvRowsMax) throw tooLarge(`has more than ${grouped(csvRowsMax)} rows`);
    if (this.#bytes <= importBytesMax) return lines;
    const size = `more than ${grouped(Math.floor(importBytesMax / 1_048_576))} MiB`;
    throw tooLarge(
      `makes rows of ${size}, ${grouped(this.#total)} of them so far, ${grouped(this.#total - this.#accepted)} rejected`,
    );
  }

  summary(): ImportSummary {
    const counted = [...this.#found].map(([code, found]) => ({ code, ...found }));
    const { encoding } = this.options.file;
    return {
      totalRows: this.#total,
      acceptedRows: this.#accepted,
      rejectedRows: this.#total - this.#accepted,
      warnings: [...(encoding.certain ? [] : [encodingWarning(encoding)]), ...this.#headerWarnings, ...counted],
      phoneFits: this.#fits,
      problemCounts: this.#problems,
      duplicateRows: this.#duplicates,
      headers: keptHeaders(this.#columns ?? []),
      columns: showColumns(this.#columns ?? []),
      columnChoice: keptChoice(this.#columns ?? [], this.options.choice),
      encoding: { ...encoding, samples: this.#samples },
    };
  }

  /** Counts the rows above the headers. */
  #isAbove(): boolean {
    if (this.#above >= this.options.headerRow - 1) return false;
    this.#above += 1;
    return true;
  }

  #readHeaders(cells: string[]): void {
    const { recipient, settings, file, headerRow, choice } = this.options;
    const headers = readHeaders(cells, {
      ...recipient,
      columnsMax: settings.csvColumnsMax,
      firstRows: file.shape.firstRows,
      choice,
      guess: { headerRow },
    });
    if (!headers.ok) {
      throw new ApiError('csv_headers', `${headers.message}.`, {
        errors: [{ field: 'file', code: headers.code, message: headers.message }],
      });
    }
    this.#columns = headers.columns;
    this.#headerWarnings = headers.warnings;
  }

  #readRow(columns: Column[], cells: string[]): void {
    const checked = checkCsvRow(columns, cells, this.options.recipient);
    if (!this.options.file.encoding.certain && this.#samples.length < SAMPLES_MAX) this.#takeSamples(cells);
    for (const warning of checked.warnings) this.#warn(warning.code, warning.message, this.#total + 1);
    if (checked.fit) this.#fits[checked.fit] = (this.#fits[checked.fit] ?? 0) + 1;
    if (!checked.ok) return this.#addRejected(columns, cells, [...checked.errors, ...checked.warnings]);
    const rowNumber = ++this.#total;
    this.#accepted += 1;
    const { recipient } = checked;
    if (recipient.repaired)
      this.#warn('phone_repaired', 'phone numbers were written differently and repaired', rowNumber);
    if (this.#phones.add(recipient.phoneKey ?? recipient.phone)) {
      this.#duplicates += 1;
      this.#warn('duplicate_phone', 'phone numbers occur in an earlier row too; they are kept', rowNumber);
    }
    if (checked.warnings.length > 0) countRow(this.#problems, codesOf(checked.warnings), true);
    const content = JSON.stringify(toStoredRecipient(recipient, zoneSetOf(recipient, this.options.hours)));
    this.#lines.add(copyLine(this.#acceptedStart, rowNumber, content, checked.warnings));
  }

  #addRejected(columns: Column[], cells: string[], problems: readonly FieldProblem[]): void {
    countRow(this.#problems, codesOf(problems), false);
    const content = JSON.stringify(cellsByHeader(columns, cells));
    this.#lines.add(copyLine(this.#rejectedStart, ++this.#total, content, problems));
  }

  #takeSamples(cells: readonly string[]): void {
    for (const cell of cells) {
      const sample = beginningOf(cell, SAMPLE_LENGTH_MAX);
      if (this.#samples.length < SAMPLES_MAX && BEYOND_ASCII.test(sample)) this.#samples.push(sample);
    }
  }

  #warn(code: FieldCode, message: string, rowNumber: number): void {
    const found = this.#found.get(code);
    if (!found) this.#found.set(code, { message, count: 1, rows: [rowNumber] });
    else {
      found.count += 1;
      if (found.rows.length < EXAMPLES_MAX) found.rows.push(rowNumber);
    }
  }
}

function encodingWarning({ name }: FileEncoding): { code: FieldCode; message: string } {
  const message = `The file was read as ${name}, which is not certain, so it is not confirmed by itself; look at the samples of \`encoding\`, and confirm it if they are right, else discard it and upload the file with another \`encoding\``;
  return { code: 'encoding_uncertain', message };
}

function headerRowMissing(rows: number, headerRow: number): ApiError {
  const message = `the file has ${rows} row${rows === 1 ? '' : 's'}, and row ${headerRow} is to have the headers; blank rows are not counted`;
  return new ApiError('csv_headers', `${message[0]?.toUpperCase() ?? ''}${message.slice(1)}.`, {
    errors: [{ field: 'headerRow', code: 'header_row_missing', message }],
  });
}

function tooLarge(what: string): ApiError {
  return new ApiError('import_too_large', `The file ${what}. Split it and upload the parts one after the other.`);
}

function grouped(count: number): string {
  return count.toLocaleString('en');
}
