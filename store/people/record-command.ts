import type { Queryable } from '../database.js';

type CommandRecord = {
  workspaceId: string;
  batchId: string;
  actor: string;
  action: string;
  commandId: string | null;
  detail: Record<string, unknown>;
};

/** Records what somebody did, in the transaction that does it. Fails, and the transaction with it, when the command id was recorded already. */
export async function recordCommand(tx: Queryable, record: CommandRecord): Promise<void> {
  await tx.query(
    'INSERT INTO audit_events (workspace_id, batch_id, actor, action, command_id, detail) VALUES ($1, $2, $3, $4, $5, $6)',
    [record.workspaceId, record.batchId, record.actor, record.action, record.commandId, JSON.stringify(record.detail)],
  );
}

/** What became of a command that was recorded: `result` as `change_batch` gave it, `answer` as it was told. Null when it was not. */
export async function readCommand(
  db: Queryable,
  commandId: string | null,
): Promise<{ applied: boolean; result: string | null; answer: unknown } | null> {
  if (commandId === null) return null;
  const { rows } = await db.query(
    `SELECT applied, detail ->> 'result' AS result, detail -> 'answer' AS answer FROM audit_events WHERE command_id = $1`,
    [commandId],
  );
  return rows[0] ?? null;
}
