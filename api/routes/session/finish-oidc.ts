import { signInByProvider } from '../../actions/people/sign-in-by-provider.js';
import { spentCookie } from '../../http/oidc/sign-in-cookie.js';
import { homePage, toPage } from '../../http/oidc/to-page.js';
import { defineOperation } from '../../http/operation.js';

export const finishOidcOperation = defineOperation({
  id: 'finishOidc',
  method: 'get',
  path: '/v1/session/oidc/callback',
  summary: 'Come back from the identity provider',
  description:
    'For a browser that the identity provider sends back: begins a session, as `POST /v1/session` does, and makes the memberships that come from groups what the groups say now. Only the browser that began, once, within ten minutes.',
  tag: 'session',
  role: null,
  responses: {
    302: {
      description:
        'To `/`, signed in; or to `/#/sign-in?problem=CODE`: `oidc_off`, `oidc_refused`, `oidc_email_unverified`, `oidc_other_subject`, `oidc_no_member`, `oidc_unreachable`, `too_many_requests`, `database_unavailable`, `internal_error`',
    },
  },
  work: 'control',
  usesDatabase: false,
  async handler({ deps, req }) {
    const { status, headers } = await toPage(deps, async () => {
      await signInByProvider(deps, req);
      return { location: homePage(deps) };
    });
    const { oidc } = deps.config;
    return { status, headers: { ...headers, ...(oidc && { 'Set-Cookie': spentCookie(oidc) }) } };
  },
});
