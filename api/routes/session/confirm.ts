import { z } from 'zod';
import { CONFIRMED_FOR_MS } from '../../../domain/people/confirmation.js';
import { findPerson } from '../../../store/people/members.js';
import { requireMember } from '../../actions/people/require-member.js';
import { requirePassword } from '../../actions/people/require-password.js';
import { requireSecondFactor } from '../../actions/people/require-second-factor.js';
import { showSession } from '../../actions/people/show-session.js';
import { ApiError } from '../../http/errors.js';
import { confirmedUntilOf, noteConfirmation } from '../../http/gate/sessions.js';
import { defineOperation } from '../../http/operation.js';
import { codeText, passwordText, sessionSchema } from '../../schemas/member-schemas.js';

export const confirmSessionOperation = defineOperation({
  id: 'confirmSession',
  // Not a POST: it has the password (change-password.ts).
  method: 'put',
  path: '/v1/session/confirmation',
  summary: 'Show again who one is',
  description: `With the password, and with a code where a second factor is on. For ${CONFIRMED_FOR_MS / 60_000} minutes from then on the session may do what gives somebody access or takes a protection away (\`x-needs-confirmation\`); a sign-in counts too. The session goes on under a new id. Many tries are slowed, as those to sign in. Who has no password here signs in by the identity provider again: \`GET /v1/session/oidc\`.`,
  tag: 'session',
  role: 'viewer',
  body: z.strictObject({ password: passwordText, code: codeText.optional() }),
  responses: { 200: { description: 'The session, with how long it holds', schema: sessionSchema } },
  errors: ['not_signed_in', 'no_password', 'sign_in_refused', 'second_factor_wanted', 'second_factor_refused'],
  async handler({ auth, body: { password, code }, deps, req }) {
    const { personId } = requireMember(auth);
    const { workspaceId } = auth;
    const from = req.ip ?? '';
    if ((await findPerson(deps.db.pool, { id: personId }))?.passwordHash === null)
      throw new ApiError('no_password', 'You have no password here: sign in by the identity provider again.');
    const { email, counted } = await requirePassword(deps, { personId, password, from });
    await requireSecondFactor(deps, { personId, email, code, from, counted });
    await counted.wasRight();
    await noteConfirmation(deps.db, req);
    const confirmedUntil = confirmedUntilOf(req.session);
    const body = await showSession(deps.db.pool, { personId, workspaceId, confirmedUntil });
    if (!body) throw new ApiError('unauthorized', 'You are no member of this workspace any more. Sign in again.');
    return { status: 200, body };
  },
});
