import type { RowReading } from '../../domain/imports/fixes.js';
import { codesOf, countRow, type ProblemCounts } from '../../domain/imports/problem-counts.js';
import type { RejectedCells } from '../../domain/imports/rejected-row.js';
import { inTransaction, type Database, type Queryable } from '../database.js';
import { recordAudit } from '../people/record-audit.js';
import type { Asked } from '../settings/plain-rows.js';
import { readImportRow, type ImportRowRecord, type ImportState } from './read-import.js';

/** What a rejected row becomes: its content is the recipient when it is accepted, else its cells. */
export type MendedRow = Pick<ImportRowRecord, 'accepted' | 'content' | 'problems'>;

export type EditRowResult =
  | { result: 'EDITED'; row: ImportRowRecord }
  | { result: 'NOT_IN_REVIEW'; status: ImportState }
  | { result: 'ROW_ACCEPTED' | 'ROW_NOT_FOUND' | 'FIX_OUTSTANDING' };

/**
 * Mends a rejected row of an import under review. The import's row is locked first, so that of two editors the second sees
 * what the first wrote, a confirm or discard comes before or after, and the row and the counts change in one commit. While a fix
 * of many rows is under way no row is edited; afterwards the undo of the fix leaves a row that was.
 * @throws what `mend` throws, with nothing changed
 */
export async function editImportRow(
  db: Database,
  { workspaceId, actor, importId, rowNumber }: Asked & { importId: string; rowNumber: number },
  mend: (row: { cells: RejectedCells; reading: RowReading | null }) => MendedRow,
): Promise<EditRowResult> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query<{
      status: ImportState;
      batchId: string;
      isFixed: boolean;
      counts: ProblemCounts | null;
    }>(
      `SELECT status, batch_id AS "batchId", fix_outstanding AS "isFixed", problem_counts AS counts FROM imports
       WHERE id = $1 AND workspace_id = $2 FOR NO KEY UPDATE`,
      [importId, workspaceId],
    );
    const [found] = rows;
    if (!found) return { result: 'ROW_NOT_FOUND' };
    if (found.status !== 'REVIEW') return { result: 'NOT_IN_REVIEW', status: found.status };
    if (found.isFixed) return { result: 'FIX_OUTSTANDING' };
    const row = await readImportRow(tx, importId, rowNumber);
    if (!row) return { result: 'ROW_NOT_FOUND' };
    if (row.accepted) return { result: 'ROW_ACCEPTED' };
    const mended = mend({ cells: row.content as RejectedCells, reading: row.reading });
    await writeMended(tx, importId, rowNumber, mended);
    if (found.counts) await recount(tx, importId, { counts: found.counts, row, mended });
    // By its number: what is in a row is a person's.
    const detail = { importId, rowNumber, accepted: mended.accepted };
    const entry = { batchId: found.batchId, target: { kind: 'import', id: importId }, detail } as const;
    await recordAudit(tx, { workspaceId, actor, action: 'edit import row', entry });
    return { result: 'EDITED', row: { rowNumber, ...mended, reading: row.reading } };
  });
}

async function writeMended(tx: Queryable, importId: string, rowNumber: number, mended: MendedRow): Promise<void> {
  const { accepted, content, problems } = mended;
  const written = await tx.query(
    `UPDATE import_rows SET accepted = $3, content = $4, problems = $5 WHERE import_id = $1 AND NOT accepted AND row_number = $2`,
    [importId, rowNumber, accepted, JSON.stringify(content), JSON.stringify(problems)],
  );
  if (written.rowCount !== 1) throw new Error(`row ${rowNumber} of import ${importId} is no longer rejected`);
  await tx.query('DELETE FROM import_fix_rows WHERE import_id = $1 AND row_number = $2', [importId, rowNumber]);
  if (!accepted) return;
  const counted = await tx.query(
    `UPDATE imports SET accepted_rows = accepted_rows + 1, rejected_rows = rejected_rows - 1 WHERE id = $1 AND status = 'REVIEW'`,
    [importId],
  );
  if (counted.rowCount !== 1) throw new Error(`import ${importId} is no longer under review`);
}

async function recount(
  tx: Queryable,
  importId: string,
  { counts, row, mended }: { counts: ProblemCounts; row: ImportRowRecord; mended: MendedRow },
): Promise<void> {
  countRow(counts, codesOf(row.problems), false, -1);
  countRow(counts, codesOf(mended.problems), mended.accepted);
  await tx.query('UPDATE imports SET problem_counts = $2 WHERE id = $1', [importId, JSON.stringify(counts)]);
}
