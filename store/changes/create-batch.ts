import type { CircuitBreakers } from '../../domain/batches/circuit-breakers.js';
import {
  zoneSetOf,
  type BatchHoursSpec,
  type PlannedFor,
  type PlannedOpenings,
} from '../../domain/hours/batch-hours.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import { toStoredRecipient } from '../../domain/recipients/stored-recipient.js';
import type { StoredRetryPolicy } from '../../domain/batches/retry-policy.js';
import type { StoredCriterion } from '../../domain/batches/success-criterion.js';
import type { CallWindow } from '../../domain/hours/window.js';
import { createPause } from '../../platform/pause.js';
import type { Database } from '../database.js';
import { plannedValues } from '../hours/extend-openings.js';

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
  /** Left out when the rule packs that they were planned for are others by now: the sweeper writes them. */
  openings: (PlannedOpenings & Pick<PlannedFor, 'rulePacksVersion'>) | null;
  /** Kept with who made it; never what was uploaded about a person. */
  auditDetail?: Record<string, unknown>;
};

/** Makes a batch with its recipients and openings (`create_batch`): all of it, or nothing. Safe to repeat with an id. @returns its id */
export async function createBatch(db: Database, batch: NewBatch): Promise<string> {
  const { rows } = await db.pool.query(
    'SELECT create_batch($1, $2, $3, to_timestamp($4)) AS id',
    await valuesOf(batch),
  );
  return rows[0].id;
}

/** A batch as the first arguments of the functions that make one. */
export async function valuesOf({ recipients, openings, ...batch }: NewBatch): Promise<unknown[]> {
  const written = await writeRecipients(recipients, batch);
  return [JSON.stringify(batch), written, ...(openings ? plannedValues(openings) : [null, null])];
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
