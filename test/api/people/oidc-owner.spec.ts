import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import type { GroupGrant } from '../../../platform/people/oidc.js';
import { askPasswordLink, createLink } from '../../../store/people/members.js';
import { eventually } from '../../support/eventually.js';
import { startIdentityProvider, type Account, type TestIdentityProvider } from '../support/identity-provider.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { GOOD, tokenIn } from './browser.js';
import { CALLBACK, comersOf, HOME, newAccount, settingsFor } from './comers.js';

let provider: TestIdentityProvider;
let api: TestApi;
beforeAll(async () => {
  provider = await startIdentityProvider(CALLBACK);
  const grants: GroupGrant[] = [];
  api = await startTestApi({ trustProxy: 1, oidc: settingsFor(provider, grants) });
  const workspace = publicId('workspace', api.other.workspace.workspaceId);
  grants.push({ group: 'chiefs', workspace, role: 'admin' }, { group: 'readers', workspace, role: 'viewer' });
});
afterAll(async () => {
  await api.stop();
  await provider.stop();
});

const { browser, invite } = comersOf(
  () => api,
  () => provider,
);
const other = () => ({ ...api, keys: api.other.keys });
const emailOf = ({ email }: Account): string => String(email);
const spend = async (token: string, client = browser(), password = GOOD) => {
  const spent = await client.ask('spendLink', { json: { token, password } });
  expect(spent.status).toBe(200);
  return client;
};
const enter = (account: Account) => browser().ask('signIn', { json: { email: account['email'], password: GOOD } });
/** In by the identity provider, in the first workspace. */
const bound = async (account: Account) => {
  const { id } = await invite(emailOf(account), 'viewer');
  await browser().signIn(account);
  return id;
};
/** The token of a link of who runs the installation. */
const setupToken = async (memberId: string): Promise<string> => {
  const { workspaceId } = api.workspace;
  const made = await createLink(api.db.pool, { workspaceId, actor: 'setup' }, parsePublicId('member', memberId)!);
  return made.is === 'MADE' ? made.token : '';
};
/** A password that only the person can know. */
const chooseBySetup = async (memberId: string) => spend(await setupToken(memberId));

describe('the first sign-in of an account of the identity provider', () => {
  it('ends the password, sessions and links of before, whether it opens a workspace or none', async () => {
    for (const opens of ['nothing', 'an invitation', 'a group']) {
      const account = newAccount({ groups: opens === 'a group' ? ['chiefs'] : [] });
      const squatted = await invite(emailOf(account), 'viewer');
      const squatter = await spend(tokenIn(squatted.link));
      const { body } = await send(api, 'createMemberLink', { params: { memberId: squatted.id } });
      if (opens === 'an invitation') await invite(emailOf(account), 'admin', other());
      const client = browser();
      expect(await client.signIn(account)).toBe(HOME);
      expect((await client.ask('getSession')).body.workspaces).toHaveLength(opens === 'nothing' ? 1 : 2);
      expect((await squatter.ask('getSession')).status).toBe(401);
      expect((await enter(account)).status).toBe(401);
      const spent = await browser().ask('spendLink', { json: { token: tokenIn(body.link), password: GOOD } });
      expect(spent.problem.code).toBe('link_of_no_use');
    }
  });
});

it('a link of before the first sign-in is of no use, also where there was no password yet', async () => {
  const account = newAccount();
  const { id } = await invite(emailOf(account), 'viewer');
  const token = await setupToken(id);
  expect(await browser().signIn(account)).toBe(HOME);
  const spent = await browser().ask('spendLink', { json: { token, password: GOOD } });
  expect(spent.problem.code).toBe('link_of_no_use');
});

describe('a later sign-in, which accepts an invitation', () => {
  it('of another workspace ends no password of the person, no session and no link', async () => {
    const account = newAccount();
    const id = await bound(account);
    const client = await chooseBySetup(id);
    const asked = await askPasswordLink(api.db.pool, { email: emailOf(account), from: '203.0.113.1' });
    const hostile = await invite(emailOf(account), 'viewer', other());
    const comer = browser();
    expect(await comer.signIn(account)).toBe(HOME);
    expect((await comer.ask('getSession')).body.workspaces).toHaveLength(2);
    expect((await client.ask('getSession')).status).toBe(200);
    expect((await enter(account)).status).toBe(200);
    const spent = await browser().ask('spendLink', { json: { token: tokenIn(hostile.link), password: GOOD } });
    expect(spent.problem.code).toBe('link_of_no_use');
    await spend(asked!, browser(), 'quite another sentence');
  });

  it('ends a password that was chosen by a link of an admin, who may know it', async () => {
    const account = newAccount();
    const id = await bound(account);
    const { body } = await send(api, 'createMemberLink', { params: { memberId: id } });
    const admin = await spend(tokenIn(body.link));
    const changed = { oldPassword: GOOD, newPassword: 'another one of the admin' };
    expect((await admin.ask('changePassword', { json: changed })).status).toBe(204);
    // Nothing is opened: it is nobody else's business.
    await browser().signIn(account);
    expect((await admin.ask('getSession')).status).toBe(200);
    await invite(emailOf(account), 'admin', other());
    expect(await browser().signIn(account)).toBe(HOME);
    expect((await admin.ask('getSession')).status).toBe(401);
    const json = { email: account['email'], password: changed.newPassword };
    expect((await browser().ask('signIn', { json })).status).toBe(401);
  });

  it('also one that was chosen by the invitation of who was in nowhere', async () => {
    const account = newAccount();
    const id = await bound(account);
    await send(api, 'removeMember', { params: { memberId: id } });
    const { link } = await invite(emailOf(account), 'viewer', other());
    const admin = await spend(tokenIn(link));
    await invite(emailOf(account), 'admin');
    expect(await browser().signIn(account)).toBe(HOME);
    expect((await admin.ask('getSession')).status).toBe(401);
    expect((await enter(account)).status).toBe(401);
  });
});

