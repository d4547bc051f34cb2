import type { Queryable } from '../database.js';

/** What was done with a batch or one of its attempts, by whom. Holds ids and settings, never what was uploaded about a person. */
export type AuditRow = {
  id: string;
  at: Date;
  attemptId: string | null;
  actor: string;
  action: string;
  /** False for what was asked for and refused. */
  applied: boolean;
  detail: Record<string, unknown>;
  cursorAt: string;
};

const FIELDS = `id, at, attempt_id AS "attemptId", actor, action, applied, detail, at::text AS "cursorAt"`;
const ATTEMPT_ENTRIES_MAX = 1_000;

/** A page of a batch's entries, newest first. */
export async function listBatchAudit(
  db: Queryable,
  batchId: string,
  page: { after: { cursorAt: string; id: string } | null; limit: number },
): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `SELECT ${FIELDS} FROM audit_events
     WHERE batch_id = $1 AND ($2::timestamptz IS NULL OR (at, id) < ($2, $3::uuid)) ORDER BY at DESC, id DESC LIMIT $4`,
    [batchId, page.after?.cursorAt ?? null, page.after?.id ?? null, page.limit],
  );
  return rows;
}

/** The entries of some attempts of a batch, in order. */
export async function listAttemptAudit(
  db: Queryable,
  batchId: string,
  attemptIds: readonly string[],
): Promise<AuditRow[]> {
  if (attemptIds.length === 0) return [];
  const { rows } = await db.query<AuditRow>(
    `SELECT ${FIELDS} FROM audit_events WHERE batch_id = $1 AND attempt_id = ANY ($2) ORDER BY at, id LIMIT ${ATTEMPT_ENTRIES_MAX}`,
    [batchId, attemptIds],
  );
  return rows;
}
