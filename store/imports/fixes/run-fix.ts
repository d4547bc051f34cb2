import { zoneSetOf } from '../../../domain/hours/batch-hours.js';
import { createFixer } from '../../../domain/imports/fix-row.js';
import type { Fix } from '../../../domain/imports/fixes.js';
import { codesOf, countRow, type ProblemCounts } from '../../../domain/imports/problem-counts.js';
import type { RejectedCells } from '../../../domain/imports/rejected-row.js';
import { toStoredRecipient } from '../../../domain/recipients/stored-recipient.js';
import { createPause } from '../../../platform/pause.js';
import { inTransaction, type Database, type Queryable } from '../../database.js';
import { recordAudit } from '../../people/record-audit.js';
import { readReviewRules, type ImportRowRecord, type ReviewRules } from '../read-import.js';
import { readRowOptions } from '../read-row-options.js';
import type { FixState } from './fix-state.js';
import { FIX_LEASE } from './start-fix.js';

/**
 * Rejected rows that are checked again in one step: some 20 ms of work, and 10 MB when each is as long as a row may be. With 500
 * a fix takes a sixth less time, and its rows outlive so many collections of young objects that the process grows by 245 MB, not 92.
 */
const FIXED_ROWS_MAX = 150;
/** Rows that are given back in one step. */
const UNDONE_ROWS_MAX = 2_500;
/** Kept rows of an earlier fix that are forgotten in one step. */
const CLEARED_ROWS_MAX = 5_000;

type Step = { workspaceId: string; importId: string; batchId: string; fix: FixState; isLastOfTurn: boolean };
type Fixer = (row: ReadRow) => Fixed | null;

/**
 * Carries a fix of an import on, or its undo, for so long. Each step is one transaction: rows, counts and the place that was
 * reached change together, and only from the place that was read. So a process that dies loses one step at most, and of two
 * that carry the same fix on one does each step.
 * @returns whether more is left
 */
export async function runFix(db: Database, importId: string, turnMs: number): Promise<boolean> {
  const endMs = performance.now() + turnMs;
  for (let opened: { of: string; fixer: Fixer } | null = null; ;) {
    const isLastOfTurn = performance.now() >= endMs;
    const found = await readOutstanding(db.pool, importId);
    if (!found) return false;
    const step: Step = { ...found, importId, isLastOfTurn };
    if (found.fix.stage === 'CLEARING') await clear(db, step);
    else if (found.fix.stage === 'UNDOING') await undo(db, step);
    else {
      // Another one may have begun since.
      if (opened?.of !== nameOf(found.fix)) opened = await openFix(db, step);
      if (!opened) return false;
      await fix(db, step, opened);
    }
    if (isLastOfTurn) return true;
  }
}