it('a name is that of each workspace: the provider names whom a group makes a member, and nobody else', async () => {
  const account = newAccount({ groups: ['readers'], name: 'Named by the provider' });
  const { id } = await invite(emailOf(account), 'viewer');
  await browser().signIn(account);
  await browser().signIn({ ...account, groups: [] });
  const names = async (where: TestApi, targetId: string) =>
    (await send(where, 'listAudit', { query: { targetId } })).body.data.map(
      ({ action, actorName }: Record<string, string>) => `${action} by ${actorName}`,
    );
  expect(await names(api, id)).toEqual([
    'sign in by Grace',
    'sign in by Grace',
    'make link by admin',
    'invite member by admin',
  ]);
  const { body } = await send(other(), 'listAudit', { query: { actor: 'oidc' } });
  expect(body.data.length).toBeGreaterThan(0);
  for (const { actorName } of body.data) expect(actorName).not.toBe('Grace');
  expect(body.data[0]).toMatchObject({ action: 'remove member', actorName: 'Named by the provider' });
});

describe('a password', () => {
  it('is not chosen by a link that was asked for, for who is in without one', async () => {
    const account = newAccount();
    const id = await bound(account);
    const ask = () => askPasswordLink(api.db.pool, { email: emailOf(account), from: '203.0.113.1' });
    expect(await ask()).toBeNull();
    await chooseBySetup(id);
    expect(await ask()).not.toBeNull();
  });

  it('is not chosen by an invitation for who is in without one', async () => {
    const account = newAccount();
    await bound(account);
    const { link } = await invite(emailOf(account), 'viewer', other());
    const spent = await browser().ask('spendLink', { json: { token: tokenIn(link), password: GOOD } });
    expect([spent.status, spent.problem.code]).toEqual([409, 'link_of_no_use']);
    const client = browser();
    await client.signIn(account);
    expect((await client.ask('getSession')).body.workspaces).toHaveLength(2);
  });

  it('is not changed by who has shown one that was ended meanwhile', async () => {
    const account = newAccount();
    const { link } = await invite(emailOf(account), 'viewer');
    const squatter = await spend(tokenIn(link));
    const held = await api.db.pool.connect();
    try {
      await held.query('BEGIN');
      await held.query('SELECT FROM people WHERE email = $1 FOR UPDATE', [account['email']]);
      const json = { oldPassword: GOOD, newPassword: 'another one of the squatter' };
      const changing = squatter.ask('changePassword', { json });
      await eventually(async () => {
        const { rows } = await api.db.pool.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'SELECT choose_password%'`,
        );
        expect(rows).toHaveLength(1);
      });
      await held.query('SELECT choose_password(id, sign_in_epoch, NULL, NULL, NULL) FROM people WHERE email = $1', [
        account['email'],
      ]);
      await held.query('COMMIT');
      expect((await changing).status).toBe(401);
    } finally {
      await held.query('ROLLBACK');
      held.release();
    }
    const { rows } = await api.db.pool.query('SELECT password_hash FROM people WHERE email = $1', [account['email']]);
    expect(rows).toEqual([{ password_hash: null }]);
  });
});

describe('a session begins', () => {
  const workspaceOf = async (client: ReturnType<typeof browser>) => (await client.ask('getSession')).body.workspace.id;
  const [here, there] = [() => api, other].map(
    (where) => async () => (await send(where(), 'getWorkspace')).body.id as string,
  ) as [() => Promise<string>, () => Promise<string>];

  it('where the person was before, not where an invitation was accepted only now, however old that is', async () => {
    const account = newAccount();
    await invite(emailOf(account), 'admin', other());
    const { link } = await invite(emailOf(account), 'viewer');
    // Of before there was a note of where somebody works.
    await spend(tokenIn(link));
    await api.db.pool.query('UPDATE members SET worked_at = NULL');
    const client = browser();
    expect(await client.signIn(account)).toBe(HOME);
    expect((await client.ask('getSession')).body.workspaces).toHaveLength(2);
    expect(await workspaceOf(client)).toBe(await here());
  });

  it('where the person worked last, by the identity provider and by a password', async () => {
    const account = newAccount();
    const id = await bound(account);
    const client = await chooseBySetup(id);
    await invite(emailOf(account), 'viewer', other());
    await browser().signIn(account);
    for (const workspace of [await there(), await here()]) {
      await client.ask('switchWorkspace', { json: { workspaceId: workspace } });
      const [comer, signedIn] = [browser(), browser()];
      await comer.signIn(account);
      await signedIn.ask('signIn', { json: { email: account['email'], password: GOOD } });
      expect([await workspaceOf(comer), await workspaceOf(signedIn)]).toEqual([workspace, workspace]);
      expect((await client.ask('getSession')).status).toBe(200);
    }
    const { body } = await send(other(), 'listAudit', { query: { action: 'sign in' } });
    expect(body.data[0]).toMatchObject({ targetId: (await memberIn(other(), account)).id });
  });

  const memberIn = async (where: TestApi, account: Account) =>
    (await send(where, 'listMembers', { query: { limit: '200' } })).body.data.find(
      ({ email }: { email: string }) => email === emailOf(account),
    );
});
