import { z } from 'zod';
import { updateBatchSchema } from '../../../domain/batches/request.js';
import { applyChange, answerBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';

export const renameBatchOperation = defineOperation({
  id: 'renameBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/rename',
  summary: 'Rename a batch',
  description:
    'Allowed in every status, but not for a test call. A name that another batch has is allowed, and warned about.',
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  params: z.object({ batchId: idIn('batch') }),
  body: z.strictObject({ name: updateBatchSchema.shape.name.unwrap() }),
  responses: { 200: { description: 'The batch as it is now', headers: ['ETag'], schema: batchSchema } },
  errors: ['action_not_allowed'],
  async handler(context) {
    const { params, body } = context;
    await applyChange(context, params.batchId, 'rename', { patch: { name: body.name } });
    return answerBatch(context, params.batchId, { countsOf: 'version or before' });
  },
});
