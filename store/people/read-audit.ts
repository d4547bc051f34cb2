import type { AuditAction } from '../../domain/people/audit-actions.js';
import type { Queryable } from '../database.js';
import type { AuditTarget, AuditTargetKind } from './record-audit.js';

/** What was done, by whom. Holds ids and settings, never credentials nor what was uploaded about a person. */
export type AuditRow = {
  id: string;
  at: Date;
  batchId: string | null;
  attemptId: string | null;
  /** The id of an API key, or one of our own words. */
  actor: string;
  /** What the key was called then. */
  actorName: string | null;
  actorFrom: string | null;
  action: AuditAction;
  /** False for what was asked for and refused. */
  applied: boolean;
  targetKind: AuditTargetKind | null;
  targetId: string | null;
  detail: Record<string, unknown>;
  /** What differs, by the names of columns. */
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  cursorAt: string;
};

const FIELDS = `id, at, batch_id AS "batchId", attempt_id AS "attemptId", actor, actor_name AS "actorName", actor_from AS "actorFrom", action,
  applied, target_kind AS "targetKind", target_id AS "targetId", detail, before, after, at::text AS "cursorAt"`;
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

/** What is wanted of a workspace's entries; what is left out is not asked for. */
export type AuditFilter = {
  from?: Date | undefined;
  /** Not included. */
  until?: Date | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  applied?: boolean | undefined;
  target?: AuditTarget | undefined;
  batchId?: string | undefined;
};
type AuditPage = { after: { cursorAt: string; id: string } | null; limit: number };

/** A page of a workspace's entries, newest first. Reads backwards from where it goes on, by the index of the workspace or of the batch. */
export async function listAudit(
  db: Queryable,
  workspaceId: string,
  filter: AuditFilter,
  { after, limit }: AuditPage,
): Promise<AuditRow[]> {
  const values: unknown[] = [workspaceId];
  const where = ['workspace_id = $1'];
  const add = (condition: (...places: string[]) => string, ...given: unknown[]): void => {
    where.push(condition(...given.map((value) => `$${values.push(value)}`)));
  };
  if (after) add((at, id) => `(at, id) < (${at}::timestamptz, ${id}::uuid)`, after.cursorAt, after.id);
  if (filter.from) add((from) => `at >= ${from}`, filter.from);
  if (filter.until) add((until) => `at < ${until}`, filter.until);
  if (filter.actor !== undefined) add((actor) => `actor = ${actor}`, filter.actor);
  if (filter.action !== undefined) add((action) => `action = ${action}`, filter.action);
  if (filter.applied !== undefined) add((applied) => `applied = ${applied}`, filter.applied);
  if (filter.batchId !== undefined) add((id) => `batch_id = ${id}`, filter.batchId);
  if (filter.target)
    add((kind, id) => `target_kind = ${kind} AND target_id = ${id}`, filter.target.kind, filter.target.id);
  const { rows } = await db.query<AuditRow>(
    `SELECT ${FIELDS} FROM audit_events WHERE ${where.join(' AND ')} ORDER BY at DESC, id DESC LIMIT $${values.push(limit)}`,
    values,
  );
  return rows;
}
