import type { Transform, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { inTransaction, type Database } from './database.js';

export type ImportSummary = { totalRows: number; acceptedRows: number; rejectedRows: number; warnings: unknown[] };

/** One row of an import; content is the recipient, or the cells by header. */
export type ImportRow = { rowNumber: number; accepted: boolean; content: unknown; problems: readonly unknown[] };

/** The COPY of a whole file, and the locks that it waits for. */
const COPY_TIMEOUT = '15min';

/** One row as COPY reads it. JSON escapes control characters itself, so only backslashes are left. */
export function copyLine(importId: string, { rowNumber, accepted, content, problems }: ImportRow): string {
  const found = problems.length === 0 ? '[]' : escape(JSON.stringify(problems));
  return `${importId}\t${rowNumber}\t${accepted ? 't' : 'f'}\t${escape(JSON.stringify(content))}\t${found}\n`;
}

function escape(json: string): string {
  return json.includes('\\') ? json.replaceAll('\\', '\\\\') : json;
}

/**
 * Copies the rows of an import and puts it under review, in one transaction: all of it, or nothing. `steps` turn the
 * source into lines of `copyLine`. @throws what a step throws; Error when the import is not RECEIVING any more.
 */
export async function fillImport(
  db: Database,
  importId: string,
  input: { source: Readable; steps: Transform[]; summary: () => ImportSummary },
): Promise<void> {
  await inTransaction(db, async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = '${COPY_TIMEOUT}'`);
    const copy = tx.query(copyFrom('COPY import_rows (import_id, row_number, accepted, content, problems) FROM STDIN'));
    await pipeline([input.source, ...input.steps, copy]);
    const { totalRows, acceptedRows, rejectedRows, warnings } = input.summary();
    const { rowCount } = await tx.query(
      `UPDATE imports SET status = 'REVIEW', total_rows = $2, accepted_rows = $3, rejected_rows = $4, warnings = $5 WHERE id = $1 AND status = 'RECEIVING'`,
      [importId, totalRows, acceptedRows, rejectedRows, JSON.stringify(warnings)],
    );
    if (rowCount !== 1) throw new Error(`import ${importId} is no longer receiving`);
  });
}
