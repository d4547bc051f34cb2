import type { Actor } from '../../domain/people/actor.js';
import type { BatchStatus } from '../../domain/batches/status.js';
import type { BatchHoursSpec } from '../../domain/hours/batch-hours.js';
import type { Queryable } from '../database.js';

/** What is given is changed. Null takes a zone, a time or a variable away. */
export type RecipientPatch = {
  timeZone?: string | null;
  /** With a zone: the zone set that follows from it. */
  zoneSet?: string;
  variables?: Readonly<Record<string, string | null>> | undefined;
  notBefore?: Date | null | undefined;
  notAfter?: Date | null | undefined;
};

type EditRequest = {
  workspaceId: string;
  recipientId: string;
  actor: Actor;
  /** The statuses of the batch in which it is allowed. */
  from: readonly BatchStatus[];
  patch: RecipientPatch;
  /** The batch's, by which the zone set was chosen. */
  hours: Pick<BatchHoursSpec, 'hoursIn' | 'purpose' | 'unknownZone'>;
};

export type EditRecipientResult = {
  result: 'EDITED' | 'NOT_FOUND' | 'NOT_ALLOWED' | 'NOT_WAITING' | 'EMPTY_PERIOD' | 'TOO_LARGE' | 'HOURS_CHANGED';
  status: BatchStatus;
};

/** Changes a recipient that waits (`edit_recipient`). Once it has answered, no call begins with what it was before. Safe to repeat. */
export async function editRecipient(db: Queryable, request: EditRequest): Promise<EditRecipientResult> {
  const { hoursIn, purpose, unknownZone } = request.hours;
  const { rows } = await db.query('SELECT result, status FROM edit_recipient($1, $2, $3, $4, $5, $6)', [
    request.workspaceId,
    request.recipientId,
    request.from,
    JSON.stringify(request.patch),
    JSON.stringify({ hoursIn, purpose, unknownZone }),
    JSON.stringify(request.actor),
  ]);
  return rows[0];
}
