import { recordAudit } from '../people/record-audit.js';
import type { Asked } from '../settings/plain-rows.js';
import type { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ColumnChoice } from '../../domain/imports/column-choice.js';
import type { ProblemCounts } from '../../domain/imports/problem-counts.js';
import type { ShownColumn } from '../../domain/imports/columns.js';
import type { PhoneFit } from '../../domain/recipients/phone.js';
import type { Receipt } from './create-import.js';
import type { ReadEncoding } from './read-import.js';
import { cancelWhenAborted } from '../cancel-statement.js';
import { inTransaction, type Database, type Queryable } from '../database.js';

export type ImportSummary = {
  totalRows: number;
  acceptedRows: number;
  rejectedRows: number;
  warnings: unknown[];
  /** How many rows without + only one reading of their number fits, or both. */
  phoneFits?: Partial<Record<PhoneFit, number>>;
  /** How many rows have a problem of each code. */
  problemCounts?: ProblemCounts;
  /** Accepted rows whose number an earlier one has. */
  duplicateRows?: number;
  /** Those whose cells are kept. */
  headers: string[];
  columns: ShownColumn[];
  /** What was chosen or guessed of them. */
  columnChoice: ColumnChoice;
  encoding: ReadEncoding;
};

/** The import was discarded, or begun again by somebody else, while it was being filled. */
export class ImportTakenBack extends Error {
  override readonly name = 'ImportTakenBack';
}

/** The COPY of a whole file, and the locks that it waits for. */
const COPY_TIMEOUT = '15min';
/** How often the counts so far are shown, which also says that this process lives. */
const PROGRESS_EVERY_MS = 500;
const NO_PROBLEMS = '[]';

/** One row as COPY reads it: whose columns are those of `fillImport`. `content` is JSON, which escapes control characters itself, so only backslashes are left. */
export function copyLine(start: string, rowNumber: number, content: string, problems: readonly unknown[]): string {
  const found = problems.length === 0 ? NO_PROBLEMS : escape(JSON.stringify(problems));
  return `${start}${rowNumber}\t${escape(content)}\t${found}\n`;
}

/** How the lines of an import begin. */
export function copyLineStart(importId: string, accepted: boolean): string {
  return `${importId}\t${accepted ? 't' : 'f'}\t`;
}

function escape(json: string): string {
  return json.includes('\\') ? json.replaceAll('\\', '\\\\') : json;
}

type ImportInput = {
  source: Readable;
  step: Transform;
  summary: () => ImportSummary;
  /** Where the signs of life are written: no COPY may hold these connections. */
  signs: Queryable;
  /** Ends the COPY, also while it waits. */
  gone: AbortSignal;
  /** Who uploads, to which batch. */
  by: Asked & { batchId: string };
};

/**
 * Copies the rows of an import and puts it under review, in one transaction: all of it, or nothing. Rows of an earlier file,
 * which it replaces, go in the same one. `step` turns the
 * source into lines of `copyLine`. @throws what it throws; the reason of `gone`; ImportTakenBack
 */
export async function fillImport(db: Database, receipt: Receipt, input: ImportInput): Promise<void> {
  const { importId, token } = receipt;
  await inTransaction(db, async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = '${COPY_TIMEOUT}'`);
    const progress = showProgress(input.signs, receipt, input.summary);
    const ended = AbortSignal.any([progress.takenBack, input.gone]);
    try {
      await cancelWhenAborted({ tx, through: input.signs, signal: ended }, async () => {
        if (receipt.replaces) await deleteRows(tx, importId);
        await copyRows(tx, input, ended);
      });
    } catch (err) {
      throw ended.aborted ? ended.reason : err;
    } finally {
      await progress.stop();
    }
    const { totalRows, acceptedRows, rejectedRows, ...found } = input.summary();
    const { warnings, headers, encoding, phoneFits = {}, problemCounts = {}, columns, columnChoice } = found;
    const { rowCount } = await tx.query(
      `UPDATE imports SET status = 'REVIEW', total_rows = $3, accepted_rows = $4, rejected_rows = $5, warnings = $6,
         headers = $7, encoding = $8, phone_fits = $9, columns = $10, column_choice = $11,
         problem_counts = $12, replaced = NULL, fix = NULL, fix_rows_kept = false
       WHERE id = $1 AND upload_token = $2 AND status = 'RECEIVING'`,
      [
        importId,
        token,
        totalRows,
        acceptedRows,
        rejectedRows,
        ...[warnings, headers, encoding, phoneFits, columns, columnChoice, problemCounts].map((value) =>
          JSON.stringify(value),
        ),
      ],
    );
    if (rowCount !== 1) throw new ImportTakenBack();
    const { batchId, workspaceId, actor } = input.by;
    const detail = { importId, totalRows, acceptedRows, rejectedRows };
    const entry = { batchId, target: { kind: 'import', id: importId }, detail } as const;
    await recordAudit(tx, { workspaceId, actor, action: receipt.replaces ? 'replace upload' : 'upload', entry });
  });
}

async function deleteRows(tx: Queryable, importId: string): Promise<void> {
  await tx.query('DELETE FROM import_rows WHERE import_id = $1', [importId]);
  await tx.query('DELETE FROM import_fix_rows WHERE import_id = $1', [importId]);
}

async function copyRows(tx: pg.ClientBase, { source, step }: ImportInput, signal: AbortSignal): Promise<void> {
  const copy = tx.query(copyFrom('COPY import_rows (import_id, accepted, row_number, content, problems) FROM STDIN'));
  const copyEnded = endOf(copy);
  try {
    await pipeline([source, step, copy], { signal });
  } catch (err) {
    await copyEnded;
    throw err;
  }
}

/**
 * When PostgreSQL has answered that the COPY failed, or its connection was lost. The source may fail before that; until then
 * the connection runs the COPY, and must not be told to roll back.
 */
function endOf(copy: Writable): Promise<void> {
  return new Promise((resolve) => {
    copy.on('error', () => resolve());
    copy.once('close', resolve);
  });
}

/**
 * Writes the counts so far, outside the COPY's transaction, where everybody sees them; notices when the import is no longer
 * ours. A write that fails is left to the next one.
 */
function showProgress(
  signs: Queryable,
  { importId, token }: Receipt,
  summary: () => ImportSummary,
): { takenBack: AbortSignal; stop(): Promise<void> } {
  const takenBack = new AbortController();
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    const { totalRows, acceptedRows, rejectedRows } = summary();
    const { rowCount } = await signs.query(
      `UPDATE imports SET total_rows = $3, accepted_rows = $4, rejected_rows = $5, heartbeat_at = dialwright_now()
       WHERE id = $1 AND upload_token = $2 AND status = 'RECEIVING'`,
      [importId, token, totalRows, acceptedRows, rejectedRows],
    );
    if (rowCount === 0) takenBack.abort(new ImportTakenBack());
  };
  const timer = setInterval(() => {
    writing ??= write()
      .catch(() => {})
      .finally(() => (writing = null));
  }, PROGRESS_EVERY_MS);
  return {
    takenBack: takenBack.signal,
    async stop() {
      clearInterval(timer);
      await writing;
    },
  };
}
