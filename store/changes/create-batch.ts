import type { Actor } from '../../domain/people/actor.js';
import type { BatchSettings } from '../../domain/batches/settings.js';
import {
  zoneSetOf,
  type BatchHoursSpec,
  type PlannedFor,
  type PlannedOpenings,
} from '../../domain/hours/batch-hours.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import { toStoredRecipient } from '../../domain/recipients/stored-recipient.js';
import { createPause } from '../../platform/pause.js';
import type { Queryable } from '../database.js';

export type NewBatch = {
  /** Given when the request has an Idempotency-Key; a batch with this id is the one that the request made earlier. */
  id: string | null;
  workspaceId: string;
  actor: Actor;
  /** BATCH unless told otherwise. */
  kind?: 'TEST';
  status: 'DRAFT' | 'SCHEDULED';
  settings: BatchSettings;
  recipients: readonly RecipientDraft[];
  /** Left out when the rule packs that they were planned for are others by now: the sweeper writes them. */
  openings: (PlannedOpenings & Pick<PlannedFor, 'rulePacksVersion'>) | null;
  /** Kept with who made it; never what was uploaded about a person. */
  auditDetail?: Record<string, unknown>;
};

/**
 * Makes a batch with its recipients and openings (`create_batch`): all of it, or nothing. Safe to repeat with an id.
 * @returns its id
 */
export async function createBatch(db: Queryable, batch: NewBatch): Promise<string> {
  const { rows } = await db.query('SELECT create_batch($1, $2) AS id', await valuesOf(batch));
  return rows[0].id;
}

/** A batch as the first arguments of the functions that make one. */
export async function valuesOf({ recipients, openings, ...batch }: NewBatch): Promise<[string, string]> {
  const written = await writeRecipients(recipients, batch.settings);
  return [JSON.stringify({ ...batch, ...(openings && { openings }) }), written];
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
