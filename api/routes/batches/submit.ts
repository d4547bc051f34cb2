import { z } from 'zod';
import { readHoursContext } from '../../../store/hours/batch-zones.js';
import { listOpenImports } from '../../../store/changes/submit-and-discard.js';
import { readClock } from '../../../store/read-clock.js';
import { applyPlanned, answerBatch } from '../../actions/change-batch.js';
import { missingFields } from '../../../domain/batches/missing-fields.js';
import { defineOperation } from '../../http/operation.js';
import { checkStartAhead, planOpenings } from '../../actions/plan-start.js';
import { batchSchema } from '../../schemas/batch-schemas.js';
import { idIn } from '../../schemas/fields.js';

export const submitBatchOperation = defineOperation({
  id: 'submitBatch',
  method: 'post',
  path: '/v1/batches/{batchId}/submit',
  summary: 'Submit a draft',
  description:
    'DRAFT becomes SCHEDULED, and RUNNING when its start has come. Needs a name, a from-number, an agent, a time zone, a window, at least one recipient, and no upload that is not confirmed: one error names everything that is missing. 409 while the zones of recipients are being derived again (`zonesOutstanding`).',
  tag: 'batches',
  role: 'operator',
  takesIfMatch: true,
  work: ({ body }) => (body.discardUploads ? 'bulk' : 'control'),
  params: z.object({ batchId: idIn('batch') }),
  body: z
    .strictObject({
      discardUploads: z
        .boolean()
        .default(false)
        .meta({ description: 'Discards uploads that are not confirmed; else they are a reason to refuse' }),
    })
    .prefault({}),
  responses: { 200: { description: 'The batch as it is now', headers: ['ETag'], schema: batchSchema } },
  errors: [
    'action_not_allowed',
    'batch_incomplete',
    'zones_outstanding',
    'from_number_disabled',
    'agent_disabled',
    'start_in_past',
    'window_never_opens',
    'holidays_not_ready',
    'uploads_under_review',
    'end_in_past',
  ],
  async handler(context) {
    const { auth, params, body, deps } = context;
    const id = params.batchId;
    await applyPlanned(context, id, async (batch) => {
      const { status, window, timeZone, startAt } = batch;
      // What is missing is told before what is wrong.
      if (window === null || timeZone === null || missingFields(batch, true).length > 0) return { action: 'submit' };
      const nowMs = await readClock(deps.db.pool);
      if (status === 'DRAFT') checkStartAhead(startAt, nowMs);
      const discardImports = body.discardUploads ? await listOpenImports(deps.db.pool, id) : [];
      const around = await readHoursContext(deps.db.pool, auth.workspaceId, id);
      const openings = await planOpenings({ ...batch, ...around, window, timeZone, nowMs });
      return { action: 'submit', discardImports, openings };
    });
    return answerBatch(context, id);
  },
});
