import { z } from 'zod';
import { boundedList } from '../../../domain/bounded-list.js';
import { exampleId } from '../../../domain/ids.js';
import { defineOperation } from '../../http/operation.js';
import { removeFromBatch } from '../../actions/remove-recipients.js';
import { idIn } from '../../schemas/fields.js';

const RECIPIENTS_MAX = 1_000;

export const removeRecipientsOperation = defineOperation({
  id: 'removeRecipients',
  method: 'post',
  path: '/v1/batches/{batchId}/recipients/remove',
  summary: 'Remove recipients from a batch',
  description:
    'Either those with the given ids, or all of one import. Only those who wait go; the others are `left`. Whoever was never called is deleted, whoever was becomes CANCELLED and keeps the record of the calls. 409 when the batch is over.',
  tag: 'recipients',
  role: 'operator',
  params: z.object({ batchId: idIn('batch') }),
  body: z
    .strictObject({
      recipientIds: boundedList(
        z.array(idIn('recipient')).min(1, 'at least one recipient is needed'),
        RECIPIENTS_MAX,
        `at most ${RECIPIENTS_MAX} recipients in one request`,
      ).optional(),
      importId: idIn('import').optional(),
    })
    .refine((body) => (body.recipientIds === undefined) !== (body.importId === undefined), {
      message: 'name either recipientIds or an importId',
      path: ['recipientIds'],
    })
    .meta({ example: { recipientIds: [exampleId('recipient')] } }),
  responses: {
    200: {
      description: 'How many were removed, and how many were asked for and were not waiting, or are not there',
      schema: z.object({ removed: z.int(), left: z.int() }),
    },
  },
  errors: ['action_not_allowed'],
  async handler({ auth, params, body, deps, command }) {
    const { recipientIds, importId } = body;
    const whom = recipientIds ? { recipientIds } : { importId: importId! }; // one of them, by the schema
    const removed = await removeFromBatch({ deps, auth, commandId: command.id }, params.batchId, whom);
    return { status: 200, body: removed };
  },
});
