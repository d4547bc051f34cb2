import { Transform, type TransformCallback } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { readHeaders, type Column, type HeaderWarning } from '../../domain/csv-headers.js';
import { setOwn } from '../../domain/recipient-objects.js';
import { checkCsvRow, type RecipientDraft, type RecipientOptions } from '../../domain/recipient-row.js';
import type { Settings } from '../../platform/settings.js';
import { copyLine, type ImportSummary } from '../../store/fill-import.js';
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
  const parser = parse({
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: settings.csvRowBytesMax,
  });
  const rows = new RowChecker(options);
  return { steps: [decoder(encoding), parser, rows], summary: () => rows.summary() };
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

/** Records in, lines for COPY out. The first record is the headers. */
class RowChecker extends Transform {
  #columns: Column[] | null = null;
  #headerWarnings: HeaderWarning[] = [];
  #lines = '';
  #total = 0;
  #accepted = 0;
  readonly #phones = new PhoneSet();
  readonly #found = new Map<string, { message: string; count: number; rows: number[] }>();

  constructor(private readonly options: CsvOptions) {
    super({ writableObjectMode: true, writableHighWaterMark: 256 });
  }

  override _transform(record: string[], _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      if (this.#columns) this.#readRow(this.#columns, record);
      else this.#readHeaders(record);
    } catch (err) {
      return done(err as Error);
    }
    if (this.#lines.length < LINES_BYTES) return done();
    const lines = this.#lines;
    this.#lines = '';
    done(null, lines);
  }

  override _flush(done: TransformCallback): void {
    if (this.#total === 0) {
      const what = this.#columns ? 'has headers and no rows below them' : 'is empty';
      return done(new ApiError('csv_empty', `The CSV ${what}. Add at least one recipient, and upload it again.`));
    }
    done(null, this.#lines);
  }

  summary(): ImportSummary {
    const counted = [...this.#found].map(([code, found]) => ({ code, ...found }));
    return {
      totalRows: this.#total,
      acceptedRows: this.#accepted,
      rejectedRows: this.#total - this.#accepted,
      warnings: [...this.#headerWarnings, ...counted],
    };
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
      const content = cellsByHeader(columns, record);
      this.#lines += copyLine(this.options.importId, {
        rowNumber,
        accepted: false,
        content,
        problems: [...checked.errors, ...checked.warnings],
      });
      return;
    }
    this.#accepted += 1;
    const { recipient } = checked;
    if (recipient.repaired)
      this.#warn('phone_repaired', 'phone numbers were written differently and repaired', rowNumber);
    if (this.#phones.add(recipient.phone))
      this.#warn('duplicate_phone', 'phone numbers occur in an earlier row too; they are kept', rowNumber);
    this.#lines += copyLine(this.options.importId, {
      rowNumber,
      accepted: true,
      content: stagedRecipient(recipient),
      problems: checked.warnings,
    });
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

/** What `insert_recipients` reads; what is empty is left out, which halves a large import's size. */
function stagedRecipient(recipient: RecipientDraft): Record<string, unknown> {
  const {
    phone,
    name,
    variables,
    metadata,
    sipHeaders,
    skipPhoneCheck,
    overrideAgentId,
    overrideAgentVersion,
    timeZone,
    repaired,
  } = recipient;
  const staged: Record<string, unknown> = { phone, variables };
  if (name !== null) staged['name'] = name;
  if (Object.keys(metadata).length > 0) staged['metadata'] = metadata;
  if (Object.keys(sipHeaders).length > 0) staged['sipHeaders'] = sipHeaders;
  if (skipPhoneCheck) staged['skipPhoneCheck'] = true;
  if (overrideAgentId !== null) staged['overrideAgentId'] = overrideAgentId;
  if (overrideAgentVersion !== null) staged['overrideAgentVersion'] = overrideAgentVersion;
  if (timeZone !== null) staged['timeZone'] = timeZone;
  if (repaired) staged['repaired'] = true;
  return staged;
}

function cellsByHeader(columns: readonly Column[], record: readonly string[]): Record<string, string> {
  const cells: Record<string, string> = {};
  for (const [index, column] of columns.entries())
    if (column.kind !== 'ignored') setOwn(cells, column.header, record[index] ?? '');
  // Cells beyond the headers are why the row was rejected: they must be seen.
  for (let index = columns.length; index < record.length; index++)
    setOwn(cells, `column ${index + 1}`, record[index] ?? '');
  return cells;
}
