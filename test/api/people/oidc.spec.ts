import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createIdentityProvider } from '../../../api/http/oidc/identity-provider.js';
import { readIdentity } from '../../../api/http/oidc/read-identity.js';
import { readSignInCookie, signInCookie } from '../../../api/http/oidc/sign-in-cookie.js';
import { grantsOf } from '../../../api/actions/people/sign-in-by-provider.js';
import { publicId } from '../../../domain/ids.js';
import type { Role } from '../../../domain/people/roles.js';
import type { GroupGrant, OidcSettings } from '../../../platform/people/oidc.js';
import { createSecretBox } from '../../../platform/secret-box.js';
import { readSettings } from '../../../platform/settings.js';
import { signInByOidc } from '../../../store/people/oidc/sign-in-by-oidc.js';
import { createSender } from '../../../telephony/send-request.js';
import { eventually } from '../../support/eventually.js';
import { testSender } from '../../support/sender.js';
import { TEST_ENCRYPTION_KEY } from '../../support/secrets.js';
import { startIdentityProvider, type Account, type TestIdentityProvider } from '../support/identity-provider.js';
import { forgetConfirmation } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { GOOD, tokenIn } from './browser.js';
import { CALLBACK, comersOf, HOME, newAccount, settingsFor } from './comers.js';

const OF_ADDRESS_MAX = 20;
const grants: GroupGrant[] = [];
let provider: TestIdentityProvider;
let settings: OidcSettings;
let api: TestApi;
beforeAll(async () => {
  provider = await startIdentityProvider(CALLBACK);
  settings = settingsFor(provider, grants);
  // The API starts without it.
  provider.isAway = true;
  const limited = { ...readSettings({}), signInTriesOfAddressMax: OF_ADDRESS_MAX };
  api = await startTestApi({ trustProxy: 1, oidc: settings, settings: limited });
  const here = publicId('workspace', api.workspace.workspaceId);
  const there = publicId('workspace', api.other.workspace.workspaceId);
  grants.push(
    { group: 'readers', workspace: here, role: 'viewer' },
    { group: 'admins', workspace: here, role: 'admin' },
    { group: 'readers', workspace: there, role: 'viewer' },
    { group: 'chiefs', workspace: there, role: 'admin' },
    { group: 'readers', workspace: `ws_${'0'.repeat(32)}`, role: 'admin' },
  );
});
beforeEach(() => {
  provider.isAway = false;
});
afterAll(async () => {
  await api.stop();
  await provider.stop();
});

const problem = (code: string): string => `${HOME}#/sign-in?problem=${code}`;
const other = () => ({ ...api, keys: api.other.keys });
const { browser, invite } = comersOf(
  () => api,
  () => provider,
);
const actionsOf = async (actor: string, where = api): Promise<unknown[]> =>
  (await send(where, 'listAudit', { query: { actor } })).body.data;
const memberOf = async ({ email }: Account, where = api) =>
  (await send(where, 'listMembers', { query: { limit: '200' } })).body.data.find(
    (member: { email: unknown }) => member.email === email,
  );

