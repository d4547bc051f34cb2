import { z } from 'zod';
import { answerBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';

export const getBatchOperation = defineOperation({
  id: 'getBatch',
  method: 'get',
  path: '/v1/batches/{batchId}',
  summary: 'Get a batch',
  description: 'With its counters, and why the next call is not made now (`why`).',
  tag: 'batches',
  role: 'viewer',
  params: z.object({ batchId: idIn('batch') }),
  responses: { 200: { description: 'The batch', headers: ['ETag'], schema: batchSchema } },
  handler: (context) => answerBatch(context, context.params.batchId),
});
