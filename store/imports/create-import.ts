import type { DoNotCallColumns } from '../../domain/imports/order-columns.js';
import type { BatchStatus } from '../../domain/batches/status.js';
import type { NumbersWithoutPlus } from '../../domain/recipients/phone-readings.js';
import type { Queryable } from '../database.js';

export type NewImport = {
  /** Chosen by the client, or derived from the request's Idempotency-Key; null makes a new one. */
  id: string | null;
  workspaceId: string;
  batchId: string;
  fileName: string;
  defaultCountry?: string | undefined;
  /** `unambiguous` when it is left out. */
  numbersWithoutPlus?: NumbersWithoutPlus;
  doNotCallColumns?: DoNotCallColumns;
  from: readonly BatchStatus[];
};

/** The right to fill an import: it ends when the import is discarded, given up or begun again. */
export type Receipt = {
  importId: string;
  token: string;
  /** Whether rows of an earlier file are there, which go when the new ones are whole. */
  replaces: boolean;
};

export type CreateImportResult =
  /** The row is RECEIVING and ours to fill. */
  | ({ is: 'receiving' } & Receipt)
  /** It is there: an earlier try got to the end, or is being received now. */
  | { is: 'there'; importId: string; status: string }
  /** The id belongs to something else. */
  | { is: 'taken' }
  | { is: 'not-allowed' };

/** An upload whose process has not been heard of for this long has lost it. */
const UPLOAD_LOST_AFTER = '30 seconds';

/**
 * Opens an import into a batch that still takes recipients. An earlier try that did not get to its end is begun again. A change of
 * whose clock counts that is under way is waited for; a later one is refused.
 */
export async function createImport(db: Queryable, input: NewImport): Promise<CreateImportResult> {
  const { rows } = await db.query(
    `INSERT INTO imports AS i (id, workspace_id, batch_id, file_name, default_country, numbers_without_plus, do_not_call_columns)
     SELECT coalesce($1::uuid, new_id()), workspace_id, id, $4, $6, $7, $8 FROM batches
     WHERE id = $3 AND workspace_id = $2 AND deleted_at IS NULL AND status = ANY ($5) AND kind = 'BATCH' FOR SHARE
     ON CONFLICT (id) DO UPDATE SET status = 'RECEIVING', error = NULL, created_at = dialwright_now(), heartbeat_at = dialwright_now(),
       upload_token = gen_random_uuid(), file_name = excluded.file_name, default_country = excluded.default_country,
       numbers_without_plus = excluded.numbers_without_plus, do_not_call_columns = excluded.do_not_call_columns, encoding = NULL, columns = '[]', problem_counts = NULL,
       total_rows = 0, accepted_rows = 0, rejected_rows = 0
     WHERE i.workspace_id = excluded.workspace_id AND i.batch_id = excluded.batch_id
       AND (i.status = 'FAILED' OR i.status = 'RECEIVING' AND i.heartbeat_at < dialwright_now() - interval '${UPLOAD_LOST_AFTER}')
     RETURNING id, upload_token AS token, replaced IS NOT NULL AS replaces`,
    [
      input.id,
      input.workspaceId,
      input.batchId,
      input.fileName,
      input.from,
      input.defaultCountry ?? null,
      input.numbersWithoutPlus ?? 'unambiguous',
      input.doNotCallColumns ?? 'reject',
    ],
  );
  if (rows[0]) return { is: 'receiving', importId: rows[0].id, token: rows[0].token, replaces: rows[0].replaces };
  const earlier = await db.query('SELECT workspace_id, batch_id, status FROM imports WHERE id = $1', [input.id]);
  const [found] = earlier.rows;
  if (!found || input.id === null) return { is: 'not-allowed' };
  if (found.workspace_id !== input.workspaceId || found.batch_id !== input.batchId) return { is: 'taken' };
  return { is: 'there', importId: input.id, status: found.status };
}

type ReopenResult =
  ({ is: 'receiving' } & Receipt) | { is: 'NOT_FOUND' | 'FIX_OUTSTANDING' } | { is: 'NOT_IN_REVIEW'; status: string };

/**
 * Opens an import under review for another file, which replaces its rows; or one whose upload failed. Until the new rows are
 * whole the old ones stay, and the import becomes what it was when they do not come (`restore_replaced`).
 */
