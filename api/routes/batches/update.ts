import { z } from 'zod';
import { updateBatchSchema } from '../../../domain/batches/request.js';
import { answerBatch, applyPlanned } from '../../actions/change-batch.js';
import { planEdit } from '../../actions/plan-edit.js';
import { defineOperation } from '../../http/operation.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';
import type { BatchWarning } from '../../schemas/batch-schemas.js';

export const updateBatchOperation = defineOperation({
  id: 'updateBatch',
  method: 'patch',
  path: '/v1/batches/{batchId}',
  summary: 'Change a batch',
  description:
    'What is left out stays, of objects too: they are merged, and null resets a field to its default. A window and lists are replaced as a whole. A DRAFT takes every field; from-number and agent are locked after that; SCHEDULED, PENDING, RUNNING and PAUSED take window, time zone, end, limits, retry policy, success criterion and circuit breakers, SCHEDULED the start too. In another time zone a start and an end that were written as local times are read again; `warnings` say so. The name and the note can always be changed. While a batch has an override of lawful hours, its hours are changed with a key of the role admin, unless the change takes the override away. 409 with `version` when the batch has another version by now.',
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  params: z.object({ batchId: idIn('batch') }),
  body: updateBatchSchema.meta({ id: 'UpdateBatch' }),
  responses: { 200: { description: 'The batch as it is now', headers: ['ETag'], schema: batchSchema } },
  errors: [
    'action_not_allowed',
    'field_locked',
    'version_conflict',
    'from_number_not_found',
    'from_number_disabled',
    'from_number_inbound_only',
    'agent_not_found',
    'agent_disabled',
    'agent_of_other_account',
    'agent_missing',
    'provider_account_disabled',
    'start_not_a_time',
    'start_skipped',
    'start_in_past',
    'start_too_far',
    'end_not_a_time',
    'end_skipped',
    'end_in_past',
    'end_too_far',
    'end_before_start',
    'window_never_opens',
    'holidays_not_ready',
  ],
  async handler(context) {
    const { auth, params, body, deps } = context;
    const id = params.batchId;
    // Only from the status that was found: what may be edited depends on it.
    let notes: BatchWarning[] = [];
    await applyPlanned(context, id, async (found) => {
      const { notes: ofPlan, ...edit } = await planEdit(deps.db, auth, found, body);
      notes = ofPlan;
      return { ...edit, from: [found.status] };
    });
    return answerBatch(context, id, { notes });
  },
});
