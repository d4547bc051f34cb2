import type { CircuitBreakers } from '../../domain/batches/circuit-breakers.js';
import { zoneSetOf, type BatchHoursSpec, type PlannedOpenings } from '../../domain/hours/batch-hours.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import { toStoredRecipient } from '../../domain/recipients/stored-recipient.js';
import type { StoredRetryPolicy } from '../../domain/batches/retry-policy.js';
import type { StoredCriterion } from '../../domain/batches/success-criterion.js';
import type { CallWindow } from '../../domain/hours/window.js';
import { createPause } from '../../platform/pause.js';
import { inTransaction, type Database, type Queryable } from '../database.js';
import { writeOpenings } from '../hours/extend-openings.js';
import { CHUNK_ROWS_MAX } from './sweep-rows.js';

export type NewBatch = BatchHoursSpec & {
  /** Given when the request has an Idempotency-Key; a batch with this id is the one that the request made earlier. */
  id: string | null;
  workspaceId: string;
  actor: string;
  /** BATCH unless told otherwise. */
  kind?: 'TEST';
  name: string;
  status: 'DRAFT' | 'SCHEDULED';
  fromNumberId: string;
  agentId: string;
  timeZone: string;
  /** Null is now: when it is submitted, for a draft. */
  startAt: Date | null;
  /** The last instant at which no call may start any more; left out: none. */
  endAt?: Date | null;
  /** Start and end as they were written, when that was a local time. */
  startLocal?: string | null;
  endLocal?: string | null;
  window: CallWindow | null;
  concurrencyLimit: number | null;
  reservedConcurrency: number;
  callsPerSecond: number | null;
  maxAttempts: number;
  retryPolicy: StoredRetryPolicy;
  successCriterion: StoredCriterion;
  breakers: CircuitBreakers;
  /** False unless told otherwise. */
  allowCostlyNumbers?: boolean;
  recipients: readonly RecipientDraft[];
  /** Left out when the rule packs that they were planned for are others by now: the sweeper writes them. Null: any. */
  openings: (PlannedOpenings & { rulePacksVersion: number | null }) | null;
  /** Kept with who made it; never what was uploaded about a person. */
  auditDetail?: Record<string, unknown>;
};

/** Makes a batch with its recipients and openings: all of it, or nothing. Safe to repeat with an id. @returns its id */
export async function createBatch(db: Database, batch: NewBatch): Promise<string> {
  return inTransaction(db, (tx) => insertBatch(tx, batch));
}

/** As `createBatch`, in the transaction of the caller. */
export async function insertBatch(tx: Queryable, batch: NewBatch): Promise<string> {
  const { rows } = await tx.query(
    `INSERT INTO batches (id, workspace_id, name, status, from_number_id, agent_id, time_zone, start_at, "window", hours_in, concurrency_limit,
         reserved_concurrency, calls_per_second, max_attempts, retry_policy, success_criterion, breakers, kind, unknown_zone,
         blackout_dates, holidays, purpose, lawful_override, allow_costly_numbers, end_at, start_local, end_local,
         submitted_at)
       SELECT coalesce($1::uuid, new_id()), $2, $3, $4, $5, $6, $7,
         CASE WHEN $4 = 'SCHEDULED' THEN coalesce($8::timestamptz, dialwright_now()) ELSE $8 END, $9, $10, $11,
         $12, $13, $14, $15, $16, $17, coalesce($18, 'BATCH'), $19, $20, $21, $22, $23, $24, $25, $26, $27,
         CASE WHEN $4 = 'SCHEDULED' THEN dialwright_now() END
       ON CONFLICT (id) DO NOTHING RETURNING id`,
    [
      batch.id,
      batch.workspaceId,
      batch.name,
      batch.status,
      batch.fromNumberId,
      batch.agentId,
      batch.timeZone,
      batch.startAt,
      batch.window && JSON.stringify(batch.window),
      batch.hoursIn,
      batch.concurrencyLimit,
      batch.reservedConcurrency,
      batch.callsPerSecond,
      batch.maxAttempts,
      JSON.stringify(batch.retryPolicy),
      batch.successCriterion && JSON.stringify(batch.successCriterion),
      JSON.stringify(batch.breakers),
      batch.kind ?? null,
      batch.unknownZone,
      JSON.stringify(batch.blackoutDates),
      JSON.stringify(batch.holidays),
      batch.purpose,
      batch.lawfulOverride && JSON.stringify(batch.lawfulOverride),
      batch.allowCostlyNumbers ?? false,
      batch.endAt ?? null,
      batch.startLocal ?? null,
      batch.endLocal ?? null,
    ],
  );
  // Nothing inserted: an earlier try of this request was committed.
  if (!rows[0]) return batch.id as string;
  const id: string = rows[0].id;
  for (let first = 0; first < batch.recipients.length; first += CHUNK_ROWS_MAX) {
    const chunk = await writeRecipients(batch.recipients.slice(first, first + CHUNK_ROWS_MAX), batch);
    await tx.query('SELECT insert_recipients($1, NULL, $2)', [id, chunk]);
  }
  if (batch.openings && (await areRulePacks(tx, batch.workspaceId, batch.openings.rulePacksVersion)))
    await writeOpenings(tx, { batchId: id, hoursVersion: 1 }, batch.openings);
  await tx.query(
    `INSERT INTO audit_events (workspace_id, batch_id, actor, action, detail) VALUES ($1, $2, $3, $4, jsonb_strip_nulls($5))`,
    [
      batch.workspaceId,
      id,
      batch.actor,
      batch.kind === 'TEST' ? 'test call' : 'create',
      JSON.stringify({ lawfulOverride: batch.lawfulOverride, ...batch.auditDetail }),
    ],
  );
  return id;
}

/** Under W until the commit: rule packs that are chosen from here on find this batch, and plan it again. */
async function areRulePacks(tx: Queryable, workspaceId: string, version: number | null): Promise<boolean> {
  if (version === null) return true;
  await tx.query('SELECT lock_workspace($1)', [workspaceId]);
  const { rows } = await tx.query('SELECT rule_packs_version AS version FROM workspaces WHERE id = $1', [workspaceId]);
  return rows[0].version === version;
}

/**
 * Recipients with the zone set in which they are called, as the JSON that SQL takes. Thousands of them take a while: other requests
 * are served in between.
 */
export async function writeRecipients(
  recipients: readonly RecipientDraft[],
  hours: Pick<BatchHoursSpec, 'hoursIn' | 'purpose' | 'unknownZone'>,
): Promise<string> {
  const pause = createPause();
  const written: string[] = [];
  for (const recipient of recipients) {
    written.push(JSON.stringify(toStoredRecipient(recipient, zoneSetOf(recipient, hours))));
    await pause();
  }
  return `[${written.join(',')}]`;
}