export async function reopenImport(
  db: Queryable,
  input: Omit<NewImport, 'id' | 'batchId' | 'from'> & { importId: string },
): Promise<ReopenResult> {
  const { rows } = await db.query(
    `UPDATE imports i SET status = 'RECEIVING', error = NULL, heartbeat_at = dialwright_now(), upload_token = gen_random_uuid(),
       replaced = CASE i.status WHEN 'REVIEW' THEN to_jsonb(i) - 'replaced' ELSE i.replaced END,
       file_name = $3, default_country = $4, numbers_without_plus = $5, do_not_call_columns = $6, encoding = NULL, columns = '[]',
       problem_counts = NULL, duplicates = NULL, fix = NULL, warnings = '[]', total_rows = 0, accepted_rows = 0, rejected_rows = 0
     WHERE i.id = $1 AND i.workspace_id = $2 AND (i.status = 'FAILED' OR i.status = 'REVIEW' AND NOT i.fix_outstanding
       OR i.status = 'RECEIVING' AND i.heartbeat_at < dialwright_now() - interval '${UPLOAD_LOST_AFTER}')
     RETURNING i.upload_token AS token, i.replaced IS NOT NULL AS replaces`,
    [
      ...[input.importId, input.workspaceId, input.fileName, input.defaultCountry ?? null],
      ...[input.numbersWithoutPlus ?? 'unambiguous', input.doNotCallColumns ?? 'reject'],
    ],
  );
  if (rows[0]) return { is: 'receiving', importId: input.importId, ...rows[0] };
  const found = await db.query(
    'SELECT status, fix_outstanding AS "isFixed" FROM imports WHERE id = $1 AND workspace_id = $2',
    [input.importId, input.workspaceId],
  );
  if (!found.rows[0]) return { is: 'NOT_FOUND' };
  const { status, isFixed } = found.rows[0];
  return status === 'REVIEW' && isFixed ? { is: 'FIX_OUTSTANDING' } : { is: 'NOT_IN_REVIEW', status };
}

/** Gives an import that a file was to replace back what it was. @returns whether it was one */
async function restore(db: Queryable, { importId, token }: Receipt): Promise<boolean> {
  const { rows } = await db.query('SELECT restore_replaced($1, $2, NULL) AS restored', [importId, token]);
  return rows[0].restored > 0;
}

/** Takes back an import whose file was refused: nothing of it stays, or what it was before. */
export async function dropImport(db: Queryable, receipt: Receipt): Promise<void> {
  if (receipt.replaces && (await restore(db, receipt))) return;
  const { importId, token } = receipt;
  await db.query(`DELETE FROM imports WHERE id = $1 AND upload_token = $2 AND status = 'RECEIVING'`, [importId, token]);
}

/** Its client or its process went away. */
export const UPLOAD_INTERRUPTED = {
  code: 'upload_interrupted',
  message: 'The upload did not reach its end. Upload the file again.',
};
const UPLOAD_FAILED = { code: 'upload_failed', message: 'The upload failed on our side. Upload the file again.' };

/** The upload failed, on our side unless another error is given: nothing of its rows stayed. One that was to replace rows leaves them. */
export async function failImport(db: Queryable, receipt: Receipt, error = UPLOAD_FAILED): Promise<void> {
  if (receipt.replaces && (await restore(db, receipt))) return;
  const { importId, token } = receipt;
  await db.query(
    `UPDATE imports SET status = 'FAILED', error = $3, total_rows = 0, accepted_rows = 0, rejected_rows = 0
     WHERE id = $1 AND upload_token = $2 AND status = 'RECEIVING'`,
    [importId, token, JSON.stringify(error)],
  );
}

/** Uploads whose process is gone: none of their rows was committed, so there is nothing else to remove. */
export async function failLostImports(db: Queryable): Promise<void> {
  await db.query(`SELECT restore_replaced(NULL, NULL, interval '${UPLOAD_LOST_AFTER}')`);
  await db.query(
    `UPDATE imports SET status = 'FAILED', total_rows = 0, accepted_rows = 0, rejected_rows = 0,
       error = $1
     WHERE status = 'RECEIVING' AND replaced IS NULL AND heartbeat_at < dialwright_now() - interval '${UPLOAD_LOST_AFTER}'`,
    [JSON.stringify(UPLOAD_INTERRUPTED)],
  );
}

/** Rows of an import that was discarded while another file was received in place of its rows. An upload that still ends holds them for a moment. */
export async function forgetReplacedRows(db: Queryable, rowsMax: number): Promise<void> {
  await db.query(
    `DELETE FROM import_rows WHERE ctid = ANY (ARRAY(
       SELECT k.ctid FROM imports i JOIN import_rows k ON k.import_id = i.id
       WHERE i.status = 'DISCARDED' AND i.replaced IS NOT NULL LIMIT $1 FOR UPDATE OF k SKIP LOCKED))`,
    [rowsMax],
  );
  await db.query(
    `UPDATE imports i SET replaced = NULL WHERE status = 'DISCARDED' AND replaced IS NOT NULL
       AND NOT EXISTS (SELECT FROM import_rows r WHERE r.import_id = i.id)`,
  );
}
