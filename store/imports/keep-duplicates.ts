import type { Database, Queryable } from '../database.js';
import { countDuplicates, WRITER_TIMEOUT, type DuplicateCounts } from './count-duplicates.js';

type Whose = { workspaceId: string; batchId: string; importId: string; days: number };

const QUERY_CANCELED = '57014';

/**
 * Counts the duplicates of an import under review and keeps the counts with it. A file with nothing to compare it with is not
 * read again: what was counted while it was read stays true until a row is mended or left out. Null is kept when there are too
 * many rows to count in time.
 */
export async function keepDuplicates(
  db: Database,
  whose: Whose,
  { countedInFile }: { countedInFile?: number | undefined } = {},
): Promise<void> {
  const { importId, days } = whose;
  const { rows, keptInFile, hasOthers } = await readKept(db, whose);
  const inFile = countedInFile ?? keptInFile;
  const isKnown = inFile !== null && !hasOthers;
  const counts: Omit<DuplicateCounts, 'days'> | null = isKnown
    ? { file: inFile, batch: 0, calledRecently: 0, any: inFile }
    : await countDuplicates(db, whose, { after: 0, limit: 0, timeout: WRITER_TIMEOUT }).then(
        (found) => found.counts,
        (err: unknown) => {
          if ((err as { code?: string }).code === QUERY_CANCELED) return null;
          throw err;
        },
      );
  await db.pool.query(`UPDATE imports SET duplicates = $2 WHERE id = $1 AND status = 'REVIEW'`, [
    importId,
    counts && JSON.stringify({ days, rows, ...counts }),
  ]);
}

type Kept = {
  /** The accepted rows. */
  rows: number;
  /** How many of them repeat an earlier one, when that was counted and is still true. */
  keptInFile: number | null;
  /** Whether there is anything to compare them with: recipients of the batch, or recent calls of the workspace. */
  hasOthers: boolean;
};

async function readKept(db: Database, { workspaceId, batchId, importId, days }: Whose): Promise<Kept> {
  const { rows } = await db.pool.query<Kept>(
    `SELECT i.accepted_rows AS rows,
       CASE WHEN (i.duplicates ->> 'rows')::integer = i.accepted_rows THEN (i.duplicates ->> 'file')::integer END AS "keptInFile",
       EXISTS (SELECT FROM recipient_states WHERE batch_id = $2)
       OR EXISTS (SELECT FROM imports WHERE batch_id = $2 AND rows_outstanding AND id <> $3)
       OR EXISTS (SELECT FROM attempts WHERE workspace_id = $1 AND spends_attempt
         AND dialing_at > (SELECT dialwright_now()) - make_interval(days => $4::integer)) AS "hasOthers"
     FROM imports i WHERE i.id = $3`,
    [workspaceId, batchId, importId, days],
  );
  if (!rows[0]) throw new Error(`there is no import ${importId}`);
  return rows[0];
}

/** The duplicates among recipients of a request, by their keys: `file` is an earlier one of the request. */
export async function countKnownPhones(
  db: Queryable,
  { workspaceId, batchId, days }: { workspaceId: string; batchId: string | null; days: number },
  keys: readonly string[],
): Promise<DuplicateCounts> {
  const { rows } = await db.query('SELECT * FROM count_known_phones($1, $2, $3, $4)', [
    workspaceId,
    batchId,
    keys,
    days,
  ]);
  return { days, ...rows[0] };
}
