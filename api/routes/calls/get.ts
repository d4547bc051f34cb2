import { z } from 'zod';
import { showCall } from '../../actions/calls/show-call.js';
import { defineOperation } from '../../http/operation.js';
import { callWithResultSchema } from '../../schemas/call-schemas.js';
import { idIn } from '../../schemas/fields.js';

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
      schema: callWithResultSchema,
    },
  },
  async handler({ auth, params: { callId }, deps }) {
    return { status: 200, body: await showCall(deps.db.pool, auth.workspaceId, callId) };
  },
});
