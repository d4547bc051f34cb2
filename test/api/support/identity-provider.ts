import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** Whom the provider signs in, at once, and what it tells of them. */
export type Account = { sub: string } & Record<string, unknown>;

export type TestIdentityProvider = {
  url: string;
  /** Drops every connection. */
  isAway: boolean;
  /** Whether it shows another key than the one it signs with. */
  showsOtherKey: boolean;
  /** What a browser does at the provider: to where it is sent back. */
  visit(authorizationUrl: string, account: Account): Promise<URL>;
  stop(): Promise<void>;
};

export const CLIENT = { id: 'dialwright', secret: 'a secret of the client' };
const VISIT_STEPS_MAX = 10;

/** A real provider on a free port. It asks nobody for a password or a consent. */
export async function startIdentityProvider(redirectUri: string): Promise<TestIdentityProvider> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [key, otherKey] = [newKey(), newKey()];
  const accounts = new Map<string, Account>();
  let visitor = '';
  const provider = new Provider(url, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    jwks: { keys: [key] },
    cookies: { keys: ['a key of this test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, IdToken: 60 },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => accounts.get(sub) ?? { sub } }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    if (own.isAway) req.socket.destroy();
    else if (req.url === '/jwks' && own.showsOtherKey) res.end(JSON.stringify({ keys: [publicPart(otherKey)] }));
    else if (req.url?.startsWith('/interaction/'))
      void provider.interactionFinished(req, res, { login: { accountId: visitor } });
    else void answer(req, res);
  });

  const own: TestIdentityProvider = {
    url,
    isAway: false,
    showsOtherKey: false,
    async visit(authorizationUrl, account) {
      accounts.set(account.sub, account);
      visitor = account.sub;
      const cookies = new Map<string, string>();
      let at = new URL(authorizationUrl);
      for (let step = 0; step < VISIT_STEPS_MAX && at.origin === url; step++) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const res = await fetch(at, { headers: { cookie }, redirect: 'manual' });
        for (const given of res.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(given) ?? [];
          if (value === '') cookies.delete(name);
          else cookies.set(name, value);
        }
        const next = res.headers.get('location');
        if (next === null) throw new Error(`the provider answered ${res.status}: ${await res.text()}`);
        at = new URL(next, at);
      }
      return at;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return own;
}

function newKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return {
    ...privateKey.export({ format: 'jwk' }),
    kty: 'RSA',
    kid: 'the only key',
    alg: 'RS256',
    use: 'sig',
  } as const;
}

function publicPart({ kty, n, e, kid, alg, use }: ReturnType<typeof newKey>): JsonWebKey {
  return { kty, n, e, kid, alg, use } as JsonWebKey;
}
