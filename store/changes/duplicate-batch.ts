import type { Actor } from '../../domain/people/actor.js';
import type { BatchSettings } from '../../domain/batches/settings.js';
import { queryForLong, type Database, type Queryable } from '../database.js';

/** More go by an upload: they are copied in one transaction. */
export const DUPLICATED_RECIPIENTS_MAX = 50_000;
/** They take some seconds. */
const COPY_TIMEOUT = '60s';

type DuplicateRequest = {
  /** Given when the request has an Idempotency-Key; a batch with this id is the one that the request made earlier. */
  id: string | null;
  workspaceId: string;
  batchId: string;
  /** Of the draft. */
  settings: BatchSettings;
  withRecipients: boolean;
  actor: Actor;
};

/**
 * Makes a draft from a batch, with its recipients if asked. Safe to repeat with an id.
 * @returns its id, or `too-many` when there are more recipients than are copied
 */
export async function duplicateBatch(
  db: Database,
  request: DuplicateRequest,
): Promise<{ is: 'made'; id: string } | { is: 'too-many' }> {
  if (request.withRecipients && (await hasTooMany(db.pool, request.batchId))) return { is: 'too-many' };
  const { id, workspaceId, actor, batchId, settings, withRecipients } = request;
  const draft = { id, workspaceId, actor, settings, status: 'DRAFT' as const, auditDetail: { duplicateOf: batchId } };
  const { rows } = await queryForLong<{ id: string }>(db, COPY_TIMEOUT, [
    'SELECT duplicate_batch($1, $2, $3) AS id',
    [JSON.stringify(draft), batchId, withRecipients],
  ]);
  return { is: 'made', id: rows[0]!.id }; // a function of one row
}

async function hasTooMany(db: Queryable, batchId: string): Promise<boolean> {
  const { rows } = await db.query(
    'SELECT count(*)::int AS count FROM (SELECT FROM recipient_states WHERE batch_id = $1 LIMIT $2) few',
    [batchId, DUPLICATED_RECIPIENTS_MAX + 1],
  );
  return rows[0].count > DUPLICATED_RECIPIENTS_MAX;
}
