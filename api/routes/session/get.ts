import { showSession } from '../../actions/people/show-session.js';
import { requireMember } from '../../actions/people/require-member.js';
import { ApiError } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { sessionSchema } from '../../schemas/member-schemas.js';

export const getSessionOperation = defineOperation({
  id: 'getSession',
  method: 'get',
  path: '/v1/session',
  summary: 'Who is signed in',
  description:
    'The member, the workspace, the other workspaces of the person, and until when the session is confirmed.',
  tag: 'session',
  role: 'viewer',
  responses: { 200: { description: 'The session', schema: sessionSchema } },
  errors: ['not_signed_in'],
  async handler({ auth, deps }) {
    const { personId, confirmedUntil } = requireMember(auth);
    const body = await showSession(deps.db.pool, { personId, workspaceId: auth.workspaceId, confirmedUntil });
    if (!body) throw new ApiError('unauthorized', 'You are no member of this workspace any more. Sign in again.');
    return { status: 200, body };
  },
});