describe('who comes from the identity provider', () => {
  it('and was invited is in: the provider vouches for the address', async () => {
    const account = newAccount();
    const { id, link } = await invite(String(account['email']), 'operator');
    const client = browser();
    expect(await client.signIn(account)).toBe(HOME);
    const { body } = await client.ask('getSession');
    expect(body).toMatchObject({ member: { id, role: 'operator' }, workspaces: [{ role: 'operator' }] });
    expect(await memberOf(account)).toMatchObject({ acceptedAt: expect.any(String) });
    expect(await actionsOf(id)).toMatchObject([{ action: 'sign in', actorName: 'Grace', detail: { by: 'oidc' } }]);
    const spent = await browser().ask('spendLink', { json: { token: tokenIn(link), password: GOOD } });
    expect(spent.problem.code).toBe('link_of_no_use');
  });

  it('is known by the subject: a changed address, also one of somebody else, changes nothing', async () => {
    const [account, somebody] = [newAccount(), newAccount()];
    await invite(String(account['email']), 'viewer');
    await invite(String(somebody['email']), 'admin');
    const { id } = await memberOf(account);
    expect(await browser().signIn(account)).toBe(HOME);
    const client = browser();
    expect(await client.signIn({ ...account, email: somebody['email'] })).toBe(HOME);
    expect((await client.ask('getSession')).body.member).toMatchObject({ id, role: 'viewer' });
    expect((await memberOf(somebody)).acceptedAt).toBeNull();
    expect(await client.signIn({ sub: account.sub })).toBe(HOME);
  });

  it('as another subject with the address of somebody known is refused, also at the same moment', async () => {
    const account = newAccount();
    await invite(String(account['email']), 'viewer');
    const comers = [browser(), browser()].map((client, index) => ({ client, sub: `${account.sub}-${index}` }));
    const queries: Record<string, string>[] = [];
    for (const { client, sub } of comers) queries.push(await client.leave({ ...account, sub }));
    const ends = await Promise.all(comers.map(({ client }, index) => client.comeBack(queries[index]!)));
    expect(ends.sort()).toEqual([HOME, problem('oidc_other_subject')].sort());
  });

  it.each([false, 'true', undefined])('is refused with an address whose email_verified is %s', async (isVerified) => {
    const account = newAccount({ email_verified: isVerified });
    await invite(String(account['email']), 'viewer');
    const client = browser();
    expect(await client.signIn(account)).toBe(problem('oidc_email_unverified'));
    expect((await client.ask('getSession')).status).toBe(401);
  });

  it('and whom nobody has invited is refused, and nothing is kept', async () => {
    const account = newAccount({ groups: ['strangers'] });
    expect(await browser().signIn(account)).toBe(problem('oidc_no_member'));
    const { rows } = await api.db.pool.query(
      'SELECT (SELECT count(*) FROM people WHERE email = $1) + (SELECT count(*) FROM oidc_identities WHERE subject = $2) AS kept',
      [account['email'], account.sub],
    );
    expect(rows[0].kept).toBe('0');
  });
});

