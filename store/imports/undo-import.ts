import { inTransaction, type Database, type Queryable } from '../database.js';
import { recordAudit } from '../people/record-audit.js';
import type { Asked } from '../settings/plain-rows.js';

/** Recipients of an import that an undo leaves, and why. */
type StayingRecipients = {
  /** In a call, or a claim is taking them at this instant. */
  inCall: number;
  /** Called before. Those that waited for another call are CANCELLED. */
  called: number;
  /** Never called, and settled: suppressed, expired or cancelled. */
  settled: number;
};

/** Who of an import is in its batch. */
export async function countStaying(db: Queryable, { id, batchId }: { id: string; batchId: string }) {
  const { rows } = await db.query<StayingRecipients>(
    `SELECT count(*) FILTER (WHERE s.state IN ('WAITING', 'IN_PROGRESS'))::integer AS "inCall",
       count(*) FILTER (WHERE s.state NOT IN ('WAITING', 'IN_PROGRESS') AND s.attempt_count > 0)::integer AS called,
       count(*) FILTER (WHERE s.state NOT IN ('WAITING', 'IN_PROGRESS') AND s.attempt_count = 0)::integer AS settled
     FROM recipients r JOIN recipient_states s ON s.recipient_id = r.id WHERE r.batch_id = $1 AND r.import_id = $2`,
    [batchId, id],
  );
  return rows[0]!; // an aggregate without GROUP BY has one row
}

/** Notes that a confirmed import was undone, the first time. Its recipients were removed before: repeated, that removes nobody. */
export async function noteUndone(
  db: Database,
  { workspaceId, actor, id, batchId }: Asked & { id: string; batchId: string },
  counts: Record<string, number>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query(
      `UPDATE imports SET undone_at = dialwright_now() WHERE id = $1 AND status = 'CONFIRMED' AND undone_at IS NULL`,
      [id],
    );
    if (rowCount !== 1) return;
    const entry = { batchId, target: { kind: 'import', id }, detail: { importId: id, ...counts } } as const;
    await recordAudit(tx, { workspaceId, actor, action: 'undo import', entry });
  });
}
