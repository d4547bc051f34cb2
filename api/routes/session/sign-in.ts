import { z } from 'zod';
import { isPassword } from '../../../platform/password-hash.js';
import { findLanding, findPerson } from '../../../store/people/members.js';
import { requireSecondFactor } from '../../actions/people/require-second-factor.js';
import { showSession } from '../../actions/people/show-session.js';
import { ApiError } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { confirmedUntilOf, requireSameSite, signIn } from '../../http/gate/sessions.js';
import { codeText, emailText, passwordText, sessionSchema } from '../../schemas/member-schemas.js';

export const signInOperation = defineOperation({
  id: 'signIn',
  method: 'post',
  path: '/v1/session',
  summary: 'Sign in',
  description:
    'Begins a session, which a cookie carries: half a day unused, or a week, and it is over. Whatever is wrong gets the same answer after the same time. Many tries are slowed, for the address that makes them. Of a person with a second factor a code is wanted too (`second_factor_wanted`), which is good once.',
  tag: 'session',
  role: null,
  body: z.strictObject({ email: emailText, password: passwordText, code: codeText.optional() }),
  responses: { 200: { description: 'Who is signed in', schema: sessionSchema } },
  errors: ['sign_in_refused', 'second_factor_wanted', 'second_factor_refused', 'cross_site', 'too_many_requests'],
  async handler({ body, deps, req }) {
    requireSameSite(req);
    const from = req.ip ?? '';
    const refused = (how: 'sign-in' | 'too many tries') => deps.refusedSignIns.note(body.email, from, how);
    const counted = await deps.signIns.take(body.email, from, () => refused('too many tries'));
    const { pool } = deps.db;
    const person = await findPerson(pool, { email: body.email });
    const isRight = await isPassword(person?.passwordHash ?? null, body.password);
    const first = person && isRight ? await findLanding(pool, person.id) : null;
    if (!person || !first) {
      refused('sign-in');
      throw new ApiError('sign_in_refused', 'The e-mail address or the password is wrong.');
    }
    const { id: personId, email, epoch } = person;
    const withSecondFactor = await requireSecondFactor(deps, { personId, email, code: body.code, from, counted });
    await counted.wasRight();
    const { workspaceId } = first;
    const isIn = await signIn(pool, req, { personId, epoch, workspaceId, withSecondFactor, by: 'password' });
    const session = isIn
      ? await showSession(pool, { personId, workspaceId, confirmedUntil: confirmedUntilOf(req.session) })
      : null;
    if (!session) throw new ApiError('sign_in_refused', 'The e-mail address or the password is wrong.');
    return { status: 200, body: session };
  },
});
