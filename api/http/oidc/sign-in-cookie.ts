import type { OidcSettings } from '../../../platform/people/oidc.js';
import type { SecretBox } from '../../../platform/secret-box.js';
import type { SignInSecrets } from './identity-provider.js';

/**
 * Between leaving for the identity provider and coming back, a browser keeps what was asked for: sealed, for the callback alone, for ten
 * minutes. Nobody else's browser has it, so an answer that was fetched elsewhere is of no use here.
 */
const NAME = 'dialwright_oidc';
const OWNER = 'a sign-in by OpenID Connect';
const LIFE_S = 600;
const VALUE = new RegExp(`(?:^|;) *${NAME}=([^;]{1,2000})`);

export function signInCookie(box: SecretBox, settings: OidcSettings, secrets: SignInSecrets): string {
  const sealed = box.seal(JSON.stringify({ ...secrets, endsAtMs: Date.now() + LIFE_S * 1_000 }), OWNER);
  return cookieOf(settings, encodeURIComponent(sealed), LIFE_S);
}

/** Takes the cookie away: it is good for one try. */
export function spentCookie(settings: OidcSettings): string {
  return cookieOf(settings, '', 0);
}

/** Null when there is none, or one that is too old or not ours. */
export function readSignInCookie(box: SecretBox, header: string | undefined): SignInSecrets | null {
  const value = VALUE.exec(header ?? '')?.[1];
  if (value === undefined) return null;
  try {
    // What opens was sealed here.
    const { endsAtMs, ...secrets } = JSON.parse(box.open(decodeURIComponent(value), OWNER)) as Kept;
    return endsAtMs > Date.now() ? secrets : null;
  } catch {
    return null;
  }
}

type Kept = SignInSecrets & { endsAtMs: number };

function cookieOf({ callbackUrl }: OidcSettings, value: string, lifeS: number): string {
  const { pathname, protocol } = new URL(callbackUrl);
  const secure = protocol === 'https:' ? '; Secure' : '';
  return `${NAME}=${value}; Path=${pathname}; Max-Age=${lifeS}; HttpOnly; SameSite=Lax${secure}`;
}