/** Imports whose fix nobody carries on just now; at most 50. */
export async function findOutstandingFixes(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM imports WHERE fix_outstanding AND status = 'REVIEW' AND fix_due_at <= dialwright_now() LIMIT 50`,
  );
  return rows.map(({ id }) => id);
}

/** Forgets rows that were kept to undo a fix of an import which is no longer under review. */
export async function forgetFixRows(db: Queryable): Promise<void> {
  const over = `fix_rows_kept AND status NOT IN ('REVIEW', 'RECEIVING')`;
  await db.query(
    `DELETE FROM import_fix_rows WHERE ctid = ANY (ARRAY(
       SELECT k.ctid FROM imports i JOIN import_fix_rows k ON k.import_id = i.id WHERE ${over} LIMIT $1))`,
    [CLEARED_ROWS_MAX],
  );
  await db.query(
    `UPDATE imports i SET fix_rows_kept = false, fix_outstanding = false
     WHERE ${over} AND NOT EXISTS (SELECT FROM import_fix_rows f WHERE f.import_id = i.id)`,
  );
}

async function readOutstanding(
  db: Queryable,
  importId: string,
): Promise<Pick<Step, 'workspaceId' | 'batchId' | 'fix'> | null> {
  const { rows } = await db.query(
    `SELECT workspace_id AS "workspaceId", batch_id AS "batchId", fix FROM imports
     WHERE id = $1 AND fix_outstanding AND status = 'REVIEW'`,
    [importId],
  );
  return rows[0] ?? null;
}

/** @returns null when the batch was deleted */
async function openFix(db: Database, { workspaceId, importId, fix }: Step) {
  const rules = await readReviewRules(db.pool, workspaceId, importId);
  return rules && { of: nameOf(fix), fixer: await openFixer(db, rules, fix) };
}

/** An import whose file was replaced counts its fixes from 1 again. */
function nameOf({ number, startedAt }: FixState): string {
  return `${number} ${startedAt}`;
}

/** What a fix makes of each rejected row of an import. */
export async function openFixer(db: Database, rules: ReviewRules, fix: Fix): Promise<(row: ReadRow) => Fixed | null> {
  const { headers, columnChoice: choice } = rules;
  const fixer = createFixer({ headers, choice, options: await readRowOptions(db, rules) }, fix);
  return (row) => fixRow(row, rules, fixer);
}

/** One step, if the fix is still where it was read. */
async function inStep(
  db: Database,
  step: Step,
  work: (tx: Queryable, counts: ProblemCounts | null) => Promise<FixState>,
): Promise<void> {
  const { importId, fix, isLastOfTurn, workspaceId, batchId } = step;
  await inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{ counts: ProblemCounts | null }>(
      `SELECT problem_counts AS counts FROM imports
       WHERE id = $1 AND status = 'REVIEW' AND fix_outstanding AND fix ->> 'number' = $2 AND fix ->> 'stage' = $3
         AND fix ->> 'through' = $4 FOR NO KEY UPDATE`,
      [importId, ...[fix.number, fix.stage, fix.through].map(String)],
    );
    if (!rows[0]) return;
    const { counts } = rows[0];
    const next = await work(tx, counts);
    const isOver = next.stage === 'DONE' || next.stage === 'UNDONE';
    const [accepted, rejected] = changeOf(fix, next);
    const written = await tx.query(
      `UPDATE imports SET accepted_rows = accepted_rows + $3, rejected_rows = rejected_rows + $4, problem_counts = $5,
         fix = $2::jsonb || CASE WHEN $6 THEN jsonb_build_object('endedAt', dialwright_now()) ELSE '{}' END,
         fix_outstanding = NOT $6, fix_rows_kept = $7,
         fix_due_at = dialwright_now() + CASE WHEN $8 THEN interval '0' ELSE interval '${FIX_LEASE}' END
       WHERE id = $1 AND status = 'REVIEW'`,
      [
        ...[importId, JSON.stringify(next), accepted, rejected, counts && JSON.stringify(counts)],
        ...[isOver, next.stage !== 'UNDONE', isLastOfTurn],
      ],
    );
    if (written.rowCount !== 1) throw new Error(`import ${importId} is no longer under review`);
    if (!isOver) return;
    const action = next.stage === 'DONE' ? 'end import fix' : 'end undo of import fix';
    const entry = { batchId, target: { kind: 'import', id: importId }, detail: { importId, ...next.rows } } as const;
    await recordAudit(tx, { workspaceId, actor: next.by, action, entry });
  });
}

/** By how much the accepted and the rejected rows become more with a step. */
function changeOf({ rows: was }: FixState, { rows }: FixState): [number, number] {
  const accepted = rows.accepted - was.accepted;
  return [accepted, -accepted - (rows.leftOut - was.leftOut)];
}

/** From the place that was reached: deleted rows before it stay in the index for as long as any transaction is open. */
function clear(db: Database, step: Step): Promise<void> {
  return inStep(db, step, async (tx) => {
    const { rows } = await tx.query<{ last: number | null; count: number }>(
      `WITH gone AS (DELETE FROM import_fix_rows WHERE import_id = $1 AND row_number = ANY (ARRAY(
         SELECT row_number FROM import_fix_rows WHERE import_id = $1 AND row_number > $2 ORDER BY row_number LIMIT $3))
         RETURNING row_number)
       SELECT max(row_number) AS last, count(*)::integer AS count FROM gone`,
      [step.importId, step.fix.through, CLEARED_ROWS_MAX],
    );
    const { last, count } = rows[0]!; // an aggregate without GROUP BY has one row
    if (count < CLEARED_ROWS_MAX) return { ...step.fix, stage: 'RUNNING', through: 0 };
    return { ...step.fix, through: last ?? step.fix.through };
  });
}

type Fixed = { row: ReadRow; became: 'ACCEPTED' | 'REJECTED' | 'LEFT_OUT' } & Pick<
  ImportRowRecord,
  'content' | 'problems' | 'reading'
>;
type ReadRow = Pick<ImportRowRecord, 'rowNumber' | 'content' | 'problems' | 'reading'>;

/** Rows are checked before the import is locked: nothing else changes its rejected rows while it is fixed. */
async function fix(db: Database, step: Step, { fixer }: { fixer: Fixer }): Promise<void> {
  const { rows } = await db.pool.query<ReadRow>(
    `SELECT row_number AS "rowNumber", content, problems, reading FROM import_rows
     WHERE import_id = $1 AND accepted = false AND row_number > $2 ORDER BY row_number LIMIT $3`,
    [step.importId, step.fix.through, FIXED_ROWS_MAX],
  );
  const pause = createPause();
  const fixed: Fixed[] = [];
  for (const row of rows) {
    const made = fixer(row);
    if (made) fixed.push(made);
    await pause();
  }
  await inStep(db, step, async (tx, counts) => {
    if (fixed.length > 0) await writeFixed(tx, step.importId, fixed);
    if (counts) for (const made of fixed) recount(counts, made);
    const became = (what: Fixed['became']): number => fixed.filter((made) => made.became === what).length;
    const { rows: was } = step.fix;
    return {
      ...step.fix,
      stage: rows.length < FIXED_ROWS_MAX ? 'DONE' : 'RUNNING',
      through: rows.at(-1)?.rowNumber ?? step.fix.through,
      rows: {
        ...was,
        checked: was.checked + rows.length,
        accepted: was.accepted + became('ACCEPTED'),
        changed: was.changed + became('REJECTED'),
        leftOut: was.leftOut + became('LEFT_OUT'),
      },
    };
  });
}

function fixRow(row: ReadRow, rules: ReviewRules, fixer: ReturnType<typeof createFixer>): Fixed | null {
  const { problems, reading } = row;
  const fixed = fixer({ cells: row.content as RejectedCells, problems, reading });
  if (!fixed) return null;
  if ('leftOut' in fixed) return { row, became: 'LEFT_OUT', content: {}, problems: [], reading: null };
  const { checked } = fixed;
  if (!checked.ok) {
    const found = [...checked.errors, ...checked.warnings];
    return { row, became: 'REJECTED', content: fixed.cells, problems: found, reading: fixed.reading };
  }
  const content = toStoredRecipient(checked.recipient, zoneSetOf(checked.recipient, rules));
  return { row, became: 'ACCEPTED', content, problems: checked.warnings, reading: fixed.reading };
}

async function writeFixed(tx: Queryable, importId: string, fixed: readonly Fixed[]): Promise<void> {
  const texts = (read: (made: Fixed) => unknown): string[] => fixed.map((made) => JSON.stringify(read(made)));
  await tx.query('SELECT write_fixed_rows($1, $2, $3, $4, $5, $6)', [
    importId,
    fixed.map(({ row }) => row.rowNumber),
    fixed.map(({ became }) => became),
    texts(({ content }) => content),
    texts(({ problems }) => problems),
    fixed.map(({ reading }) => reading && JSON.stringify(reading)),
  ]);
}

function recount(counts: ProblemCounts, { row, became, problems }: Fixed): void {
  countRow(counts, codesOf(row.problems), false, -1);
  if (became !== 'LEFT_OUT') countRow(counts, codesOf(problems), became === 'ACCEPTED');
}

type Undone = {
  rowNumber: number;
  became: Fixed['became'];
  undone: boolean;
  oldCodes: ReturnType<typeof codesOf>;
  newCodes: ReturnType<typeof codesOf>;
};

function undo(db: Database, step: Step): Promise<void> {
  return inStep(db, step, async (tx, counts) => {
    const { rows } = await tx.query<Undone>(
      `SELECT row_number AS "rowNumber", became, undone, old_codes AS "oldCodes", new_codes AS "newCodes"
       FROM undo_fixed_rows($1, $2, $3)`,
      [step.importId, step.fix.through, UNDONE_ROWS_MAX],
    );
    const given = rows.filter(({ undone }) => undone);
    for (const { became, oldCodes, newCodes } of counts ? given : []) {
      if (became !== 'LEFT_OUT') countRow(counts!, oldCodes, became === 'ACCEPTED', -1); // given is empty without
      countRow(counts!, newCodes, false);
    }
    const back = (what: Fixed['became']): number => given.filter(({ became }) => became === what).length;
    const { rows: was } = step.fix;
    return {
      ...step.fix,
      stage: rows.length < UNDONE_ROWS_MAX ? 'UNDONE' : 'UNDOING',
      through: rows.at(-1)?.rowNumber ?? step.fix.through,
      rows: {
        ...was,
        accepted: was.accepted - back('ACCEPTED'),
        changed: was.changed - back('REJECTED'),
        leftOut: was.leftOut - back('LEFT_OUT'),
        undone: was.undone + given.length,
      },
    };
  });
}
