import { z } from 'zod';
import { linkAddress } from '../../../domain/people/link-address.js';
import { writeLinkMail } from '../../../domain/people/link-mail.js';
import { askPasswordLink, withdrawLink } from '../../../store/people/members.js';
import { MailNotSentError } from '../../../platform/mail/mailer.js';
import { ApiError } from '../../http/errors.js';
import { requireSameSite } from '../../http/gate/sessions.js';
import { defineOperation } from '../../http/operation.js';
import { emailText } from '../../schemas/member-schemas.js';

export const askPasswordLinkOperation = defineOperation({
  id: 'askPasswordLink',
  method: 'post',
  path: '/v1/password-links',
  summary: 'Ask for a link to choose another password',
  description:
    'For who has forgotten the password, where the installation sends mails. A member gets a mail with a link, good once and for a day, three in an hour at most. The answer is the same, after the same time, whoever has the address. Password and sessions stay as they are until the link is spent.',
  tag: 'session',
  role: null,
  // It is asked after the answer.
  usesDatabase: false,
  body: z.strictObject({ email: emailText }),
  responses: { 202: { description: 'Asked for. Whoever may get in with this address gets a mail' } },
  errors: ['no_mail', 'cross_site', 'too_many_requests'],
  async handler({ body: { email }, deps, req }) {
    requireSameSite(req);
    const { db, config, signIns, later } = deps;
    const { mailer } = config;
    if (!mailer) throw new ApiError('no_mail', 'This installation sends no mail. Ask an admin for a link.');
    const from = req.ip ?? '';
    await signIns.take(`a password link for ${email}`, from);
    later('a mail with a password link', async () => {
      const token = await askPasswordLink(db.pool, { email, from });
      if (token === null) return;
      try {
        await mailer.send({ to: email, ...writeLinkMail({ kind: 'forgotten', link: linkAddress(config, token) }) });
      } catch (err) {
        if (err instanceof MailNotSentError && !err.wasOffered) await withdrawLink(db.pool, token);
        throw err;
      }
    });
    return { status: 202 };
  },
});
