import { z } from 'zod';
import { ALLOWED_WHEN } from '../../../domain/batches/status.js';
import { publicId } from '../../../domain/ids.js';
import { addRecipients } from '../../../store/recipients/add-recipients.js';
import { countKnownPhones } from '../../../store/imports/keep-duplicates.js';
import { answerBatch, notAllowed, requireBatch } from '../../actions/change-batch.js';
import { checkRecipients } from '../../actions/check-recipients.js';
import { RECIPIENTS_MAX } from '../../http/bodies/recipient-list.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { phoneReadingFields } from '../../schemas/phone-reading-schemas.js';
import { requireReading } from '../../actions/require-reading.js';
import { duplicateCountsSchema } from '../../schemas/import-schemas.js';
import { recipientInput } from '../../schemas/recipient-schemas.js';
import { wakeBatch } from '../../actions/wake-batch.js';

export const addRecipientsOperation = defineOperation({
  id: 'addRecipients',
  method: 'post',
  path: '/v1/batches/{batchId}/recipients',
  summary: 'Add recipients to a batch',
  description: `All of them are added, or nobody. At most ${RECIPIENTS_MAX} in one request; more go by CSV upload, or in several requests.`,
  tag: 'recipients',
  role: 'operator',
  params: z.object({ batchId: idIn('batch') }),
  bodyKind: 'recipients',
  body: z.strictObject({
    recipients: z.array(recipientInput).min(1, 'at least one recipient is needed'),
    ...phoneReadingFields,
  }),
  responses: {
    201: {
      description: 'They were added: the batch as it is now, and how many they are',
      headers: ['ETag'],
      schema: batchSchema.extend({ added: z.int(), duplicates: duplicateCountsSchema }),
    },
  },
  errors: ['action_not_allowed', 'version_conflict'],
  async handler({ auth, params, body, deps, command }) {
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const recipients = await checkRecipients(deps.db, body.recipients, { batch, reading: requireReading(body) });
    const request = {
      workspaceId: auth.workspaceId,
      batchId: batch.id,
      actor: auth.actor,
      commandId: command.id,
    };
    const days = deps.config.settings.recentCallDays;
    const keys = recipients.map(({ phoneKey, phone }) => phoneKey ?? phone);
    const duplicates = await countKnownPhones(deps.db.pool, { ...request, days }, keys);
    const { result, status } = await addRecipients(deps.db, {
      ...request,
      from: ALLOWED_WHEN.addRecipients,
      recipients,
      hours: batch,
    });
    if (result === 'NOT_FOUND') throw notFound('batch', publicId('batch', batch.id));
    if (result === 'NOT_ALLOWED') throw notAllowed({ ...batch, status }, 'addRecipients');
    if (result === 'HOURS_CHANGED')
      throw new ApiError(
        'version_conflict',
        'Whose hours count was changed while these recipients were being checked. Nobody was added. Send them again.',
      );
    await wakeBatch(deps, batch.id);
    const { body: now, headers } = await answerBatch({ deps, auth }, batch.id);
    return { status: 201, body: { ...now, added: recipients.length, duplicates }, headers };
  },
});
