import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { requestHangUp } from '../../../store/calls/hang-up.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { showCall } from '../../actions/calls/show-call.js';
import { callWithResultSchema } from '../../schemas/call-schemas.js';
import { emptyBody, idIn } from '../../schemas/fields.js';

export const hangUpOperation = defineOperation({
  id: 'hangUp',
  method: 'post',
  path: '/v1/attempts/{attemptId}/hang-up',
  summary: 'Hang up a live call',
  description:
    'The provider is asked to end the call within a second or so; how it ended is recorded as for every call. 409 when the attempt is neither DIALING nor IN_PROGRESS.',
  tag: 'attempts',
  role: 'operator',
  params: z.object({ attemptId: idIn('attempt') }),
  body: emptyBody,
  responses: {
    202: { description: 'It will be hung up; the call as it is until then', schema: callWithResultSchema },
  },
  errors: ['attempt_not_live'],
  async handler({ auth, params, deps }) {
    const { attemptId } = params;
    const { actor } = auth;
    const answer = await requestHangUp(deps.db.pool, { workspaceId: auth.workspaceId, attemptId, actor });
    const id = publicId('attempt', attemptId);
    if (answer.result === 'NOT_FOUND') throw notFound('attempt', id);
    if (answer.result === 'NOT_LIVE') {
      const message = `The attempt ${id} is ${answer.state}: there is no live call to hang up.`;
      throw new ApiError('attempt_not_live', message, { members: { attemptState: answer.state } });
    }
    return { status: 202, body: await showCall(deps.db.pool, auth.workspaceId, attemptId) };
  },
});
