import { expect } from '@jest/globals';
import type { GroupGrant, OidcSettings } from '../../../platform/people/oidc.js';
import { CLIENT, type Account, type TestIdentityProvider } from '../support/identity-provider.js';
import { send, type Received, type Sent, type TestApi } from '../support/test-api.js';

export const HOME = 'https://calls.test/';
export const CALLBACK = `${HOME}v1/session/oidc/callback`;

let counter = 0;
export const newAccount = (more: Record<string, unknown> = {}): Account => {
  const sub = `subject-${++counter}`;
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Grace Hopper', ...more };
};

export const settingsFor = ({ url }: TestIdentityProvider, grants: GroupGrant[]): OidcSettings => ({
  issuer: url,
  clientId: CLIENT.id,
  clientSecret: () => CLIENT.secret,
  callbackUrl: CALLBACK,
  groupsClaim: 'groups',
  grants,
});

/** Who comes from the identity provider, with an API that trusts one proxy. */
export function comersOf(getApi: () => TestApi, getProvider: () => TestIdentityProvider) {
  /** A browser, with the cookies of this installation. */
  function browser(address = `198.51.100.${++counter % 250}`) {
    const cookies = new Map<string, string>();
    const client = {
      cookies,
      async ask(operation: string, sent: Sent = {}): Promise<Received> {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const own = { origin: getApi().url, 'sec-fetch-site': 'same-origin', 'x-forwarded-for': address };
        const received = await send(getApi(), operation, { ...sent, headers: { ...own, cookie }, key: null });
        for (const given of received.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(given) ?? [];
          if (value === '') cookies.delete(name);
          else cookies.set(name, value);
        }
        return received;
      },
      /** Leaves for the provider; `change` is what somebody does to the address on the way. */
      async leave(account: Account, change: (url: URL) => void = () => undefined): Promise<Record<string, string>> {
        const { headers } = await client.ask('beginOidc');
        const url = new URL(headers.get('location')!);
        change(url);
        return Object.fromEntries((await getProvider().visit(url.href, account)).searchParams);
      },
      /** Comes back: to where it is sent then. */
      comeBack: async (query: Record<string, string>): Promise<string> =>
        (await client.ask('finishOidc', { query })).headers.get('location')!,
      signIn: async (account: Account): Promise<string> => client.comeBack(await client.leave(account)),
    };
    return client;
  }

  async function invite(email: string, role: string, where = getApi()): Promise<{ id: string; link: string }> {
    const { status, body } = await send(where, 'inviteMember', { json: { email, name: 'Grace', role } });
    expect(status).toBe(201);
    return body;
  }

  return { browser, invite };
}
