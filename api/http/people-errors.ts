import type { ErrorRule } from './error-rule.js';

/** What keeps somebody out: a part of the one table. */
export const PEOPLE_ERRORS = {
  sign_in_refused: {
    status: 401,
    title: 'E-mail address or password is wrong',
    retryable: false,
    advice: 'Check both. Whoever has forgotten the password asks for a link: POST /v1/password-links, or an admin.',
  },
  cross_site: {
    status: 403,
    title: 'The request came from another site',
    retryable: false,
    advice: 'With a session, ask from the pages of this installation only. Programs use an API key.',
  },
  link_of_no_use: {
    status: 409,
    title: 'The link was spent, or is too old',
    retryable: false,
    advice: 'Ask an admin for a new one. A link is good once, and for a day.',
  },
  no_mail: {
    status: 409,
    title: 'The installation sends no mail',
    retryable: false,
    advice: 'Ask an admin for a link. Mails are sent where DIALWRIGHT_SMTP_URL and DIALWRIGHT_MAIL_FROM are set.',
  },
  already_member: {
    status: 409,
    title: 'A member already',
    retryable: false,
    advice: 'Change the role of the member, or make a link for it: POST /v1/members/{memberId}/link.',
  },
  member_elsewhere: {
    status: 409,
    title: 'A member of other workspaces too',
    retryable: false,
    advice: 'Who runs the installation makes the link: npm run setup -- --workspace NAME --admin EMAIL.',
  },
  last_admin_member: {
    status: 409,
    title: 'The last admin stays',
    retryable: false,
    advice: 'Make somebody else an admin first.',
  },
  not_signed_in: {
    status: 409,
    title: 'Asked with an API key',
    retryable: false,
    advice: 'This belongs to a person: sign in, and ask with the session.',
  },
} as const satisfies Record<string, ErrorRule>;
