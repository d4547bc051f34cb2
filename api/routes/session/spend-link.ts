import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { hashPassword, isPassword } from '../../../platform/password-hash.js';
import { readLink, spendLink, type LinkRecord } from '../../../store/people/members.js';
import { requireGoodPassword } from '../../actions/people/require-good-password.js';
import { requireSecondFactor } from '../../actions/people/require-second-factor.js';
import { showSession } from '../../actions/people/show-session.js';
import { ApiError } from '../../http/errors.js';
import { refused } from '../../actions/check-caller.js';
import { confirmedUntilOf, requireSameSite, signIn } from '../../http/gate/sessions.js';
import { defineOperation } from '../../http/operation.js';
import { codeText, passwordText, sessionSchema } from '../../schemas/member-schemas.js';

export const spendLinkOperation = defineOperation({
  id: 'spendLink',
  method: 'post',
  path: '/v1/links/spend',
  summary: 'Get in by a link',
  description:
    'Spends the link and signs in. Whoever has no password yet, or has forgotten it, chooses one, which ends the sessions of before; whoever has one in this installation already gives that one, or chooses another one by a link that came by mail (`choosesNew`). Of a person with a second factor a code is wanted too. Opening a link spends nothing.',
  tag: 'session',
  role: null,
  body: z.strictObject({
    token: z.string().min(1).max(200),
    password: passwordText,
    code: codeText.optional(),
    choosesNew: z.boolean().optional().meta({
      description:
        'Whether `password` is a new one although the person has one: only by a link that was sent by mail, which shows whose address it is. It ends the sessions of before',
    }),
  }),
  responses: { 200: { description: 'Who is signed in', schema: sessionSchema } },
  errors: [
    'link_of_no_use',
    'sign_in_refused',
    'second_factor_wanted',
    'second_factor_refused',
    'cross_site',
    'too_many_requests',
  ],
  async handler({ body: { token, password, code, choosesNew = false }, deps, req }) {
    requireSameSite(req);
    const from = req.ip ?? '';
    const { pool } = deps.db;
    const link = await readLink(pool, token);
    const noteRefused = (how: 'link' | 'too many tries'): void => {
      if (link) deps.refusedSignIns.note(link.email, from, how);
    };
    // Of a link that is none only itself is slowed, and the address: it locks nobody's link.
    const account = link ? `a link of ${link.email}` : `the link ${token}`;
    const counted = await deps.signIns.take(account, from, () => noteRefused('too many tries'));
    if (!link) throw ofNoUse();
    const isNew = isPasswordNew(link, choosesNew);
    // Whether one is chosen or shown: a password that is refused here does not tell whether there is an account.
    requireGoodPassword(password, 'password', [link.email, link.name]);
    if (!isNew && !(await isPassword(link.passwordHash, password))) {
      noteRefused('link');
      throw new ApiError('sign_in_refused', `${ACCOUNT_THERE} ${otherWayIn(link)}`);
    }
    const { personId, email } = link;
    const withSecondFactor = await requireSecondFactor(deps, { personId, email, code, from, counted });
    const passwordHash = isNew ? await hashPassword(password) : null;
    const signedIn = await spendLink(pool, token, { epoch: link.epoch, passwordHash, from });
    if (!signedIn) throw ofNoUse();
    await counted.wasRight();
    const isIn = await signIn(pool, req, { ...signedIn, withSecondFactor, by: 'link' });
    const session = isIn
      ? await showSession(pool, { ...signedIn, confirmedUntil: confirmedUntilOf(req.session) })
      : null;
    if (!session) throw new ApiError('sign_in_refused', 'You are no member any more, or the password is another one.');
    return { status: 200, body: session };
  },
});

const ACCOUNT_THERE = 'There is an account with this e-mail address: give its password.';

/** Whether the password is chosen, not shown. @throws ApiError validation_failed */
function isPasswordNew(link: LinkRecord, choosesNew: boolean): boolean {
  if (!choosesNew || link.wantsNew) return link.wantsNew;
  if (link.isMailed) return true;
  throw refused(
    'validation_failed',
    'choosesNew',
    `This link was not sent by mail. ${ACCOUNT_THERE} ${otherWayIn(link)}`,
  );
}

/** For who does not know the password, or never chose it: somebody else was quicker. */
function otherWayIn({ isMailed, workspaceId, email }: LinkRecord): string {
  if (isMailed) return 'Or choose another one: send `choosesNew` too.';
  const command = `npm run setup -- --workspace ${publicId('workspace', workspaceId)} --admin ${email}`;
  return `If you do not know it, ask who runs this installation for a link that chooses another one: ${command}`;
}

function ofNoUse(): ApiError {
  return new ApiError(
    'link_of_no_use',
    'The link is wrong, was spent, or is older than a day. Ask an admin for a new one.',
  );
}
