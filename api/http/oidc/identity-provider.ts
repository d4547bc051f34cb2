import * as oidc from 'openid-client';
import type { Config } from '../../../platform/config.js';
import type { OidcSettings } from '../../../platform/people/oidc.js';
import type { Sender } from '../../../telephony/send-request.js';
import { ApiError } from '../errors.js';
import { readIdentity, type ProviderIdentity } from './read-identity.js';
import { ProviderAwayError, senderFetch } from './sender-fetch.js';

/** What the browser keeps, sealed, between its leaving for the provider and its coming back. */
export type SignInSecrets = { state: string; nonce: string; verifier: string };

export type IdentityProvider = {
  settings: OidcSettings;
  /** Where the browser goes to sign in. @throws ApiError oidc_unreachable */
  begin(): Promise<{ url: string; secrets: SignInSecrets }>;
  /**
   * Who has signed in, of the query that the browser came back with. The library checks state, issuer, audience, signature, expiry,
   * nonce, and by the verifier that the code was given for this sign-in; the provider takes a code once.
   * @throws ApiError oidc_refused, oidc_unreachable
   */
  finish(query: string, secrets: SignInSecrets): Promise<ProviderIdentity>;
};

/**
 * The identity provider of this installation; null when it has none. It is asked what it can do at the first sign-in, not at the
 * start, and again after a failure: the API starts without it.
 */
export function createIdentityProvider(
  { oidc: settings, settings: { requestTimeoutMs } }: Pick<Config, 'oidc' | 'settings'>,
  sender: Sender,
): IdentityProvider | null {
  if (!settings) return null;
  const { callbackUrl, clientId, clientSecret, groupsClaim, issuer } = settings;
  let discovered: Promise<oidc.Configuration> | null = null;
  // Many who come at the same moment ask it once.
  const discover = (): Promise<oidc.Configuration> =>
    (discovered ??= oidc
      .discovery(new URL(issuer), clientId, undefined, authentication(clientSecret()), {
        [oidc.customFetch]: senderFetch(sender, requestTimeoutMs),
        // Of an ID token the library checks the signature only when it is told to.
        execute: [oidc.enableNonRepudiationChecks, ...(issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [])],
      })
      .catch((err: unknown) => {
        discovered = null;
        throw unreachable(err);
      }));

  return {
    settings,
    async begin() {
      const config = await discover();
      const secrets = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
      };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: callbackUrl,
        scope: scopeOf(config, groupsClaim),
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, secrets };
    },

    async finish(query, { state, nonce, verifier }) {
      const config = await discover();
      const cameTo = new URL(callbackUrl);
      cameTo.search = query;
      try {
        const tokens = await oidc.authorizationCodeGrant(config, cameTo, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (!claims) throw refused(null);
        // Many providers tell e-mail address and groups only here.
        const more = config.serverMetadata().userinfo_endpoint
          ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
          : {};
        const identity = readIdentity(claims, more, groupsClaim);
        if (!identity) throw refused(null);
        return identity;
      } catch (err) {
        if (err instanceof ApiError) throw err;
        throw isAway(err) ? unreachable(err) : refused(err);
      }
    },
  };
}

/** The way that every provider must know, unless it says that it does not. */
function authentication(secret: string): oidc.ClientAuth {
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const ways = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (ways.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

/** Some providers tell groups to who asks for them by name; others refuse a scope that they do not know. */
function scopeOf(config: oidc.Configuration, groupsClaim: string): string {
  const known = config.serverMetadata().scopes_supported ?? [];
  return ['openid', 'email', 'profile', ...(known.includes(groupsClaim) ? [groupsClaim] : [])].join(' ');
}

const CAUSES_MAX = 5;

/** The library wraps what its fetch threw. */
function isAway(err: unknown): boolean {
  let each = err;
  for (let depth = 0; depth < CAUSES_MAX && each instanceof Error; depth++, each = each.cause)
    if (each instanceof ProviderAwayError) return true;
  return false;
}

function unreachable(cause: unknown): ApiError {
  return new ApiError('oidc_unreachable', 'The identity provider did not answer as it should.', { cause });
}

/** A word of the protocol, such as access_denied: what else stands in its place is a stranger's text, which is not logged. */
const WORD = /^[a-z_]{1,60}$/;

/** Why is for the log: an answer to a stranger tells nothing of it. */
function refused(cause: unknown): ApiError {
  const { code, error } = (cause ?? {}) as { code?: string; error?: string };
  const detail = { reason: code ?? 'no identity', ...(WORD.test(error ?? '') && { error }) };
  return new ApiError('oidc_refused', 'The answer of the identity provider does not belong to a sign-in here.', {
    cause,
    detail,
  });
}
