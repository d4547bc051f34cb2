import type { FieldCode } from '../../domain/field-codes.js';
import type { FieldProblem } from '../../domain/field-problem.js';
import type { ColumnChoice } from '../../domain/imports/column-choice.js';
import type { RowReading } from '../../domain/imports/fixes.js';
import type { ProblemCounts } from '../../domain/imports/problem-counts.js';
import type { ShownColumn } from '../../domain/imports/columns.js';
import type { TextEncoding } from '../../domain/imports/text-encodings.js';
import type { DoNotCallColumns } from '../../domain/imports/order-columns.js';
import type { BatchHoursSpec } from '../../domain/hours/batch-hours.js';
import type { PhoneFit } from '../../domain/recipients/phone.js';
import type { NumbersWithoutPlus } from '../../domain/recipients/phone-readings.js';
import type { DuplicateCounts } from './count-duplicates.js';
import type { Queryable } from '../database.js';
import type { FixState } from './fixes/fix-state.js';

export type ImportState = 'RECEIVING' | 'REVIEW' | 'CONFIRMED' | 'DISCARDED' | 'FAILED';
/** The encoding in which a file was read. */
export type ReadEncoding = {
  name: TextEncoding;
  /** False for a guess: such an import is never confirmed by itself. */
  certain: boolean;
  /** From 0 to 1. */
  confidence: number;
  alternatives: TextEncoding[];
  /** A few of its cells beyond ASCII, when it is not certain. */
  samples: string[];
};
export type ImportRecord = {
  id: string;
  batchId: string;
  fileName: string;
  status: ImportState;
  rowsOutstanding: boolean;
  /** Accepted rows that have become recipients. */
  movedRows: number;
  totalRows: number;
  acceptedRows: number;
  rejectedRows: number;
  /** Null until its rows were read. */
  encoding: ReadEncoding | null;
  /** Null until its headers were read, and in lists: a file may have a thousand. */
  columns: ShownColumn[] | null;
  warnings: Record<string, unknown>[];
  /** Null for imports of before these were counted. */
  problemCounts: ProblemCounts | null;
  /** The last fix of many of its rows. */
  fix: FixState | null;
  numbersWithoutPlus: NumbersWithoutPlus;
  /** How many rows without + only one reading fits, or both. */
  phoneFits: Partial<Record<PhoneFit, number>>;
  /** Null when they were not counted. */
  duplicates: DuplicateCounts | null;
  error: { code: string; message: string } | null;
  createdAt: Date;
  confirmedAt: Date | null;
  undoneAt: Date | null;
  /** `createdAt` as PostgreSQL writes it, to the microsecond. */
  cursorAt: string;
};

const selectImports = (columns: string): string => `
  SELECT ${columns} AS columns, i.id, i.batch_id AS "batchId", i.file_name AS "fileName", i.status, i.rows_outstanding AS "rowsOutstanding", i.moved_rows AS "movedRows", i.total_rows AS "totalRows",
    i.accepted_rows AS "acceptedRows", i.rejected_rows AS "rejectedRows", i.encoding, i.warnings, i.problem_counts AS "problemCounts", i.fix, i.error, i.numbers_without_plus AS "numbersWithoutPlus",
    i.phone_fits AS "phoneFits", i.duplicates - 'rows' AS duplicates, i.created_at AS "createdAt", i.confirmed_at AS "confirmedAt", i.undone_at AS "undoneAt", i.created_at::text AS "cursorAt"
  FROM imports i JOIN batches b ON b.id = i.batch_id`;

/** @returns null when the workspace has no such import, or its batch was deleted. */
export async function readImport(db: Queryable, workspaceId: string, importId: string): Promise<ImportRecord | null> {
  const { rows } = await db.query<ImportRecord>(
    `${selectImports(`nullif(i.columns, '[]')`)} WHERE i.id = $2 AND i.workspace_id = $1 AND b.deleted_at IS NULL`,
    [workspaceId, importId],
  );
  return rows[0] ?? null;
}

