import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readRecipient } from '../../../store/recipients/read-recipients.js';
import { requireBatch } from '../../actions/change-batch.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { removeFromBatch } from '../../actions/remove-recipients.js';
import { idIn } from '../../schemas/fields.js';
import { showRecipient } from '../../actions/show-recipient.js';

export const removeRecipientOperation = defineOperation({
  id: 'removeRecipient',
  method: 'delete',
  path: '/v1/batches/{batchId}/recipients/{recipientId}',
  summary: 'Remove a recipient from a batch',
  description:
    'Deleted when never called; else CANCELLED, and the record of the calls is kept. 409 when the recipient does not wait, or the batch is over.',
  tag: 'recipients',
  role: 'operator',
  params: z.object({ batchId: idIn('batch'), recipientId: idIn('recipient') }),
  responses: { 204: { description: 'Removed' } },
  errors: ['action_not_allowed', 'recipient_not_waiting', 'holidays_not_ready'],
  async handler({ auth, params, deps }) {
    const { batchId, recipientId } = params;
    const { removed } = await removeFromBatch({ deps, auth, commandId: null }, batchId, {
      recipientIds: [recipientId],
    });
    if (removed === 1) return { status: 204 };
    const id = publicId('recipient', recipientId);
    const batch = await requireBatch({ deps, auth }, batchId);
    const row = await readRecipient(deps.db.pool, batch, recipientId);
    if (!row) throw notFound('recipient', id);
    const { status } = await showRecipient(batch, row);
    const message = `The recipient ${id} is ${status} and does not wait for a call, so it cannot be removed.`;
    throw new ApiError('recipient_not_waiting', message, { members: { recipientStatus: status } });
  },
});
