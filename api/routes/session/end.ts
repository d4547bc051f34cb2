import { z } from 'zod';
import { endSession } from '../../../store/people/sessions/session-store.js';
import { requireMember } from '../../actions/people/require-member.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';

export const endSessionOperation = defineOperation({
  id: 'endSession',
  method: 'delete',
  path: '/v1/sessions/{sessionId}',
  summary: 'End one of one’s own sessions',
  description: 'The next request with it is refused.',
  tag: 'session',
  role: 'viewer',
  params: z.object({ sessionId: z.string().regex(/^[\w-]{43}$/) }),
  responses: { 204: { description: 'Ended' } },
  errors: ['not_signed_in'],
  async handler({ auth, params, deps, req }) {
    const { personId } = requireMember(auth);
    const ended = { personId, sid: params.sessionId, action: 'end session', from: req.ip ?? null } as const;
    if (!(await endSession(deps.db.pool, ended))) throw notFound('session', params.sessionId);
    return { status: 204 };
  },
});
