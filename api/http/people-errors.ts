import type { ErrorRule } from './error-rule.js';

/** What keeps somebody out: a part of the one table. */
export const PEOPLE_ERRORS = {
  sign_in_refused: {
    status: 401,
    title: 'E-mail address or password is wrong',
    retryable: false,
    advice: 'Check both. Whoever has forgotten the password asks for a link: POST /v1/password-links, or an admin.',
  },
  oidc_off: {
    status: 409,
    title: 'There is no identity provider',
    retryable: false,
    advice: 'Sign in with a password. Who runs the installation sets DIALWRIGHT_OIDC_ISSUER.',
  },
  oidc_refused: {
    status: 401,
    title: 'The sign-in at the identity provider was not finished here',
    retryable: false,
    advice: 'Begin again, in the same browser and within ten minutes. If it stays, the log has the reason.',
  },
  oidc_email_unverified: {
    status: 403,
    title: 'The identity provider does not vouch for the e-mail address',
    retryable: false,
    advice: 'Verify the address at the identity provider, which tells it as email_verified, and sign in again.',
  },
  oidc_other_subject: {
    status: 403,
    title: 'The e-mail address belongs to another account of the identity provider',
    retryable: false,
    advice: 'Sign in with the account of before, or ask who runs the installation.',
  },
  oidc_no_member: {
    status: 403,
    title: 'No member of any workspace',
    retryable: false,
    advice:
      'Ask an admin for an invitation to the address that the identity provider has, or for a group that lets in.',
  },
  oidc_unreachable: {
    status: 503,
    title: 'The identity provider did not answer as it should',
    retryable: true,
    advice: 'Try again in a moment, or sign in with a password. If it stays, the log has the reason.',
  },
  second_factor_wanted: {
    status: 401,
    title: 'The password is right, and a code is wanted too',
    retryable: false,
    advice: 'Send the same again with `code`: what the app shows, or a recovery code.',
  },
  second_factor_refused: {
    status: 401,
    title: 'The code is wrong',
    retryable: false,
    advice:
      'Wait for the next code, or give a recovery code. Whoever has lost both asks an admin: DELETE /v1/members/{memberId}/second-factor.',
  },
  second_factor_required: {
    status: 403,
    title: 'The workspace requires a second factor',
    retryable: false,
    advice: 'Set one up: PUT /v1/session/second-factor, then PATCH with a code. Other workspaces can be switched to.',
  },
  confirmation_required: {
    status: 403,
    title: 'The person has to show again who it is',
    retryable: false,
    advice:
      'Send the password, and a code where a second factor is on: PUT /v1/session/confirmation. Then send the same again. `confirmedUntil` of GET /v1/session says how long it holds.',
  },
  no_password: {
    status: 409,
    title: 'The person has no password here',
    retryable: false,
    advice: 'Sign in by the identity provider again: GET /v1/session/oidc.',
  },
  second_factor_is_on: {
    status: 409,
    title: 'A second factor is on',
    retryable: false,
    advice: 'For another one, turn it off first: DELETE /v1/session/second-factor.',
  },
  no_second_factor: {
    status: 409,
    title: 'There is no second factor to confirm, or to turn off',
    retryable: false,
    advice: 'Begin to set one up: PUT /v1/session/second-factor.',
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
    advice:
      'Ask an admin for a new one. A link is good once, and for a day. Who signs in by the identity provider needs none: signing in accepts an invitation.',
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
    advice:
      'Who runs the installation makes the link: npm run setup -- --workspace NAME --admin EMAIL; with --reset-second-factor, the second factor is off then.',
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