/** A page of the imports of a batch, the newest first. */
export async function listImports(
  db: Queryable,
  batchId: string,
  {
    after,
    limit,
    createdFrom,
    createdTo,
  }: {
    after: { cursorAt: string; id: string } | null;
    limit: number;
    createdFrom?: Date | undefined;
    createdTo?: Date | undefined;
  },
): Promise<ImportRecord[]> {
  const { rows } = await db.query<ImportRecord>(
    `${selectImports('NULL')} WHERE i.batch_id = $1 AND ($2::timestamptz IS NULL OR (i.created_at, i.id) < ($2, $3::uuid))
       AND ($5::timestamptz IS NULL OR i.created_at >= $5) AND ($6::timestamptz IS NULL OR i.created_at < $6)
     ORDER BY i.created_at DESC, i.id DESC LIMIT $4`,
    [batchId, after?.cursorAt ?? null, after?.id ?? null, limit, createdFrom ?? null, createdTo ?? null],
  );
  return rows;
}

export type ImportRowRecord = {
  rowNumber: number;
  accepted: boolean;
  content: Record<string, unknown>;
  problems: FieldProblem[];
  /** How its number is read, where a fix has said so. */
  reading: RowReading | null;
};

/**
 * A page of accepted or rejected rows, in file order; with a code those that have such a problem. Accepted rows leave when the
 * import is confirmed. A code is looked for in the text of the problems: inside their messages quotes are escaped.
 */
export async function listImportRows(
  db: Queryable,
  importId: string,
  page: { accepted: boolean; after: number; limit: number; code?: FieldCode | undefined },
): Promise<ImportRowRecord[]> {
  const { rows } = await db.query<ImportRowRecord>(
    `SELECT row_number AS "rowNumber", accepted, content, problems, reading FROM import_rows
     WHERE import_id = $1 AND accepted = $2 AND row_number > $3 AND ($5::text IS NULL OR position($5 IN problems::text) > 0)
     ORDER BY row_number LIMIT $4`,
    [importId, page.accepted, page.after, page.limit, page.code === undefined ? null : `"code":"${page.code}"`],
  );
  return rows;
}

/** What the rows of an import under review are checked against. */
export type ReviewRules = Pick<BatchHoursSpec, 'hoursIn' | 'purpose' | 'unknownZone'> & {
  status: ImportState;
  /** Whether a fix of many rows is under way. */
  isFixed: boolean;
  /** The headers whose cells are kept (`keptHeaders`), in file order. */
  headers: string[];
  columnChoice: ColumnChoice;
  defaultCountry: string | null;
  numbersWithoutPlus: NumbersWithoutPlus;
  /** Null in a draft without a number. */
  fromNumberPhone: string | null;
  allowCostlyNumbers: boolean;
  doNotCallColumns: DoNotCallColumns;
  /** The batch's; null in a draft without one. */
  timeZone: string | null;
  providerAccountId: string | null;
};

/** @returns null when the workspace has no such import, or its batch was deleted. */
export async function readReviewRules(
  db: Queryable,
  workspaceId: string,
  importId: string,
): Promise<ReviewRules | null> {
  const { rows } = await db.query<ReviewRules>(
    `SELECT i.status, i.fix_outstanding AS "isFixed", i.headers, i.column_choice AS "columnChoice", b.hours_in AS "hoursIn", b.purpose, b.unknown_zone AS "unknownZone", i.default_country AS "defaultCountry",
       i.numbers_without_plus AS "numbersWithoutPlus", i.do_not_call_columns AS "doNotCallColumns", b.time_zone AS "timeZone",
       n.phone AS "fromNumberPhone", coalesce((b.settings ->> 'allowCostlyNumbers')::boolean, false) AS "allowCostlyNumbers", n.provider_account_id AS "providerAccountId"
     FROM imports i JOIN batches b ON b.id = i.batch_id LEFT JOIN phone_numbers n ON n.id = b.from_number_id
     WHERE i.id = $2 AND i.workspace_id = $1 AND b.deleted_at IS NULL`,
    [workspaceId, importId],
  );
  return rows[0] ?? null;
}

/** One row, rejected or accepted. */
export async function readImportRow(
  db: Queryable,
  importId: string,
  rowNumber: number,
): Promise<ImportRowRecord | null> {
  const { rows } = await db.query<ImportRowRecord>(
    `SELECT row_number AS "rowNumber", accepted, content, problems, reading FROM import_rows
     WHERE import_id = $1 AND accepted IN (false, true) AND row_number = $2`,
    [importId, rowNumber],
  );
  return rows[0] ?? null;
}
