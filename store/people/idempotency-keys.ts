import type { Queryable } from '../database.js';

export type KeyedRequest = { workspaceId: string; key: string; operation: string; bodyHash: string };

export type KeyClaim =
  /**
   * Ours to answer: new, or taken over from a process that died or failed. `useId` names this use of the key: the same for
   * every repetition, another one when the key is used again after it was forgotten.
   */
  | { is: 'ours'; useId: string }
  | { is: 'answered'; status: number; response: unknown }
  | { is: 'in-progress' }
  | { is: 'reused' };

/** A request whose process has not touched it for this long has lost its process. */
const LOST_AFTER = '60 seconds';

/**
 * Claims an Idempotency-Key. The insert decides between two that race; the loser reads what is there. A row that expires
 * between the two counts as in progress: the client asks again.
 */
export async function claimKey(
  db: Queryable,
  { workspaceId, key, operation, bodyHash }: KeyedRequest,
): Promise<KeyClaim> {
  const inserted = await db.query(
    'INSERT INTO idempotency_keys (workspace_id, key, operation, body_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING extract(epoch FROM created_at)::text AS "useId"',
    [workspaceId, key, operation, bodyHash],
  );
  if (inserted.rows[0]) return { is: 'ours', useId: inserted.rows[0].useId };
  const { rows } = await db.query(
    'SELECT operation, body_hash AS "bodyHash", status, response FROM idempotency_keys WHERE workspace_id = $1 AND key = $2',
    [workspaceId, key],
  );
  const [row] = rows;
  if (!row) return { is: 'in-progress' };
  if (row.operation !== operation || row.bodyHash !== bodyHash) return { is: 'reused' };
  if (row.status !== null) return { is: 'answered', status: row.status, response: row.response };
  const taken = await db.query(
    `UPDATE idempotency_keys SET locked_at = dialwright_now()
     WHERE workspace_id = $1 AND key = $2 AND status IS NULL AND locked_at < dialwright_now() - interval '${LOST_AFTER}'
     RETURNING extract(epoch FROM created_at)::text AS "useId"`,
    [workspaceId, key],
  );
  return taken.rows[0] ? { is: 'ours', useId: taken.rows[0].useId } : { is: 'in-progress' };
}

/** Says that the request is still being answered. */
export async function touchKey(db: Queryable, workspaceId: string, key: string): Promise<void> {
  await db.query(
    'UPDATE idempotency_keys SET locked_at = dialwright_now() WHERE workspace_id = $1 AND key = $2 AND status IS NULL',
    [workspaceId, key],
  );
}

/** Keeps the answer, for as long as keys are kept. */
export async function storeAnswer(
  db: Queryable,
  workspaceId: string,
  key: string,
  answer: { status: number; response: unknown },
): Promise<void> {
  await db.query(
    'UPDATE idempotency_keys SET status = $3, response = $4 WHERE workspace_id = $1 AND key = $2 AND status IS NULL',
    [workspaceId, key, answer.status, JSON.stringify(answer.response)],
  );
}

/** The request was refused because of who sent it: the key is free, and its next use is another one. */
export async function forgetKey(db: Queryable, workspaceId: string, key: string): Promise<void> {
  await db.query('DELETE FROM idempotency_keys WHERE workspace_id = $1 AND key = $2 AND status IS NULL', [
    workspaceId,
    key,
  ]);
}

/**
 * The request failed on our side: it may be repeated at once. The row stays, so that the repetition derives the same ids:
 * the failed one may have committed before it failed.
 */
export async function releaseKey(db: Queryable, workspaceId: string, key: string): Promise<void> {
  await db.query(
    `UPDATE idempotency_keys SET locked_at = '-infinity' WHERE workspace_id = $1 AND key = $2 AND status IS NULL`,
    [workspaceId, key],
  );
}
