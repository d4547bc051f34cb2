import type { Actor } from '../../domain/people/actor.js';
import type { BatchStatus } from '../../domain/batches/status.js';
import type { BatchHoursSpec } from '../../domain/hours/batch-hours.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import { writeRecipients } from '../changes/create-batch.js';
import { inTransaction, type Database } from '../database.js';
import { readCommand, recordOnce } from '../people/record-audit.js';

export type AddResult = { result: 'ADDED' | 'NOT_FOUND' | 'NOT_ALLOWED' | 'HOURS_CHANGED'; status: BatchStatus };

type AddRequest = {
  workspaceId: string;
  batchId: string;
  actor: Actor;
  /** A command that was carried out already adds nobody again. */
  commandId: string | null;
  from: readonly BatchStatus[];
  recipients: readonly RecipientDraft[];
  /** The batch's, by which the recipients' zones are chosen. */
  hours: Pick<BatchHoursSpec, 'hoursIn' | 'purpose' | 'unknownZone'>;
};

/** Adds recipients to a batch that still takes them; they and the record of the command are one commit. */
export async function addRecipients(db: Database, request: AddRequest): Promise<AddResult> {
  if (await readCommand(db.pool, request.commandId)) return { result: 'ADDED', status: 'DRAFT' };
  const recipients = await writeRecipients(request.recipients, request.hours);
  return inTransaction(db, async (tx) => {
    const { hoursIn, purpose, unknownZone } = request.hours;
    const values = [
      request.workspaceId,
      request.batchId,
      request.from,
      recipients,
      JSON.stringify({ hoursIn, purpose, unknownZone }),
    ];
    const { rows } = await tx.query('SELECT result, status FROM add_recipients($1, $2, $3, $4, $5)', values);
    const answer: AddResult = rows[0];
    if (answer.result === 'ADDED') {
      const { workspaceId, batchId, actor, commandId } = request;
      const detail = { count: request.recipients.length };
      const entry = { batchId, commandId, target: { kind: 'batch', id: batchId }, detail } as const;
      await recordOnce(tx, { workspaceId, actor, action: 'add recipients', entry });
    }
    return answer;
  });
}
