import { requireMember } from '../../actions/people/require-member.js';
import { defineOperation } from '../../http/operation.js';
import { signOut } from '../../http/gate/sessions.js';

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
  async handler({ auth, req }) {
    requireMember(auth);
    await signOut(req);
    return { status: 204 };
  },
});
