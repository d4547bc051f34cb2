import { z } from 'zod';
import { readHoursContext } from '../../../store/hours/batch-zones.js';
import { readClock } from '../../../store/read-clock.js';
import { applyChange, requireBatch, toChangeView } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { checkStartAhead, planOpenings } from '../../actions/plan-start.js';
import { batchChangeSchema } from '../../schemas/batch-schemas.js';
import { emptyBody, idIn } from '../../schemas/fields.js';

export const submitBatchOperation = defineOperation({
  id: 'submitBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/submit',
  summary: 'Submit a draft',
  description:
    'DRAFT becomes SCHEDULED, and RUNNING when its start has come. Needs a window and at least one recipient.',
  tag: 'batches',
  role: 'operator',
  params: z.object({ batchId: idIn('batch') }),
  body: emptyBody,
  responses: { 200: { description: 'What the batch is now', schema: batchChangeSchema } },
  errors: [
    'action_not_allowed',
    'no_recipients',
    'no_window',
    'from_number_disabled',
    'agent_disabled',
    'start_in_past',
    'window_never_opens',
  ],
  async handler(context) {
    const { params, deps } = context;
    const batch = await requireBatch(context, params.batchId);
    const { id, status, window, timeZone, startAt } = batch;
    const nowMs = await readClock(deps.db.pool);
    if (status === 'DRAFT') checkStartAhead(startAt, nowMs);
    // The window goes with its openings: an edit that runs beside this one must not separate them.
    const hours = window && {
      patch: { window, timeZone },
      openings: planOpenings({
        ...batch,
        window,
        nowMs,
        ...(await readHoursContext(deps.db.pool, context.auth.workspaceId, id)),
      }),
    };
    await applyChange(context, id, 'submit', hours ?? {});
    return { status: 200, body: await toChangeView(context, id) };
  },
});
