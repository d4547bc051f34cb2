import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { zoneSetOf } from '../../domain/hours/batch-hours.js';
import { publicId } from '../../domain/ids.js';
import type { RecipientChange } from '../../domain/recipients/recipient-change.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import { editRecipient } from '../../store/recipients/edit-recipient.js';
import { findBatchOfRecipient, readRecipient } from '../../store/recipients/read-recipients.js';
import { ApiError, notFound } from '../http/errors.js';
import type { RequestDeps, Auth } from '../http/operation.js';
import { notAllowed, requireBatch } from './change-batch.js';
import { refused } from './check-caller.js';
import { showRecipient } from './show-recipient.js';
import { wakeBatch } from './wake-batch.js';

type Asked = { deps: RequestDeps; auth: Auth };

/** Changes a recipient that waits, then tells the run of its batch. @returns the batch as it is now @throws ApiError when it does not wait */
export async function changeRecipient(
  asked: Asked,
  recipientId: string,
  { timeZone, ...change }: RecipientChange,
): Promise<BatchRow> {
  const { deps, auth } = asked;
  const id = publicId('recipient', recipientId);
  const batchId = await findBatchOfRecipient(deps.db.pool, auth.workspaceId, recipientId);
  const batch = batchId && (await requireBatch(asked, batchId));
  const row = batch && (await readRecipient(deps.db.pool, batch, recipientId));
  if (!batch || !row) throw notFound('recipient', id);
  if (timeZone !== undefined && batch.hoursIn === 'batch') {
    const message = 'timeZone is read only in a batch with hoursIn "recipient"; put it into variables instead';
    throw refused('validation_failed', 'timeZone', message);
  }
  const zone = timeZone === undefined ? {} : { timeZone, zoneSet: zoneSetOf({ phone: row.phone, timeZone }, batch) };
  const { result, status } = await editRecipient(deps.db.pool, {
    workspaceId: auth.workspaceId,
    recipientId,
    actor: auth.actor,
    from: ALLOWED_WHEN.editRecipients,
    patch: { ...change, ...zone },
    hours: batch,
  });
  switch (result) {
    case 'NOT_FOUND':
      throw notFound('recipient', id);
    case 'NOT_ALLOWED':
      throw notAllowed({ ...batch, status }, 'editRecipients');
    case 'NOT_WAITING':
      throw await notWaiting(asked, batch.id, recipientId);
    case 'EMPTY_PERIOD':
      throw refused('validation_failed', 'notAfter', 'notAfter is not later than notBefore; choose a later time');
    case 'TOO_LARGE':
      throw refused(
        'validation_failed',
        'variables',
        'variables have more than 64 KiB in all; take some away with null',
      );
    case 'HOURS_CHANGED':
      throw new ApiError(
        'version_conflict',
        'Whose hours count was changed while this change was being made. Nothing was changed. Send it again.',
      );
    case 'EDITED':
      await wakeBatch(deps, batch.id);
      return requireBatch(asked, batch.id);
  }
}

async function notWaiting({ deps, auth }: Asked, batchId: string, recipientId: string): Promise<ApiError> {
  const batch = await requireBatch({ deps, auth }, batchId);
  const row = await readRecipient(deps.db.pool, batch, recipientId);
  const id = publicId('recipient', recipientId);
  if (!row) return notFound('recipient', id);
  const { status } = await showRecipient(batch, row);
  const message = `The recipient ${id} is ${status} and does not wait for a call, so it cannot be changed.`;
  return new ApiError('recipient_not_waiting', message, { members: { recipientStatus: status } });
}
