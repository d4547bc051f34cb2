import { endSession, sidOf } from '../../../store/people/sessions/session-store.js';
import { requireMember } from '../../actions/people/require-member.js';
import { defineOperation } from '../../http/operation.js';

export const signOutOperation = defineOperation({
  id: 'signOut',
  method: 'delete',
  path: '/v1/session',
  summary: 'Sign out',
  description: 'Ends the session that asks.',
  tag: 'session',
  role: 'viewer',
  responses: { 204: { description: 'Signed out' } },
  errors: ['not_signed_in'],
  async handler({ auth, deps, req }) {
    const { personId } = requireMember(auth);
    const ended = { personId, sid: sidOf(req.sessionID), action: 'sign out', from: req.ip ?? null } as const;
    await endSession(deps.db.pool, ended);
    return { status: 204 };
  },
});
