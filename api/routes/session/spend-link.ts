import { z } from 'zod';
import { hashPassword, isPassword } from '../../../platform/password-hash.js';
import { readLink, spendLink } from '../../../store/people/members.js';
import { requireGoodPassword } from '../../actions/people/require-good-password.js';
import { requireSecondFactor } from '../../actions/people/require-second-factor.js';
import { showSession } from '../../actions/people/show-session.js';
import { ApiError } from '../../http/errors.js';
import { confirmedUntilOf, requireSameSite, signIn } from '../../http/gate/sessions.js';
import { defineOperation } from '../../http/operation.js';
import { codeText, passwordText, sessionSchema } from '../../schemas/member-schemas.js';

export const spendLinkOperation = defineOperation({
  id: 'spendLink',
  method: 'post',
  path: '/v1/links/spend',
  summary: 'Get in by a link',
  description:
    'Spends the link and signs in. Whoever has no password yet, or has forgotten it, chooses one, which ends the sessions of before; whoever has one in this installation already gives that one. Of a person with a second factor a code is wanted too. Opening a link spends nothing.',
  tag: 'session',
  role: null,
  body: z.strictObject({ token: z.string().min(1).max(200), password: passwordText, code: codeText.optional() }),
  responses: { 200: { description: 'Who is signed in', schema: sessionSchema } },
  errors: [
    'link_of_no_use',
    'sign_in_refused',
    'second_factor_wanted',
    'second_factor_refused',
    'cross_site',
    'too_many_requests',
  ],
  async handler({ body: { token, password, code }, deps, req }) {
    requireSameSite(req);
    const from = req.ip ?? '';
    await deps.signIns.take('a link', from);
    const { pool } = deps.db;
    const link = await readLink(pool, token);
    if (!link) throw ofNoUse();
    if (link.wantsNew) requireGoodPassword(password, 'password', [link.email, link.name]);
    else if (!(await isPassword(link.passwordHash, password))) {
      deps.refusedSignIns.note(link.email, from, 'link');
      throw new ApiError('sign_in_refused', 'There is an account with this e-mail address: give its password.');
    }
    const { personId, email } = link;
    const withSecondFactor = await requireSecondFactor(deps, { personId, email, code, from });
    const passwordHash = link.wantsNew ? await hashPassword(password) : null;
    const signedIn = await spendLink(pool, token, { epoch: link.epoch, passwordHash, from });
    if (!signedIn) throw ofNoUse();
    await deps.signIns.forget('a link', from);
    const isIn = await signIn(pool, req, { ...signedIn, withSecondFactor, by: 'link' });
    const session = isIn
      ? await showSession(pool, { ...signedIn, confirmedUntil: confirmedUntilOf(req.session) })
      : null;
    if (!session) throw new ApiError('sign_in_refused', 'You are no member any more, or the password is another one.');
    return { status: 200, body: session };
  },
});

function ofNoUse(): ApiError {
  return new ApiError(
    'link_of_no_use',
    'The link is wrong, was spent, or is older than a day. Ask an admin for a new one.',
  );
}
