import type { Queryable } from './database.js';

/**
 * Puts a command's id, and what is to be told about it, on the entry that this very transaction has written to the audit:
 * a repetition of the command finds it there, and answers what was answered the first time.
 */
export async function markCommand(
  tx: Queryable,
  { batchId, commandId, detail = {} }: { batchId: string; commandId: string | null; detail?: Record<string, unknown> },
): Promise<void> {
  await tx.query(
    `UPDATE audit_events SET command_id = $2, detail = detail || $3::jsonb
     WHERE id = (SELECT id FROM audit_events WHERE batch_id = $1 AND xmin = pg_current_xact_id()::xid ORDER BY at DESC, id DESC LIMIT 1)`,
    [batchId, commandId, JSON.stringify(detail)],
  );
}

/** What was told about a command that was carried out. Null when it was not. */
export async function readMark(
  db: Queryable,
  commandId: string | null,
): Promise<{ batchId: string; detail: Record<string, unknown> } | null> {
  if (commandId === null) return null;
  const { rows } = await db.query(
    'SELECT batch_id AS "batchId", detail FROM audit_events WHERE command_id = $1 AND applied',
    [commandId],
  );
  return rows[0] ?? null;
}
