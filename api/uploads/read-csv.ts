import { Transform, type TransformCallback } from 'node:stream';
import { CsvError, Parser, type Options } from 'csv-parse';
import { readHeaders, type Column, type HeaderWarning } from '../../domain/csv-headers.js';
import { cellsByHeader, keptHeaders } from '../../domain/rejected-row.js';
import { checkCsvRow, type RecipientOptions } from '../../domain/recipient-row.js';
import { stagedRecipient } from '../../domain/staged-recipient.js';
import type { Settings } from '../../platform/settings.js';
import { copyLine, copyLineStart, type ImportSummary } from '../../store/fill-import.js';
import { ApiError } from '../errors.js';
import { separatorOf, type CsvEncoding } from './check-file.js';
import { PhoneSet } from './phone-set.js';

type CsvOptions = {
  importId: string;
  encoding: CsvEncoding;
  head: Buffer;
  recipient: RecipientOptions;
  settings: Pick<Settings, 'csvColumnsMax' | 'csvRowBytesMax'>;
};

const LINES_BYTES = 65_536;
/** Row numbers that a warning names. */
const EXAMPLES_MAX = 20;

/** The steps from the bytes of a CSV file to lines for COPY, and what was found on the way. Memory does not grow with the file, but for 16 bytes a number. */
export function readCsv(options: CsvOptions): { steps: Transform[]; summary: () => ImportSummary } {
  const { encoding, head, settings } = options;
  const delimiter = separatorOf(new TextDecoder(encoding).decode(head));
  const rows = new RowChecker(options);
  const parser = new LineParser(rows, {
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: settings.csvRowBytesMax,
  });
  return { steps: [decoder(encoding), parser], summary: () => rows.summary() };
}

/** What went wrong with the file, when it is the file's fault. */
export function toFileError(thrown: unknown, { csvRowBytesMax }: Pick<Settings, 'csvRowBytesMax'>): unknown {
  if (!(thrown instanceof CsvError)) return thrown;
  const line = (thrown as { lines?: number }).lines;
  const at = line === undefined ? '' : ` at line ${line}`;
  const message =
    thrown.code === 'CSV_MAX_RECORD_SIZE'
      ? `A row${at} is longer than ${Math.floor(csvRowBytesMax / 1024)} KiB; a quote that is not closed makes the rest of the file one row. Close it, or shorten the row.`
      : `The CSV could not be read${at}: a quote is not closed, or stands inside a value. Write values that contain quotes as "say ""hello""".`;
  return new ApiError('csv_unreadable', message, { cause: thrown });
}

/** Checks that the bytes are text, and turns UTF-16 into UTF-8. */
function decoder(encoding: CsvEncoding): Transform {
  const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: false });
  const read = (done: TransformCallback, chunk?: Buffer): void => {
    let decoded: string;
    try {
      decoded = chunk ? text.decode(chunk, { stream: true }) : text.decode();
    } catch (err) {
      return done(
        new ApiError('csv_unreadable', 'The file is not UTF-8. Save it as CSV UTF-8 and upload it again.', {
          cause: err,
        }),
      );
    }
    if (decoded.includes('\0'))
      return done(
        new ApiError(
          'csv_unreadable',
          'The file contains NUL bytes, so it is not text. Save it as CSV UTF-8 and upload it again.',
        ),
      );
    done(null, encoding === 'utf-8' ? (chunk ?? '') : decoded);
  };
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => read(done, chunk),
    flush: (done) => read(done),
  });
}

/** A parser that gives lines for COPY in place of records: handing every record to a stream of its own takes as long as parsing it. */
class LineParser extends Parser {
  readonly #rows: RowChecker;

  constructor(rows: RowChecker, options: Options) {
    super(options);
    this.#rows = rows;
  }

  override push(record: string[] | null): boolean {
    if (this.destroyed) return false;
    try {
      const lines = record ? this.#rows.read(record) : this.#rows.end();
      if (lines !== null) super.push(lines);
    } catch (err) {
      this.destroy(err as Error);
      return false;
    }
    return record ? true : super.push(null);
  }
}

/** Records in, lines for COPY out. The first record is the headers. */
class RowChecker {
  #columns: Column[] | null = null;
  #headerWarnings: HeaderWarning[] = [];
  #lines = '';
  #total = 0;
  #accepted = 0;
  readonly #acceptedStart: string;
  readonly #rejectedStart: string;
  readonly #phones = new PhoneSet();
  readonly #found = new Map<string, { message: string; count: number; rows: number[] }>();

  constructor(private readonly options: CsvOptions) {
    this.#acceptedStart = copyLineStart(options.importId, true);
    this.#rejectedStart = copyLineStart(options.importId, false);
  }

  /** @returns lines when there are enough of them, else null. @throws ApiError for headers that cannot be used */
  read(record: string[]): string | null {
    if (this.#columns) this.#readRow(this.#columns, record);
    else this.#readHeaders(record);
    return this.#lines.length < LINES_BYTES ? null : this.#takeLines();
  }

  /** @returns the last lines. @throws ApiError when there was no row */
  end(): string {
    if (this.#total > 0) return this.#takeLines();
    const what = this.#columns ? 'has headers and no rows below them' : 'is empty';
    throw new ApiError('csv_empty', `The CSV ${what}. Add at least one recipient, and upload it again.`);
  }

  summary(): ImportSummary {
    const counted = [...this.#found].map(([code, found]) => ({ code, ...found }));
    return {
      totalRows: this.#total,
      acceptedRows: this.#accepted,
      rejectedRows: this.#total - this.#accepted,
      warnings: [...this.#headerWarnings, ...counted],
      headers: keptHeaders(this.#columns ?? []),
    };
  }

  #takeLines(): string {
    const lines = this.#lines;
    this.#lines = '';
    return lines;
  }

  #readHeaders(record: string[]): void {
    const { recipient, settings } = this.options;
    const headers = readHeaders(record, { hoursIn: recipient.hoursIn, columnsMax: settings.csvColumnsMax });
    if (!headers.ok) {
      throw new ApiError('csv_headers', `${headers.message}.`, {
        errors: [{ field: 'file', code: headers.code, message: headers.message }],
      });
    }
    this.#columns = headers.columns;
    this.#headerWarnings = headers.warnings;
  }

  #readRow(columns: Column[], record: string[]): void {
    const rowNumber = ++this.#total;
    const checked = checkCsvRow(columns, record, this.options.recipient);
    for (const warning of checked.warnings) this.#warn(warning.code, warning.message, rowNumber);
    if (!checked.ok) {
      const content = JSON.stringify(cellsByHeader(columns, record));
      this.#lines += copyLine(this.#rejectedStart, rowNumber, content, [...checked.errors, ...checked.warnings]);
      return;
    }
    this.#accepted += 1;
    const { recipient } = checked;
    if (recipient.repaired)
      this.#warn('phone_repaired', 'phone numbers were written differently and repaired', rowNumber);
    if (this.#phones.add(recipient.phone))
      this.#warn('duplicate_phone', 'phone numbers occur in an earlier row too; they are kept', rowNumber);
    const content = JSON.stringify(stagedRecipient(recipient));
    this.#lines += copyLine(this.#acceptedStart, rowNumber, content, checked.warnings);
  }

  #warn(code: string, message: string, rowNumber: number): void {
    const found = this.#found.get(code);
    if (!found) this.#found.set(code, { message, count: 1, rows: [rowNumber] });
    else {
      found.count += 1;
      if (found.rows.length < EXAMPLES_MAX) found.rows.push(rowNumber);
    }
  }
}
