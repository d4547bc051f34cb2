import { z } from 'zod';
import { recipientChangeSchema } from '../../../domain/recipients/recipient-change.js';
import { readRecipient } from '../../../store/recipients/read-recipients.js';
import { changeRecipient } from '../../actions/change-recipient.js';
import { publicId } from '../../../domain/ids.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { recipientSchema } from '../../schemas/recipient-schemas.js';
import { showRecipient } from '../../actions/show-recipient.js';

export const updateRecipientOperation = defineOperation({
  id: 'updateRecipient',
  method: 'patch',
  path: '/v1/recipients/{recipientId}',
  summary: 'Change a recipient that waits',
  description:
    'Its time zone, variables, and the times between which it may be called. What is left out stays; variables are merged. From the answer on, no call begins with what it was before. 409 when the recipient does not wait for a call, or the batch is over.',
  tag: 'recipients',
  role: 'operator',
  params: z.object({ recipientId: idIn('recipient') }),
  body: recipientChangeSchema.meta({ id: 'UpdateRecipient' }),
  responses: { 200: { description: 'The recipient as it is now', schema: recipientSchema } },
  errors: ['action_not_allowed', 'recipient_not_waiting', 'version_conflict', 'holidays_not_ready'],
  async handler({ auth, params, body, deps }) {
    const batch = await changeRecipient({ deps, auth }, params.recipientId, body);
    const row = await readRecipient(deps.db.pool, batch, params.recipientId);
    if (!row) throw notFound('recipient', publicId('recipient', params.recipientId));
    return { status: 200, body: await showRecipient(batch, row) };
  },
});
