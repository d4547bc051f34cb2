import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readCall } from '../../../store/calls/list-calls.js';
import { listAttemptAudit } from '../../../store/people/read-audit.js';
import { readAttempt } from '../../../store/recipients/read-recipients.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { attemptSchema, timelineSchema } from '../../schemas/attempt-schemas.js';
import { callSchema } from '../../schemas/call-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { toCallView } from '../../views/call-view.js';
import { toAttemptView } from '../../views/recipient-view.js';
import { toTimeline } from '../../views/timeline.js';

export const getCallOperation = defineOperation({
  id: 'getCall',
  method: 'get',
  path: '/v1/calls/{callId}',
  summary: 'Get a call',
  description: 'With its result, what the provider told about it, and a timeline of all of it in order.',
  tag: 'calls',
  role: 'viewer',
  params: z.object({ callId: idIn('attempt').meta({ description: 'The id of the attempt' }) }),
  responses: {
    200: {
      description: 'The call',
      schema: attemptSchema
        .extend(callSchema.shape)
        .extend({ timeline: timelineSchema })
        .meta({ id: 'CallWithResult' }),
    },
  },
  async handler({ auth, params: { callId }, deps }) {
    const { pool } = deps.db;
    const attempt = await readAttempt(pool, auth.workspaceId, callId);
    const row = attempt && (await readCall(pool, auth.workspaceId, callId));
    if (!attempt || !row) throw notFound('attempt', publicId('attempt', callId));
    const audit = await listAttemptAudit(pool, row.batchId, [callId]);
    return {
      status: 200,
      body: { ...toAttemptView(attempt), ...toCallView(row), timeline: toTimeline([attempt], audit) },
    };
  },
});
