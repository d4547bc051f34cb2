import type { FieldCode } from '../../domain/field-codes.js';
import { countRow, type ProblemCounts } from '../../domain/imports/problem-counts.js';
import type { BatchStatus } from '../../domain/batches/status.js';
import { inTransaction, type Database, type Queryable } from '../database.js';

/** Where the number of an accepted row occurs too: in an earlier row, in the batch, or in a call of the last days. */
export const DUPLICATE_KINDS = ['file', 'batch', 'calledRecently'] as const;
export type DuplicateKind = (typeof DUPLICATE_KINDS)[number];

export type DuplicateRow = { rowNumber: number; phone: string; kinds: DuplicateKind[] };
/** Rows of each kind; a row can be of several. `any` counts it once. */
type Counts = Record<DuplicateKind | 'any', number>;
/** The same, with how many days back calls were looked for. */
export type DuplicateCounts = Counts & { days: number };

export type Duplicates = {
  counts: Counts;
  rows: DuplicateRow[];
};

type Whose = { workspaceId: string; batchId: string; importId: string; days: number };

/** A million rows take a few seconds. For whoever writes; who reads has the time of every reader. */
export const WRITER_TIMEOUT = '60s';

/**
 * The accepted rows of import $1 (batch $2, workspace $3) that repeat a number, calls of the last $4 days. Recipients of the batch are those that it has,
 * and rows of confirmed imports that are still on their way. Calls are attempts that were spent: what was not placed is none. Numbers are compared by
 * their keys: spellings of one number are duplicates.
 */
const MARKED = `
  staged AS MATERIALIZED (SELECT row_number, content ->> 'phone' AS phone, ${keyIn('content')} AS key
    FROM import_rows WHERE import_id = $1 AND accepted),
  listed AS (SELECT phone_key AS key FROM recipient_states WHERE batch_id = $2
    UNION SELECT ${keyIn('r.content')} FROM imports o JOIN import_rows r ON r.import_id = o.id AND r.accepted
      WHERE o.batch_id = $2 AND o.rows_outstanding AND o.id <> $1),
  called AS (SELECT DISTINCT phone_key AS key FROM attempts WHERE workspace_id = $3 AND spends_attempt
    AND dialing_at > (SELECT dialwright_now()) - make_interval(days => $4::integer)),
  marked AS MATERIALIZED (SELECT * FROM (
    SELECT s.row_number, s.phone, s.row_number > min(s.row_number) OVER (PARTITION BY s.key) AS in_file,
      l.key IS NOT NULL AS in_batch, c.key IS NOT NULL AS called_recently
    FROM staged s LEFT JOIN listed l ON l.key = s.key LEFT JOIN called c ON c.key = s.key) seen
    WHERE in_file OR in_batch OR called_recently)`;

const COUNTS = `jsonb_build_object('file', count(*) FILTER (WHERE in_file), 'batch', count(*) FILTER (WHERE in_batch),
  'calledRecently', count(*) FILTER (WHERE called_recently), 'any', count(*))`;

/** Counts the duplicates of an import, and gives a page of them in file order. */
export async function countDuplicates(
  db: Database,
  { workspaceId, batchId, importId, days }: Whose,
  page: { after: number; limit: number; timeout?: string },
): Promise<Duplicates> {
  return inTransaction(db, async (tx) => {
    await planForMany(tx, page.timeout);
    const { rows } = await tx.query<Duplicates>(
      `WITH ${MARKED}
       SELECT (SELECT ${COUNTS} FROM marked) AS counts,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('rowNumber', row_number, 'phone', phone,
             'kinds', array_remove(ARRAY[CASE WHEN in_file THEN 'file' END, CASE WHEN in_batch THEN 'batch' END,
               CASE WHEN called_recently THEN 'calledRecently' END], NULL)) ORDER BY row_number), '[]')
           FROM (SELECT * FROM marked WHERE row_number > $5 ORDER BY row_number LIMIT $6) p) AS rows`,
      [importId, batchId, workspaceId, days, page.after, page.limit],
    );
    return rows[0]!; // an aggregate without GROUP BY has one row
  });
}

/**
 * Takes the duplicates of these kinds out of an import under review: one statement, and their number in one commit with it.
 * They are then neither accepted nor rejected: what is missing to the total. An import that is not under review, or whose
 * batch takes nobody, is left as it is, for its confirm to say so. When no row would be left, nothing is dropped.
 * @returns whether rows are left
 */
export async function dropDuplicates(
  db: Database,
  { workspaceId, batchId, importId, days }: Whose,
  { kinds, from }: { kinds: readonly DuplicateKind[]; from: readonly BatchStatus[] },
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    await planForMany(tx, WRITER_TIMEOUT);
    const { rows } = await tx.query(
      `SELECT i.accepted_rows AS accepted, i.problem_counts AS counts FROM imports i JOIN batches b ON b.id = i.batch_id
       WHERE i.id = $1 AND i.workspace_id = $2 AND i.status = 'REVIEW' AND NOT i.fix_outstanding AND b.deleted_at IS NULL AND b.status = ANY ($3) FOR NO KEY UPDATE OF i`,
      [importId, workspaceId, from],
    );
    if (!rows[0]) return true;
    await tx.query('SAVEPOINT before_drop');
    const gone = await tx.query<{ dropped: number; codes: Record<string, number> }>(
      `WITH ${MARKED}, gone AS (
       DELETE FROM import_rows r USING marked m WHERE r.import_id = $1 AND r.accepted AND r.row_number = m.row_number
         AND ((m.in_file AND 'file' = ANY ($5::text[])) OR (m.in_batch AND 'batch' = ANY ($5::text[])) OR (m.called_recently AND 'calledRecently' = ANY ($5::text[])))
       RETURNING r.problems)
       SELECT (SELECT count(*)::integer FROM gone) AS dropped,
         (SELECT coalesce(jsonb_object_agg(code, rows), '{}') FROM (SELECT code, count(*) AS rows FROM gone, unnest(problem_codes(problems)) AS code
           WHERE problems::text <> '[]' GROUP BY code) c) AS codes`,
      [importId, batchId, workspaceId, days, kinds],
    );
    const { dropped, codes } = gone.rows[0]!; // without FROM it is one row
    if (dropped > 0 && dropped === rows[0].accepted) {
      await tx.query('ROLLBACK TO SAVEPOINT before_drop');
      return false;
    }
    await tx.query(
      `UPDATE imports SET accepted_rows = accepted_rows - $2, duplicates = NULL, problem_counts = $3 WHERE id = $1 AND status = 'REVIEW'`,
      [importId, dropped, rows[0].counts && JSON.stringify(withoutDropped(rows[0].counts, codes))],
    );
    return true;
  });
}

function withoutDropped(counts: ProblemCounts, codes: Record<string, number>): ProblemCounts {
  for (const [code, rows] of Object.entries(codes)) countRow(counts, [code as FieldCode], true, -rows);
  return counts;
}

/** The phone key of a row that waits for its confirm. */
function keyIn(content: string): string {
  return `coalesce(${content} ->> 'phoneKey', ${content} ->> 'phone')`;
}

/** Rows that were just copied have no statistics, and a nested loop over a million of them would never end. */
async function planForMany(tx: Queryable, timeout?: string): Promise<void> {
  if (timeout !== undefined) await tx.query(`SET LOCAL statement_timeout = '${timeout}'`);
  await tx.query('SET LOCAL enable_nestloop = off');
}
