import type { Fix } from '../../../domain/imports/fixes.js';
import type { AuditAction } from '../../../domain/people/audit-actions.js';
import { inTransaction, type Database, type Queryable } from '../../database.js';
import { readCommand, recordOnce } from '../../people/record-audit.js';
import type { Asked } from '../../settings/plain-rows.js';
import type { ImportState } from '../read-import.js';
import type { FixState } from './fix-state.js';

export type StartFixResult =
  | { result: 'STARTED' | 'NOT_FOUND' | 'FIX_OUTSTANDING' | 'NOTHING_TO_UNDO' }
  | { result: 'NOT_IN_REVIEW'; status: ImportState };

type FixCommand = Asked & { importId: string; commandId: string | null };

/** How long its request, or a sweeper, has a fix for itself after each step. */
export const FIX_LEASE = '2 seconds';

/**
 * Begins a fix of an import under review. Who began it carries it on (`runFix`), and so does a sweeper when that is gone. A
 * command that is repeated counts as done.
 */
export async function startFix(db: Database, command: FixCommand & { fix: Fix }): Promise<StartFixResult> {
  if (await readCommand(db.pool, command.commandId)) return { result: 'STARTED' };
  return inTransaction(db, async (tx) => {
    const found = await lockImport(tx, command);
    if (!found) return { result: 'NOT_FOUND' };
    if (found.status !== 'REVIEW') return { result: 'NOT_IN_REVIEW', status: found.status };
    if (found.isOutstanding) return { result: 'FIX_OUTSTANDING' };
    const { fix, actor, importId } = command;
    const state: Omit<FixState, 'startedAt'> = {
      ...fix,
      number: (found.fix?.number ?? 0) + 1,
      stage: found.isKept ? 'CLEARING' : 'RUNNING',
      through: 0,
      rows: { of: found.rejectedRows, checked: 0, accepted: 0, changed: 0, leftOut: 0, undone: 0 },
      by: actor,
      endedAt: null,
    };
    await begin(tx, importId, state);
    // Without the cell: what is in a row is a person's.
    const { cell: _, action, ...rest } = fix;
    await record(tx, { command, batchId: found.batchId, action: 'fix import rows', detail: { fix: action, ...rest } });
    return { result: 'STARTED' };
  });
}

/** Begins to undo the last fix of an import under review, also of one that has not come to its end. */
export async function startUndo(db: Database, command: FixCommand): Promise<StartFixResult> {
  if (await readCommand(db.pool, command.commandId)) return { result: 'STARTED' };
  return inTransaction(db, async (tx) => {
    const found = await lockImport(tx, command);
    if (!found) return { result: 'NOT_FOUND' };
    if (found.status !== 'REVIEW') return { result: 'NOT_IN_REVIEW', status: found.status };
    // What is kept while it is cleared is an earlier fix's.
    if (found.fix?.stage === 'CLEARING' || found.fix?.stage === 'UNDOING') return { result: 'FIX_OUTSTANDING' };
    if (found.fix === null || found.fix.stage === 'UNDONE') return { result: 'NOTHING_TO_UNDO' };
    const { fix } = found;
    await begin(tx, command.importId, { ...fix, stage: 'UNDOING', through: 0, by: command.actor, endedAt: null });
    await record(tx, { command, batchId: found.batchId, action: 'undo import fix', detail: { code: fix.code } });
    return { result: 'STARTED' };
  });
}

type Locked = {
  status: ImportState;
  batchId: string;
  fix: FixState | null;
  isOutstanding: boolean;
  isKept: boolean;
  rejectedRows: number;
};

async function lockImport(tx: Queryable, { importId, workspaceId }: FixCommand): Promise<Locked | null> {
  const { rows } = await tx.query<Locked>(
    `SELECT i.status, i.batch_id AS "batchId", i.fix, i.fix_outstanding AS "isOutstanding", i.fix_rows_kept AS "isKept",
       i.rejected_rows AS "rejectedRows"
     FROM imports i JOIN batches b ON b.id = i.batch_id AND b.deleted_at IS NULL
     WHERE i.id = $1 AND i.workspace_id = $2 FOR NO KEY UPDATE OF i`,
    [importId, workspaceId],
  );
  return rows[0] ?? null;
}

async function begin(tx: Queryable, importId: string, state: Omit<FixState, 'startedAt'>): Promise<void> {
  const { rowCount } = await tx.query(
    `UPDATE imports SET fix = jsonb_build_object('startedAt', dialwright_now()) || $2::jsonb, fix_outstanding = true,
       fix_rows_kept = true, fix_due_at = dialwright_now() + interval '${FIX_LEASE}'
     WHERE id = $1 AND status = 'REVIEW'`,
    [importId, JSON.stringify(state)],
  );
  if (rowCount !== 1) throw new Error(`import ${importId} is no longer under review`);
}

async function record(
  tx: Queryable,
  entry: { command: FixCommand; batchId: string; action: AuditAction; detail: Record<string, unknown> },
): Promise<void> {
  const { importId, workspaceId, actor, commandId } = entry.command;
  await recordOnce(tx, {
    workspaceId,
    actor,
    action: entry.action,
    entry: {
      ...{ batchId: entry.batchId, commandId, target: { kind: 'import', id: importId } },
      detail: { importId, ...entry.detail },
    },
  });
}
