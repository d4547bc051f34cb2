import { z } from 'zod';
import { hashPassword } from '../../../platform/password-hash.js';
import { choosePassword } from '../../../store/people/members.js';
import { sidOf } from '../../../store/people/sessions/session-store.js';
import { requireGoodPassword } from '../../actions/people/require-good-password.js';
import { requireMember } from '../../actions/people/require-member.js';
import { requirePassword } from '../../actions/people/require-password.js';
import { ApiError } from '../../http/errors.js';
import { renew } from '../../http/gate/sessions.js';
import { defineOperation } from '../../http/operation.js';
import { passwordText } from '../../schemas/member-schemas.js';

export const changePasswordOperation = defineOperation({
  id: 'changePassword',
  // Not a POST: of a request with an Idempotency-Key a hash is kept, by which a password could be guessed fast.
  method: 'patch',
  path: '/v1/session/password',
  summary: 'Change one’s own password',
  description:
    'With the old one. All other sessions of the person end, this one goes on under a new id, and links that were not spent are of no use. A second factor stays on.',
  tag: 'session',
  role: 'viewer',
  body: z.strictObject({ oldPassword: passwordText, newPassword: passwordText }),
  responses: { 204: { description: 'Changed' } },
  errors: ['not_signed_in', 'sign_in_refused'],
  async handler({ auth, body, deps, req }) {
    const { personId } = requireMember(auth);
    const from = req.ip ?? '';
    const person = await requirePassword(deps, { personId, password: body.oldPassword, from });
    requireGoodPassword(body.newPassword, 'newPassword', [person.email, auth.actor.name]);
    const passwordHash = await hashPassword(body.newPassword);
    const chosen = { epoch: person.epoch, passwordHash, keptSid: sidOf(req.sessionID), from };
    await renew(deps.db, req, {
      async work(tx) {
        if (!(await choosePassword(tx, personId, chosen)))
          throw new ApiError('unauthorized', 'The password was changed, or ended, meanwhile. Sign in again.');
      },
    });
    return { status: 204 };
  },
});