describe('an answer of the identity provider', () => {
  const changes: [string, (url: URL) => void][] = [
    ['another nonce', (url) => url.searchParams.set('nonce', 'another')],
    ['no nonce', (url) => url.searchParams.delete('nonce')],
  ];
  it.each(changes)('with %s is refused', async (_what, change) => {
    const account = newAccount({ groups: ['readers'] });
    const client = browser();
    expect(await client.comeBack(await client.leave(account, change))).toBe(problem('oidc_refused'));
    expect((await client.ask('getSession')).status).toBe(401);
  });

  it.each([
    ['another state', { state: 'another' }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['another code', { code: 'nonsense' }],
    ['what is no query of a provider', { code: '\0', state: '%', error: 'x'.repeat(3_000) }],
    ['its refusal', { error: 'access_denied' }],
  ])('with %s is refused', async (_what, given) => {
    const client = browser();
    const query = await client.leave(newAccount({ groups: ['readers'] }));
    expect(await client.comeBack({ ...query, ...given })).toBe(problem('oidc_refused'));
    expect(client.cookies.size).toBe(0);
  });

  it('is taken once, in the browser that began', async () => {
    const victim = browser();
    const attacker = browser();
    const account = newAccount({ groups: ['readers'] });
    const query = await attacker.leave(account);
    // A link to the callback, sent to somebody who did not begin, or began another sign-in.
    expect(await victim.comeBack(query)).toBe(problem('oidc_refused'));
    await victim.leave(account);
    expect(await victim.comeBack(query)).toBe(problem('oidc_refused'));
    const kept = attacker.cookies.get('dialwright_oidc')!;
    expect(await attacker.comeBack(query)).toBe(HOME);
    expect(await attacker.comeBack(query)).toBe(problem('oidc_refused'));
    attacker.cookies.set('dialwright_oidc', kept);
    expect(await attacker.comeBack(query)).toBe(problem('oidc_refused'));
  });

  it('begins a session under a new id', async () => {
    const account = newAccount({ groups: ['readers'] });
    const client = browser();
    await client.signIn(account);
    const before = client.cookies.get('dialwright_session');
    await client.signIn(account);
    expect(client.cookies.get('dialwright_session')).not.toBe(before);
    const stale = browser();
    stale.cookies.set('dialwright_session', before!);
    expect((await stale.ask('getSession')).status).toBe(401);
  });

  it('confirms the session, for who has no password here', async () => {
    const account = newAccount();
    await invite(account.email as string, 'admin');
    const client = browser();
    const makeKey = () => client.ask('createApiKey', { json: { name: 'Mine', role: 'viewer' } });
    await client.signIn(account);
    expect((await makeKey()).status).toBe(201);
    await forgetConfirmation(api, account.email as string);
    expect((await makeKey()).problem.code).toBe('confirmation_required');
    await client.signIn(account);
    expect((await makeKey()).status).toBe(201);
  });

  it('is enough where a workspace requires a second factor, and where the person has one here', async () => {
    const account = newAccount();
    await invite(account.email as string, 'admin');
    const client = browser();
    await client.signIn(account);
    const require = (requiresSecondFactor: boolean) =>
      client.ask('updateWorkspace', { json: { requiresSecondFactor } });
    expect((await require(true)).status).toBe(200);
    await api.db.pool.query(
      `INSERT INTO second_factors (person_id, secret, confirmed_at)
       SELECT id, 'sealed', dialwright_now() FROM people WHERE email = $1`,
      [account.email],
    );
    expect((await client.ask('listBatches')).status).toBe(200);
    expect((await require(false)).status).toBe(200);
  });

  it('is tried some times, then from another address only; a few wrong ones lock nobody out who comes from there', async () => {
    const client = browser();
    const comeBack = async (): Promise<string> =>
      client.comeBack({ ...(await client.leave(newAccount())), code: 'nonsense' });
    for (let time = 0; time < 12; time++) expect(await comeBack()).toBe(problem('oidc_refused'));
    expect(await client.signIn(newAccount({ groups: ['readers'] }))).toBe(HOME);
    for (let time = 12; time < OF_ADDRESS_MAX; time++) await comeBack();
    expect(await comeBack()).toBe(problem('too_many_requests'));
    expect(await browser().signIn(newAccount({ groups: ['readers'] }))).toBe(HOME);
  });

  it('that another site made up is not counted, so that no page locks an address out', async () => {
    const client = browser();
    // As images, which bring no cookie, and as pages, which bring that of a sign-in.
    for (let time = 0; time < OF_ADDRESS_MAX; time++) await client.comeBack({ code: 'x', state: 'x' });
    for (let time = 0; time < OF_ADDRESS_MAX; time++) {
      await client.ask('beginOidc');
      expect(await client.comeBack({ code: 'x', state: 'x' })).toBe(problem('oidc_refused'));
    }
    expect(await client.signIn(newAccount({ groups: ['readers'] }))).toBe(HOME);
  });

  it('with another state is refused by the library too', async () => {
    const own = createIdentityProvider({ oidc: settings, settings: readSettings({}) }, testSender)!;
    const { url, secrets } = await own.begin();
    const { search } = await provider.visit(url, newAccount());
    const finished = own.finish(search, { ...secrets, state: 'another' });
    await expect(finished).rejects.toMatchObject({ code: 'oidc_refused' });
  });

  it('is refused when it was signed with a key that the provider does not show, or names another issuer', async () => {
    const config = { oidc: settings, settings: readSettings({}) };
    provider.showsOtherKey = true;
    const suspicious = createIdentityProvider(config, testSender)!;
    const { url, secrets } = await suspicious.begin();
    const { search } = await provider.visit(url, newAccount());
    await expect(suspicious.finish(search, secrets)).rejects.toMatchObject({ code: 'oidc_refused' });
    provider.showsOtherKey = false;
    const elsewhere = { ...settings, issuer: provider.url.replace('127.0.0.1', '127.0.0.2') };
    const unknown = createIdentityProvider({ ...config, oidc: elsewhere }, testSender)!;
    await expect(unknown.begin()).rejects.toMatchObject({ code: 'oidc_unreachable' });
  });
});

describe('the cookie of a sign-in', () => {
  it('is sealed, for the callback alone, for ten minutes, and no script or other site has it', async () => {
    const { headers } = await browser().ask('beginOidc');
    const [cookie] = headers.getSetCookie();
    expect(cookie).toMatch(
      /^dialwright_oidc=v1%3A[^;]+; Path=\/v1\/session\/oidc\/callback; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(cookie).not.toContain(new URL(headers.get('location')!).searchParams.get('state')!);
    const box = createSecretBox({ key: TEST_ENCRYPTION_KEY, previousKey: undefined });
    const secrets = { state: 'state', nonce: 'nonce', verifier: 'verifier' };
    const kept = signInCookie(box, settings, secrets).split(';')[0];
    expect(readSignInCookie(box, `a=b; ${kept}`)).toEqual(secrets);
    for (const wrong of [undefined, '', 'dialwright_oidc=%', kept?.slice(0, -8)])
      expect(readSignInCookie(box, wrong)).toBeNull();
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_001);
    expect(readSignInCookie(box, kept)).toBeNull();
    now.mockRestore();
  });
});

describe('groups', () => {
  it('make members, with the highest role in each workspace; what changes holds at the next sign-in', async () => {
    // The last admin would stay one.
    await browser().signIn(newAccount({ groups: ['admins'] }));
    const account = newAccount({ groups: ['readers', 'admins'] });
    const client = browser();
    expect(await client.signIn(account)).toBe(HOME);
    const { id, ...member } = await memberOf(account);
    expect(member).toMatchObject({ role: 'admin', createdBy: 'oidc', name: 'Grace Hopper' });
    expect(await memberOf(account, other())).toMatchObject({ role: 'viewer', createdBy: 'oidc' });
    // It begins in one of both, which were made at the same moment.
    const json = { workspaceId: publicId('workspace', api.workspace.workspaceId) };
    expect((await client.ask('switchWorkspace', { json })).status).toBe(200);
    expect((await client.ask('listAudit')).status).toBe(200);
    await browser().signIn({ ...account, groups: 'readers' });
    expect((await client.ask('listAudit')).status).toBe(403);
    await browser().signIn({ ...account, groups: ['admins'] });
    expect((await client.ask('listAudit')).status).toBe(200);
    expect(await memberOf(account, other())).toBeUndefined();
    const gone = browser();
    expect(await gone.signIn({ ...account, groups: [] })).toBe(problem('oidc_no_member'));
    expect((await client.ask('listBatches')).status).toBe(401);
    const recorded = (await actionsOf('oidc')) as { targetId: string; action: string }[];
    const own = recorded.filter((entry) => JSON.stringify(entry).includes(id));
    expect(own).toMatchObject(
      ['remove member', 'change member', 'change member', 'invite member'].map((action) => ({
        action,
        actorName: 'Grace Hopper',
        actorFrom: expect.stringMatching(/^198\.51\.100\./),
      })),
    );
  });

  it('leave alone what was made by hand', async () => {
    const account = newAccount({ groups: ['admins'] });
    await invite(String(account['email']), 'operator');
    await browser().signIn(account);
    await browser().signIn({ ...account, groups: [] });
    expect(await memberOf(account)).toMatchObject({ role: 'operator', createdBy: expect.stringMatching(/^key_/) });
  });

  it('take away no last admin of a workspace', async () => {
    const account = newAccount({ groups: ['chiefs'] });
    await browser().signIn(account);
    for (const groups of [['readers'], []]) {
      expect(await browser().signIn({ ...account, groups })).toBe(HOME);
      expect((await memberOf(account, other())).role).toBe('admin');
    }
    const second = newAccount({ groups: ['chiefs'] });
    await browser().signIn(second);
    await browser().signIn({ ...account, groups: ['readers'] });
    expect((await memberOf(account, other())).role).toBe('viewer');
  });

  it('of two sign-ins at the same moment, both are in', async () => {
    const account = newAccount({ groups: ['readers', 'admins'] });
    const clients = [browser(), browser(), browser()];
    const queries: Record<string, string>[] = [];
    for (const client of clients) queries.push(await client.leave(account));
    const ends = await Promise.all(clients.map((client, index) => client.comeBack(queries[index]!)));
    expect(ends).toEqual([HOME, HOME, HOME]);
    for (const client of clients) expect((await client.ask('getSession')).body.workspaces).toHaveLength(2);
  });

  it('of two who wait for each other’s workspaces, both are in', async () => {
    const { pool } = api.db;
    const both = [api.workspace.workspaceId, api.other.workspace.workspaceId].sort();
    const [first = '', second = ''] = both;
    const signInAs = ({ sub, email, name }: Account, roles: Record<string, Role>) => {
      const grants = Object.entries(roles).map(([workspace, role]) => ({ workspace, role }));
      const identity = { issuer: 'https://idp.test', subject: sub, email: String(email), name: String(name) };
      return signInByOidc(pool, identity, { grants, from: null });
    };
    const [ada, bea, chief] = [newAccount(), newAccount(), newAccount()] as const;
    await signInAs(chief, { [second]: 'admin' });
    await signInAs(ada, { [first]: 'viewer', [second]: 'viewer' });
    await signInAs(bea, { [second]: 'viewer' });
    // Her sign-in will accept this, after it has changed what she is in the second workspace.
    await invite(String(bea['email']), 'admin', first === api.workspace.workspaceId ? api : other());
    const isWaiting = async (count: number): Promise<void> => {
      const { rows } = await pool.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%sign_in_by_oidc%' AND wait_event_type = 'Lock'",
      );
      expect(rows).toHaveLength(count);
    };
    const blocker = await pool.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query("SELECT FROM members WHERE workspace_id = $1 AND role = 'admin' FOR UPDATE", [second]);
      const ends = [signInAs(bea, { [second]: 'admin' })];
      await eventually(() => isWaiting(1));
      ends.push(signInAs(ada, { [first]: 'admin', [second]: 'admin' }));
      await eventually(() => isWaiting(2));
      await blocker.query('COMMIT');
      expect(await Promise.all(ends)).toMatchObject([{ result: 'SIGNED_IN' }, { result: 'SIGNED_IN' }]);
    } finally {
      blocker.release();
    }
  });

  it('are read as the highest role, also when they are many', () => {
    const given = grantsOf(grants, ['admins', 'readers']).map(({ role }) => role);
    expect(given).toEqual(['admin', 'viewer', 'admin']);
  });
});

