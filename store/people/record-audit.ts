import type { Actor } from '../../domain/people/actor.js';
import type { AuditAction } from '../../domain/people/audit-actions.js';
import type { Queryable } from '../database.js';

/** What an entry is about; ids are uuids. */
export type AuditTarget = { kind: AuditTargetKind; id: string };
export const AUDIT_TARGET_KINDS = [
  'workspace',
  'apiKey',
  'member',
  'providerAccount',
  'phoneNumber',
  'agent',
  'batch',
  'recipient',
  'import',
  'attempt',
  'job',
] as const;
export type AuditTargetKind = (typeof AUDIT_TARGET_KINDS)[number];

type AuditRecord = {
  workspaceId: string;
  actor: Actor;
  action: AuditAction;
  entry: {
    batchId?: string;
    target?: AuditTarget;
    /** False for what was refused. */
    applied?: boolean;
    /** Ids, counts, and settings by their names: never credentials, nor what was uploaded about a person. */
    detail?: Record<string, unknown>;
    /** It is recorded once for each. */
    commandId?: string | null;
    /** What a repetition of the command is told. */
    answer?: Record<string, unknown>;
  };
};

/** Records what somebody did (`record_audit`), in the transaction that does it. @returns false when the command was recorded before */
export async function recordAudit(tx: Queryable, { workspaceId, actor, action, entry }: AuditRecord): Promise<boolean> {
  const values = [workspaceId, JSON.stringify(actor), action, JSON.stringify(entry)];
  const { rows } = await tx.query('SELECT record_audit($1, $2, $3, $4) AS recorded', values);
  return rows[0].recorded;
}

/** The command was recorded by another request meanwhile: the transaction is given up. */
class RecordedMeanwhileError extends Error {
  override readonly name = 'RecordedMeanwhileError';
}

/** As `recordAudit`. @throws RecordedMeanwhileError, which ends the transaction: what it did was done already */
export async function recordOnce(tx: Queryable, record: AuditRecord): Promise<void> {
  if (!(await recordAudit(tx, record))) throw new RecordedMeanwhileError(`${record.action} was done already`);
}

/** What became of a command that was recorded: `result` as `change_batch` gave it, `answer` as it was told. Null when it was not. */
export async function readCommand(
  db: Queryable,
  commandId: string | null,
): Promise<{ applied: boolean; result: string | null; answer: unknown } | null> {
  if (commandId === null) return null;
  const { rows } = await db.query(
    `SELECT applied, answer ->> 'result' AS result, answer FROM commands WHERE command_id = $1`,
    [commandId],
  );
  return rows[0] ?? null;
}
