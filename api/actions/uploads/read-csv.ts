import { Transform, type TransformCallback } from 'node:stream';
import { CsvError } from 'csv-parse';
import { zoneSetOf, type BatchHoursSpec } from '../../../domain/hours/batch-hours.js';
import { readHeaders, type Column, type HeaderWarning } from '../../../domain/imports/csv-headers.js';
import { cellsByHeader, keptHeaders } from '../../../domain/imports/rejected-row.js';
import type { PhoneFit } from '../../../domain/recipients/phone.js';
import { checkCsvRow, type RecipientOptions } from '../../../domain/recipients/recipient-row.js';
import { toStoredRecipient } from '../../../domain/recipients/stored-recipient.js';
import type { Settings } from '../../../platform/settings.js';
import { copyLine, copyLineStart, type ImportSummary } from '../../../store/imports/fill-import.js';
import { ApiError } from '../../http/errors.js';
import { separatorOf } from './check-file.js';
import { brokenQuote, CsvReader, rowTooLong } from './csv-reader.js';
import { createDecoder, type TextEncoding } from './decode-text.js';
import { PhoneSet } from './phone-set.js';

type CsvOptions = {
  importId: string;
  encoding: TextEncoding;
  head: Buffer;
  recipient: RecipientOptions;
  /** Decides in which zones a recipient is called. */
  hours: Pick<BatchHoursSpec, 'hoursIn' | 'purpose' | 'unknownZone'>;
  settings: Pick<Settings, 'csvColumnsMax' | 'csvRowBytesMax'>;
};

const READ_AS_1252 = {
  code: 'read_as_windows_1252',
  message: 'The file is not UTF-8 and was read as Windows-1252; check that names with accents are right',
};
/** Row numbers that a warning names. */
const EXAMPLES_MAX = 20;

/** The step from the bytes of a CSV file to lines for COPY, and what was found on the way. Memory does not grow with the file, but for 16 bytes a number. */
export function readCsv(options: CsvOptions): { step: Transform; summary: () => ImportSummary } {
  const { encoding, head, settings } = options;
  const rows = new RowChecker(options);
  const reader = new CsvReader({
    delimiter: separatorOf(new TextDecoder(encoding).decode(head)),
    rowBytesMax: settings.csvRowBytesMax,
    onRow: (cells) => rows.read(cells),
  });
  const decode = createDecoder(encoding);
  const step = new Transform({
    transform: (chunk: Buffer, _encoding, done) => attempt(done, () => reader.write(decode(chunk))),
    flush: (done) =>
      attempt(done, () => {
        reader.write(decode());
        reader.end();
        rows.end();
      }),
  });
  /** Hands on the lines that the work has made, or its error. */
  function attempt(done: TransformCallback, work: () => void): void {
    try {
      work();
    } catch (err) {
      return done(err as Error);
    }
    done(null, rows.takeLines());
  }
  return { step, summary: () => rows.summary() };
}

/** What went wrong with a file that csv-parse reads, when it is the file's fault. */
export function toFileError(thrown: unknown, { csvRowBytesMax }: Pick<Settings, 'csvRowBytesMax'>): unknown {
  if (!(thrown instanceof CsvError)) return thrown;
  const line = (thrown as { lines?: number }).lines;
  return thrown.code === 'CSV_MAX_RECORD_SIZE' ? rowTooLong(line, csvRowBytesMax) : brokenQuote(line);
}

/** Rows in, lines for COPY out. The first row is the headers. */
class RowChecker {
  #columns: Column[] | null = null;
  #headerWarnings: HeaderWarning[] = [];
  #lines = '';
  #total = 0;
  #accepted = 0;
  #duplicates = 0;
  readonly #fits: Partial<Record<PhoneFit, number>> = {};
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
    else this.#readHeaders(cells);
  }

  /** @throws ApiError when there was no row */
  end(): void {
    if (this.#total > 0) return;
    const what = this.#columns ? 'has headers and no rows below them' : 'is empty';
    throw new ApiError('csv_empty', `The CSV ${what}. Add at least one recipient, and upload it again.`);
  }

  /** What has come together since the last time. */
  takeLines(): string {
    const lines = this.#lines;
    this.#lines = '';
    return lines;
  }

  summary(): ImportSummary {
    const counted = [...this.#found].map(([code, found]) => ({ code, ...found }));
    return {
      totalRows: this.#total,
      acceptedRows: this.#accepted,
      rejectedRows: this.#total - this.#accepted,
      warnings: [
        ...(this.options.encoding === 'windows-1252' ? [READ_AS_1252] : []),
        ...this.#headerWarnings,
        ...counted,
      ],
      phoneFits: this.#fits,
      duplicateRows: this.#duplicates,
      headers: keptHeaders(this.#columns ?? []),
    };
  }

  #readHeaders(cells: string[]): void {
    const { recipient, settings } = this.options;
    const headers = readHeaders(cells, { hoursIn: recipient.hoursIn, columnsMax: settings.csvColumnsMax });
    if (!headers.ok) {
      throw new ApiError('csv_headers', `${headers.message}.`, {
        errors: [{ field: 'file', code: headers.code, message: headers.message }],
      });
    }
    this.#columns = headers.columns;
    this.#headerWarnings = headers.warnings;
  }

  #readRow(columns: Column[], cells: string[]): void {
    const rowNumber = ++this.#total;
    const checked = checkCsvRow(columns, cells, this.options.recipient);
    for (const warning of checked.warnings) this.#warn(warning.code, warning.message, rowNumber);
    if (checked.fit) this.#fits[checked.fit] = (this.#fits[checked.fit] ?? 0) + 1;
    if (!checked.ok) {
      const content = JSON.stringify(cellsByHeader(columns, cells));
      this.#lines += copyLine(this.#rejectedStart, rowNumber, content, [...checked.errors, ...checked.warnings]);
      return;
    }
    this.#accepted += 1;
    const { recipient } = checked;
    if (recipient.repaired)
      this.#warn('phone_repaired', 'phone numbers were written differently and repaired', rowNumber);
    if (this.#phones.add(recipient.phoneKey ?? recipient.phone)) {
      this.#duplicates += 1;
      this.#warn('duplicate_phone', 'phone numbers occur in an earlier row too; they are kept', rowNumber);
    }
    const content = JSON.stringify(toStoredRecipient(recipient, zoneSetOf(recipient, this.options.hours)));
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