it('an identity provider that is away is said to be so, and asked again', async () => {
  const fresh = createIdentityProvider({ oidc: settings, settings: readSettings({}) }, testSender)!;
  provider.isAway = true;
  await expect(fresh.begin()).rejects.toMatchObject({ code: 'oidc_unreachable' });
  provider.isAway = false;
  await expect(fresh.begin()).resolves.toMatchObject({ url: expect.stringContaining(provider.url) });
  const client = browser();
  const query = await client.leave(newAccount({ groups: ['readers'] }));
  provider.isAway = true;
  expect(await client.comeBack(query)).toBe(problem('oidc_unreachable'));
});

it('an identity provider is asked by the one checked sender: never at an address that is not allowed', async () => {
  const strict = createSender({ named: [], proxyUrl: null, allowSimulator: false });
  const hidden = createIdentityProvider({ oidc: settings, settings: readSettings({}) }, strict)!;
  await expect(hidden.begin()).rejects.toMatchObject({ code: 'oidc_unreachable' });
});

it('an address counts only where the same source says that it is verified', () => {
  const token = { iss: 'https://login.test', sub: 'me', email: 'me@example.com', email_verified: true };
  expect(readIdentity(token, {}, 'groups')?.email).toBe('me@example.com');
  expect(readIdentity(token, { email: 'you@example.com' }, 'groups')?.email).toBeNull();
  // A Kelvin sign, of which the small letter is k.
  expect(readIdentity({ ...token, email: 'mi\u212Ae@example.com' }, {}, 'groups')?.email).toBeNull();
  expect(readIdentity({ ...token, email: ' Mike@Example.com ' }, {}, 'groups')?.email).toBe('mike@example.com');
  expect(readIdentity({ ...token, sub: 'x'.repeat(256) }, {}, 'groups')).toBeNull();
  expect(readIdentity(token, { name: '\0\u{1F600}'.repeat(200), groups: [1, 'a', null] }, 'groups')).toMatchObject({
    groups: ['a'],
  });
});
