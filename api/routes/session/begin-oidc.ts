import { requireProvider } from '../../actions/people/sign-in-by-provider.js';
import { signInCookie } from '../../http/oidc/sign-in-cookie.js';
import { toPage } from '../../http/oidc/to-page.js';
import { defineOperation } from '../../http/operation.js';

export const beginOidcOperation = defineOperation({
  id: 'beginOidc',
  method: 'get',
  path: '/v1/session/oidc',
  summary: 'Begin to sign in by the identity provider',
  description:
    'For a browser, which is sent to the identity provider of this installation and keeps what it was asked for in a cookie, for ten minutes.',
  tag: 'session',
  role: null,
  responses: {
    302: {
      description: 'To the identity provider; or to `/#/sign-in?problem=CODE`: `oidc_off`, `oidc_unreachable`',
    },
  },
  usesDatabase: false,
  handler: ({ deps }) =>
    toPage(deps, async () => {
      const provider = requireProvider(deps);
      const { url, secrets } = await provider.begin();
      return { location: url, cookie: signInCookie(deps.config.secretBox, provider.settings, secrets) };
    }),
});
