import { zoneSetOf, UNKNOWN_ZONE_SET, type BatchHoursSpec } from '../../domain/hours/batch-hours.js';
import { zoneOfVariables } from '../../domain/recipients/zone-of-variables.js';
import { createPause } from '../../platform/pause.js';
import type { Queryable } from '../database.js';

/** Recipients whose zones are derived per call: about 50 ms. */
const DERIVED_ROWS_MAX = 1_000;

type Place = Pick<BatchHoursSpec, 'hoursIn' | 'purpose' | 'unknownZone'> & { version: number; from: string };
type Waiting = { id: string; ordinal: string; phone: string; timeZone: string | null; variables: object };

/**
 * Derives the zones of the next recipients of a draft in which it was changed whose clock counts (`write_zone_sets`). A
 * process that dies, or another one that does the same, leaves the chunk to be derived again.
 * @returns true when more may be left
 */
export async function deriveZones(db: Queryable, batchId: string): Promise<boolean> {
  const places = await db.query<Place>(
    `SELECT version, zones_through AS "from", hours_in AS "hoursIn", purpose, unknown_zone AS "unknownZone"
     FROM batches WHERE id = $1 AND zones_through IS NOT NULL AND status = 'DRAFT' AND deleted_at IS NULL`,
    [batchId],
  );
  const [place] = places.rows;
  if (!place) return false;
  const { rows: recipients } = await db.query<Waiting>(
    `SELECT r.id, s.ordinal, r.phone, r.time_zone AS "timeZone", r.variables
     FROM recipient_states s JOIN recipients r ON r.id = s.recipient_id
     WHERE s.batch_id = $1 AND s.ordinal > $2 ORDER BY s.ordinal LIMIT $3`,
    [batchId, place.from, DERIVED_ROWS_MAX],
  );
  const pause = createPause();
  const rows: object[] = [];
  for (const recipient of recipients) {
    rows.push({ id: recipient.id, ...zoneOf(recipient, place) });
    await pause();
  }
  const { version, from } = place;
  const chunk = { version, from, through: recipients.at(-1)?.ordinal ?? null, rows };
  await db.query('SELECT write_zone_sets($1, $2)', [batchId, JSON.stringify(chunk)]);
  return true;
}

/**
 * As an upload would have it: while the clock of the batch counted, a zone that a recipient names went into its variables.
 * One that cannot be read is nobody's guess: that recipient is held.
 */
function zoneOf({ phone, timeZone, variables }: Waiting, hours: Place): { zoneSet: string; timeZone?: string } {
  const named = timeZone === null && hours.hoursIn === 'recipient' ? zoneOfVariables(variables) : null;
  if (named === null) return { zoneSet: zoneSetOf({ phone, timeZone }, hours) };
  if (!named.ok) return { zoneSet: UNKNOWN_ZONE_SET };
  return { zoneSet: zoneSetOf({ phone, timeZone: named.timeZone }, hours), timeZone: named.timeZone };
}
