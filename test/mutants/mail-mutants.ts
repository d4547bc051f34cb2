import type { Mutant } from './mutant.js';

const MAIL = 'test/api/people/mail.spec.ts';

/** Links that go by mail, and who can make them go. */
export const MAIL_MUTANTS: readonly Mutant[] = [
  {
    protection: 'mail: a name stays in one line',
    file: 'domain/people/link-mail.ts',
    find: "name.replace(/[\\p{Cc}\\p{Z}]+/gu, ' ')",
    replace: 'name',
    spec: MAIL,
    title: 'cannot be made to say more, or to go elsewhere, by a name',
  },
  {
    protection: 'mail: a name is no HTML',
    file: 'domain/people/link-mail.ts',
    find: "(character) => ENTITIES[character] ?? ''",
    replace: '(character) => character',
    spec: MAIL,
    title: 'cannot be made to say more, or to go elsewhere, by a name',
  },
  {
    protection: 'mail: a server that hangs is given up',
    file: 'platform/mail/mailer.ts',
    find: 'const signal = AbortSignal.timeout(sendMaxMs);',
    replace: 'const signal = AbortSignal.timeout(600_000);',
    spec: MAIL,
    title: 'when the mail server hangs, after a bounded time',
  },
  {
    protection: 'mail: the password goes through TLS only',
    file: 'platform/mail/mailer.ts',
    find: 'requireTLS: !secure,',
    replace: '',
    spec: MAIL,
    title: 'when it takes no TLS',
  },
  {
    protection: 'mail: one line of what the server says',
    file: 'platform/mail/mailer.ts',
    find: "(text.split(/[\\r\\n]/)[0] ?? '')",
    replace: 'text',
    spec: MAIL,
    title: 'when the mail server refuses it',
  },
  {
    protection: 'mail: a link that was sent is not in the answer',
    file: 'api/actions/people/hand-over-link.ts',
    find: 'return { link: null, sentTo: member.email, notSentBecause: null };',
    replace: 'return { link, sentTo: member.email, notSentBecause: null };',
    spec: MAIL,
    title: 'says who invites, where to and by which link',
  },
  {
    protection: 'mail: one address gets few mails by admins',
    file: 'api/http/gate/mail-limits.ts',
    find: 'await toAddress.consume(hashedKey(email));',
    replace: '',
    spec: MAIL,
    title: 'is sent ten times in an hour to one address',
  },
  {
    protection: 'mail: a person gets three password links in an hour',
    file: 'store/people/ask_password_link.sql',
    find: 'WHERE email = p_email FOR UPDATE;',
    replace: 'WHERE email = p_email;',
    spec: MAIL,
    title: 'gets three links in an hour',
  },
  {
    protection: 'mail: no password link for who is not in',
    file: 'store/people/ask_password_link.sql',
    find: 'AND accepted_at IS NOT NULL ORDER BY created_at, id LIMIT 1 FOR KEY SHARE',
    replace: 'ORDER BY created_at, id LIMIT 1 FOR KEY SHARE',
    spec: MAIL,
    title: 'gets the same answer as who is nobody',
  },
  {
    protection: 'mail: the answer waits for no mail',
    file: 'api/routes/session/ask-password-link.ts',
    find: "later('a mail with a password link', async () => {",
    replace: "await ((_: string, work: () => Promise<void>) => work())('', async () => {",
    spec: MAIL,
    title: 'is not waited for by the answer',
  },
];
