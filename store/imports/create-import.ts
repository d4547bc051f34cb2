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
export type Receipt = { importId: string; token: string };

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

/** Opens an import into a batch that still takes recipients. An earlier try that did not get to its end is begun again. */
export async function createImport(db: Queryable, input: NewImport): Promise<CreateImportResult> {
  const { rows } = await db.query(
    `INSERT INTO imports AS i (id, workspace_id, batch_id, file_name, default_country, numbers_without_plus, do_not_call_columns)
     SELECT coalesce($1::uuid, new_id()), workspace_id, id, $4, $6, $7, $8 FROM batches
     WHERE id = $3 AND workspace_id = $2 AND deleted_at IS NULL AND status = ANY ($5) AND kind = 'BATCH'
     ON CONFLICT (id) DO UPDATE SET status = 'RECEIVING', error = NULL, created_at = dialwright_now(), heartbeat_at = dialwright_now(),
       upload_token = gen_random_uuid(), file_name = excluded.file_name, default_country = excluded.default_country,
       numbers_without_plus = excluded.numbers_without_plus, do_not_call_columns = excluded.do_not_call_columns, encoding = NULL, columns = '[]',
       total_rows = 0, accepted_rows = 0, rejected_rows = 0
     WHERE i.workspace_id = excluded.workspace_id AND i.batch_id = excluded.batch_id
       AND (i.status = 'FAILED' OR i.status = 'RECEIVING' AND i.heartbeat_at < dialwright_now() - interval '${UPLOAD_LOST_AFTER}')
     RETURNING id, upload_token AS token`,
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
  if (rows[0]) return { is: 'receiving', importId: rows[0].id, token: rows[0].token };
  const earlier = await db.query('SELECT workspace_id, batch_id, status FROM imports WHERE id = $1', [input.id]);
  const [found] = earlier.rows;
  if (!found || input.id === null) return { is: 'not-allowed' };
  if (found.workspace_id !== input.workspaceId || found.batch_id !== input.batchId) return { is: 'taken' };
  return { is: 'there', importId: input.id, status: found.status };
}

/** Takes back an import whose file was refused: nothing of it stays. */
export async function dropImport(db: Queryable, { importId, token }: Receipt): Promise<void> {
  await db.query(`DELETE FROM imports WHERE id = $1 AND upload_token = $2 AND status = 'RECEIVING'`, [importId, token]);
}

/** Its client or its process went away. */
export const UPLOAD_INTERRUPTED = {
  code: 'upload_interrupted',
  message: 'The upload did not reach its end. Upload the file again.',
};
const UPLOAD_FAILED = { code: 'upload_failed', message: 'The upload failed on our side. Upload the file again.' };

/** The upload failed, on our side unless another error is given: nothing of its rows stayed. */
export async function failImport(db: Queryable, { importId, token }: Receipt, error = UPLOAD_FAILED): Promise<void> {
  await db.query(
    `UPDATE imports SET status = 'FAILED', error = $3, total_rows = 0, accepted_rows = 0, rejected_rows = 0
     WHERE id = $1 AND upload_token = $2 AND status = 'RECEIVING'`,
    [importId, token, JSON.stringify(error)],
  );
}

/** Uploads whose process is gone: none of their rows was committed, so there is nothing else to remove. */
export async function failLostImports(db: Queryable): Promise<void> {
  await db.query(
    `UPDATE imports SET status = 'FAILED', total_rows = 0, accepted_rows = 0, rejected_rows = 0,
       error = $1
     WHERE status = 'RECEIVING' AND heartbeat_at < dialwright_now() - interval '${UPLOAD_LOST_AFTER}'`,
    [JSON.stringify(UPLOAD_INTERRUPTED)],
  );
}
