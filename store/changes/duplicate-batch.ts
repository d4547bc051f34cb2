import { inTransaction, type Database, type Queryable } from '../database.js';
import { CHUNK_ROWS_MAX } from './sweep-rows.js';

/** More go by an upload: they are copied in one transaction. */
export const DUPLICATED_RECIPIENTS_MAX = 50_000;

type DuplicateRequest = {
  /** Given when the request has an Idempotency-Key; a batch with this id is the one that the request made earlier. */
  id: string | null;
  workspaceId: string;
  batchId: string;
  name: string;
  withRecipients: boolean;
  actor: string;
};

/**
 * Makes a draft with the configuration of a batch, and its recipients if asked. What belongs to the calendar of the old one
 * is left behind: its start, and the last time for its retries. Safe to repeat with an id.
 * @returns its id, or `too-many` when there are more recipients than are copied
 */
export async function duplicateBatch(
  db: Database,
  request: DuplicateRequest,
): Promise<{ is: 'made'; id: string } | { is: 'too-many' }> {
  if (request.withRecipients && (await hasTooMany(db.pool, request.batchId))) return { is: 'too-many' };
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query(
      `INSERT INTO batches (id, workspace_id, name, from_number_id, agent_id, time_zone, "window", hours_in, concurrency_limit,
         reserved_concurrency, calls_per_second, max_attempts, retry_policy, success_criterion, breakers, unknown_zone, blackout_dates, holidays, purpose, allow_costly_numbers)
       SELECT coalesce($1::uuid, new_id()), workspace_id, $4, from_number_id, agent_id, time_zone, "window", hours_in, concurrency_limit,
         reserved_concurrency, calls_per_second, max_attempts, retry_policy - 'notAfter', success_criterion, breakers, unknown_zone, blackout_dates,
         holidays, purpose, allow_costly_numbers
       FROM batches WHERE id = $3 AND workspace_id = $2
       ON CONFLICT (id) DO NOTHING RETURNING id`,
      [request.id, request.workspaceId, request.batchId, request.name],
    );
    // Nothing inserted: an earlier try of this request was committed.
    if (!rows[0]) return { is: 'made', id: request.id as string };
    const id: string = rows[0].id;
    if (request.withRecipients) await copyRecipients(tx, request.batchId, id);
    await tx.query(
      `INSERT INTO audit_events (workspace_id, batch_id, actor, action, detail) VALUES ($1, $2, $3, 'create', jsonb_build_object('duplicateOf', $4::uuid))`,
      [request.workspaceId, id, request.actor, request.batchId],
    );
    return { is: 'made', id };
  });
}

async function hasTooMany(db: Queryable, batchId: string): Promise<boolean> {
  const { rows } = await db.query(
    'SELECT count(*)::int AS count FROM (SELECT FROM recipient_states WHERE batch_id = $1 LIMIT $2) few',
    [batchId, DUPLICATED_RECIPIENTS_MAX + 1],
  );
  return rows[0].count > DUPLICATED_RECIPIENTS_MAX;
}

/** In order of arrival, in the one shape that makes recipients. */
async function copyRecipients(tx: Queryable, from: string, to: string): Promise<void> {
  for (let after: string | null = '0'; after !== null;) {
    const { rows } = (await tx.query(
      `WITH chunk AS (
         SELECT s.phone_key, s.other_keys, s.not_before, s.not_after, s.zone_set, r.* FROM recipient_states s JOIN recipients r ON r.id = s.recipient_id
         WHERE s.batch_id = $1 AND s.ordinal > $3 ORDER BY s.ordinal LIMIT ${CHUNK_ROWS_MAX})
       SELECT (SELECT max(ordinal) FROM chunk)::text AS last, insert_recipients($2, NULL, coalesce((SELECT jsonb_agg(jsonb_build_object(
         'phone', phone, 'name', name, 'variables', variables, 'metadata', metadata, 'sipHeaders', sip_headers, 'skipPhoneCheck', skip_phone_check,
         'overrideAgentId', override_agent_id, 'overrideAgentVersion', override_agent_version, 'timeZone', time_zone,
         'phoneKey', phone_key, 'original', original_phone, 'notBefore', not_before, 'notAfter', not_after, 'zoneSet', zone_set) || CASE WHEN other_keys IS NULL THEN '{}' ELSE jsonb_build_object('otherKeys', other_keys) END ORDER BY ordinal) FROM chunk), '[]'))`,
      [from, to, after],
    )) as { rows: { last: string | null }[] };
    after = rows[0]!.last; // the last chunk is an empty one
  }
}
