import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { GOOD, newEmail, peopleOf, tokenIn } from './browser.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ trustProxy: 1 });
});
afterAll(() => api.stop());

const { browser, invite, signedIn } = peopleOf(() => api);

describe('a link', () => {
  it('lets a person choose a password and signs in; it is spent by that, not by being opened', async () => {
    const member = await invite('operator');
    expect(member.link).toMatch(/^https:\/\/calls\.test\/#\/welcome\/[\w-]{43}$/);
    const client = browser();
    const spent = await client.ask('spendLink', { json: { token: tokenIn(member.link), password: GOOD } });
    expect(spent.body).toMatchObject({ member: { id: member.id, email: member.email, role: 'operator' } });
    expect((await client.ask('getSession')).body).toEqual(spent.body);
    const again = await browser().ask('spendLink', { json: { token: tokenIn(member.link), password: `${GOOD}!` } });
    expect([again.status, again.problem.code]).toEqual([409, 'link_of_no_use']);
    expect((await browser().signIn(member.email, `${GOOD}!`)).status).toBe(401);
  });

  it('is of no use after a day, or once another one of the member was spent', async () => {
    const member = await invite();
    const { body } = await send(api, 'createMemberLink', { params: { memberId: member.id } });
    await browser().ask('spendLink', { json: { token: tokenIn(body.link), password: GOOD } });
    const other = await browser().ask('spendLink', { json: { token: tokenIn(member.link), password: GOOD } });
    expect(other.status).toBe(409);
    const late = await invite();
    await api.db.pool.query(`UPDATE sign_in_links SET expires_at = dialwright_now() WHERE spent_at IS NULL`);
    expect((await browser().ask('spendLink', { json: { token: tokenIn(late.link), password: GOOD } })).status).toBe(
      409,
    );
  });

  it('of two who spend it at the same moment one does', async () => {
    const member = await invite();
    const json = { token: tokenIn(member.link), password: GOOD };
    const answers = await Promise.all([browser(), browser(), browser()].map((one) => one.ask('spendLink', { json })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('is kept as a hash', async () => {
    const member = await invite();
    const { rows } = await api.db.pool.query('SELECT l::text AS text FROM sign_in_links l');
    expect(rows.filter(({ text }) => text.includes(tokenIn(member.link)))).toEqual([]);
  });
});

describe('a password that was forgotten', () => {
  it('is chosen anew by a link, which ends the sessions of before', async () => {
    const { id, email, client } = await signedIn();
    const { body } = await send(api, 'createMemberLink', { params: { memberId: id } });
    const json = { token: tokenIn(body.link), password: 'quite another sentence' };
    expect((await browser().ask('spendLink', { json })).status).toBe(200);
    expect((await client.ask('getSession')).status).toBe(401);
    expect((await browser().signIn(email)).status).toBe(401);
    expect((await browser().signIn(email, 'quite another sentence')).status).toBe(200);
    const again = await browser().ask('spendLink', { json: { ...json, password: 'a third sentence of mine' } });
    expect(again.status).toBe(409);
  });
});

describe('a password', () => {
  it.each(['short', 'password123', 'aaaaaaaaaaaaaa', '1234567890', 'qwertyuiop'])('is not %s', async (password) => {
    const member = await invite();
    const { status, problem } = await browser().ask('spendLink', { json: { token: tokenIn(member.link), password } });
    expect([status, problem.errors[0]?.field]).toEqual([422, 'password']);
    // The link is still good.
    expect((await browser().ask('spendLink', { json: { token: tokenIn(member.link), password: GOOD } })).status).toBe(
      200,
    );
  });

  it('that is wrong gets the same answer as an address that nobody has, or somebody without a password', async () => {
    const { email } = await signedIn();
    const invited = await invite();
    const answers = [
      await browser().signIn(email, 'another sentence'),
      await browser().signIn(newEmail(), GOOD),
      await browser().signIn(invited.email, GOOD),
    ];
    for (const { status, problem } of answers) {
      expect([status, problem.code]).toEqual([401, 'sign_in_refused']);
      expect(problem.detail).toBe(answers[0]!.problem.detail);
    }
  });

  it('is slowed after ten wrong ones, and locks nobody out who asks from elsewhere', async () => {
    const { email } = await signedIn();
    const attacker = browser();
    const statuses: number[] = [];
    for (let time = 0; time < 20; time++) statuses.push((await attacker.signIn(email, 'a wrong sentence')).status);
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(10).fill(429)]);
    expect((await attacker.signIn(email)).status).toBe(429);
    expect((await browser().signIn(email)).status).toBe(200);
  });

  it('is changed with the old one: other sessions end, this one goes on', async () => {
    const { email, client } = await signedIn();
    const elsewhere = browser();
    await elsewhere.signIn(email);
    const change = (oldPassword: string, newPassword: string) =>
      client.ask('changePassword', { json: { oldPassword, newPassword } });
    expect((await change('not the old one', 'another good sentence')).status).toBe(401);
    expect((await change(GOOD, email)).status).toBe(422);
    expect((await change(GOOD, 'another good sentence')).status).toBe(204);
    expect((await client.ask('getSession')).status).toBe(200);
    expect((await elsewhere.ask('getSession')).status).toBe(401);
    // The other one is gone, not only refused: nobody is shown a session that is over.
    expect((await client.ask('listSessions')).body.data).toMatchObject([{ isThis: true }]);
    expect((await browser().signIn(email)).status).toBe(401);
    expect((await browser().signIn(email, 'another good sentence')).status).toBe(200);
  });
});

describe('a session', () => {
  it('has the role that the member has now, and ends when the member is removed', async () => {
    await signedIn(); // an admin who stays
    const { id, client } = await signedIn('admin');
    expect((await client.ask('listAudit')).status).toBe(200);
    await send(api, 'updateMember', { params: { memberId: id }, json: { role: 'viewer' } });
    expect((await client.ask('listAudit')).status).toBe(403);
    expect((await client.ask('listBatches')).status).toBe(200);
    await send(api, 'removeMember', { params: { memberId: id } });
    expect((await client.ask('listBatches')).status).toBe(401);
  });

  it('is nothing without its member, also where it is there still', async () => {
    const { email, client } = await signedIn('viewer');
    await api.db.pool.query('DELETE FROM members WHERE person_id = (SELECT id FROM people WHERE email = $1)', [email]);
    expect((await client.ask('listBatches')).status).toBe(401);
  });

  it('ends when its member is removed, for good; one in another workspace goes on', async () => {
    const { id, email, client } = await signedIn('viewer');
    const other = { ...api, keys: api.other.keys };
    const json = { email, name: 'X', role: 'viewer' };
    const there = (await send(other, 'inviteMember', { json })).body;
    const elsewhere = browser();
    await elsewhere.ask('spendLink', { json: { token: tokenIn(there.link), password: GOOD } });
    await send(api, 'removeMember', { params: { memberId: id } });
    expect((await client.ask('getSession')).status).toBe(401);
    expect((await elsewhere.ask('getSession')).body.workspaces).toHaveLength(1);
    const again = await invite('viewer', email);
    await browser().ask('spendLink', { json: { token: tokenIn(again.link), password: GOOD } });
    expect((await client.ask('getSession')).status).toBe(401);
  });

  it('is under a new id after each sign-in, kept as a hash, and over when one signs out', async () => {
    const { email, client } = await signedIn();
    const before = client.cookie();
    await client.signIn(email);
    expect(client.cookie()).not.toBe(before);
    const stale = browser();
    expect((await stale.ask('getSession', { headers: { cookie: before } })).status).toBe(401);
    const id = decodeURIComponent(client.cookie()).split('=s:')[1]!.split('.')[0]!;
    const { rows } = await api.db.pool.query('SELECT s::text AS text FROM sessions s');
    expect(rows.filter(({ text }) => text.includes(id))).toEqual([]);
    expect((await client.ask('signOut')).status).toBe(204);
    expect((await client.ask('getSession')).status).toBe(401);
  });

  it('is carried by a cookie that scripts cannot read and other sites do not send; for TLS alone where the public address is', async () => {
    const { email, client } = await signedIn();
    const secure = /; HttpOnly; Secure; SameSite=Lax$/;
    expect((await browser().signIn(email)).headers.getSetCookie()[0]).toMatch(secure);
    // So is the one of a renewal.
    const { headers } = await client.ask('confirmSession', { json: { password: GOOD } });
    expect(headers.getSetCookie()[0]).toMatch(secure);
  });

  it('is carried by one that goes without TLS where no TLS is known of; not behind a proxy that says so', async () => {
    const plain = await startTestApi({ trustProxy: 1, publicUrl: null });
    const invited = await send(plain, 'inviteMember', { json: { email: newEmail(), name: 'Ada', role: 'admin' } });
    const json = { token: tokenIn(invited.body.link), password: GOOD };
    const given = async (operation: string, sent: unknown, more: Record<string, string>) => {
      const headers = { origin: plain.url, 'sec-fetch-site': 'same-origin', ...more };
      return (await send(plain, operation, { json: sent, headers, key: null })).headers.getSetCookie()[0];
    };
    expect(await given('spendLink', json, {})).toMatch(/; HttpOnly; SameSite=Lax$/);
    const again = { email: invited.body.email, password: GOOD };
    expect(await given('signIn', again, { 'x-forwarded-proto': 'https' })).toContain('; Secure');
    await plain.stop();
  });

  it('is over after a week, and when it was not used for half a day', async () => {
    const { email, client } = await signedIn();
    await api.db.pool.query(
      `UPDATE sessions SET sess = jsonb_set(sess, '{signedInAt}', to_jsonb('2026-01-01T00:00:00Z'::text)) WHERE sess ->> 'personId' = (SELECT id::text FROM people WHERE email = $1)`,
      [email],
    );
    expect((await client.ask('getSession')).status).toBe(401);
    await client.signIn(email);
    expect((await client.ask('getSession')).status).toBe(200);
    const { body } = await client.ask('listSessions');
    const leftMs = Date.parse(body.data[0].expiresAt) - Date.now();
    expect(Math.round(leftMs / 3_600_000)).toBe(12);
    await api.db.pool.query(`UPDATE sessions SET expire = now() - interval '1 s'`);
    expect((await client.ask('getSession')).status).toBe(401);
  });

  it('is not believed without the signature of this installation, to read or to change something', async () => {
    const { client } = await signedIn();
    const [name, signed = ''] = decodeURIComponent(client.cookie()).split('=');
    const id = signed.slice('s:'.length).split('.')[0]!;
    for (const value of [`s:${id}.${'x'.repeat(43)}`, `s:${id}`, `s:${id}.`, id, 's:', '%'])
      for (const operation of ['listBatches', 'getSession', 'signOut']) {
        const cookie = `${name}=${value === '%' ? value : encodeURIComponent(value)}`;
        const headers = { origin: api.url, 'sec-fetch-site': 'same-origin', cookie };
        expect([value, (await send(api, operation, { headers, key: null })).status]).toEqual([value, 401]);
      }
    expect((await client.ask('getSession')).status).toBe(200);
  });

  it('lives on when it is used', async () => {
    const { email } = await signedIn();
    const client = browser();
    await client.signIn(email);
    await api.db.pool.query(`UPDATE sessions SET expire = now() + interval '1 hour'`);
    await client.ask('getSession');
    await eventually(async () => {
      const { body } = await client.ask('listSessions');
      const hours = body.data.map(({ expiresAt }: { expiresAt: string }) =>
        Math.round((Date.parse(expiresAt) - Date.now()) / 3_600_000),
      );
      expect(hours).toEqual([12, 1]);
    });
  });

  it('may be ended from another one of the same person, and of nobody else', async () => {
    const { email, client } = await signedIn();
    const other = browser();
    await other.signIn(email);
    const { body } = await client.ask('listSessions');
    expect(body.data.map(({ isThis }: { isThis: boolean }) => isThis).sort()).toEqual([false, true]);
    const { id } = body.data.find(({ isThis }: { isThis: boolean }) => !isThis);
    const stranger = await signedIn();
    expect((await stranger.client.ask('endSession', { params: { sessionId: id } })).status).toBe(404);
    expect((await client.ask('endSession', { params: { sessionId: id } })).status).toBe(204);
    expect((await other.ask('getSession')).status).toBe(401);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['another subdomain', { 'sec-fetch-site': 'same-site' }],
    ['nowhere', { origin: '', 'sec-fetch-site': '' }],
  ])('takes no change from %s, nor a sign-in', async (_where, headers) => {
    const { email, client } = await signedIn();
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value));
    const bare = { cookie: client.cookie(), 'x-forwarded-for': '203.0.113.99', ...given };
    const changed = await send(api, 'updateWorkspace', { json: { name: 'Mine' }, headers: bare, key: null });
    expect([changed.status, changed.problem.code]).toEqual([403, 'cross_site']);
    const entered = await send(api, 'signIn', { json: { email, password: GOOD }, headers: bare, key: null });
    expect(entered.status).toBe(403);
  });

  it.each([
    ['/v1/session', { authorization: 'Basic c29tZTpib2R5' }],
    ['/v1/session', { authorization: 'Bearer dw_of_somebody' }],
    ['/v1/session/', {}],
    ['/V1/Session', {}],
  ])('is begun at %s with the headers %j', async (path, more) => {
    const { email } = await signedIn();
    const post = (to: string, json: unknown) =>
      fetch(`${api.url}${to}`, {
        method: 'POST',
        headers: { origin: api.url, 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.200', ...more },
        body: JSON.stringify(json),
      });
    const { status, headers } = await post(path, { email, password: GOOD });
    expect([status, headers.getSetCookie()]).toEqual([200, [expect.stringContaining('dialwright_session=')]]);
    const { link } = await invite();
    const spend = path.replace(/session/i, 'links/spend');
    expect((await post(spend, { token: tokenIn(link), password: GOOD })).status).toBe(200);
  });

  it('goes on behind a proxy that asks for a password of its own', async () => {
    const { client } = await signedIn();
    const headers = { authorization: 'Basic c29tZTpib2R5' };
    expect((await client.ask('getSession', { headers })).status).toBe(200);
  });

  it('is not asked for where a key is sent', async () => {
    const { client } = await signedIn('admin');
    const headers = { cookie: client.cookie() };
    expect(
      (await send(api, 'updateWorkspace', { json: { name: 'Keyed' }, headers, key: api.keys.viewer })).status,
    ).toBe(403);
    expect((await send(api, 'updateWorkspace', { json: { name: 'Keyed' }, headers })).status).toBe(200);
  });
});

describe('a refused sign-in is recorded', () => {
  const refusals = async (memberId: string, from: TestApi = api) =>
    (await send(from, 'listAudit', { query: { targetId: memberId, action: 'sign in refused' } })).body.data as {
      actorFrom: string;
      detail: { how: string };
    }[];
  const shown = (entries: Awaited<ReturnType<typeof refusals>>) =>
    entries.map(({ actorFrom, detail }) => `${detail.how} from ${actorFrom}`).sort();

  it('once for each address, and once more when the limit is reached, wherever the person is let in', async () => {
    const { id, email } = await signedIn();
    const other = { ...api, keys: api.other.keys };
    const json = { email, name: 'X', role: 'viewer' };
    const there = (await send(other, 'inviteMember', { json })).body;
    const attacker = browser('198.51.100.7');
    for (let time = 0; time < 13; time++) await attacker.signIn(email, 'a wrong sentence');
    await browser('198.51.100.8').signIn(email, 'a wrong sentence');
    // One network of IPv6 is one address.
    for (const last of ['1', '2', '3']) await browser(`2001:db8::${last}`).signIn(email, 'a wrong sentence');
    await eventually(async () =>
      expect(shown(await refusals(id))).toEqual([
        'sign-in from 198.51.100.7',
        'sign-in from 198.51.100.8',
        'sign-in from 2001:db8::1',
        'too many tries from 198.51.100.7',
      ]),
    );
    expect((await refusals(id))[0]).toMatchObject({ actor: 'unknown', actorName: null, applied: false });
    expect(await refusals(there.id, other)).toEqual([]);
  });

  it('twenty times in a window, however many addresses there are', async () => {
    const { id, email } = await signedIn();
    for (let last = 1; last <= 22; last++) await browser(`192.0.2.${last}`).signIn(email, 'a wrong sentence');
    await eventually(async () => expect(await refusals(id)).toHaveLength(20));
  });

  it('where a link is given a wrong password, and where the old one is wrong', async () => {
    const { id, email, client } = await signedIn();
    const other = { ...api, keys: api.other.keys };
    const there = (await send(other, 'inviteMember', { json: { email, name: 'X', role: 'viewer' } })).body;
    const json = { token: tokenIn(there.link), password: 'a wrong sentence' };
    await browser('198.51.100.9').ask('spendLink', { json });
    await client.ask('changePassword', { json: { oldPassword: 'a wrong one', newPassword: 'quite another sentence' } });
    await eventually(async () =>
      expect(shown(await refusals(id))).toEqual([
        'link from 198.51.100.9',
        expect.stringMatching(/^password of a session from 203/),
      ]),
    );
  });
});

describe('members', () => {
  it('the last admin who has accepted stays, also when two go at the same moment', async () => {
    const other = { ...api, keys: api.other.keys };
    const ids: string[] = [];
    for (const email of [newEmail(), newEmail(), newEmail()]) {
      const { body } = await send(other, 'inviteMember', { json: { email, name: 'Ada', role: 'admin' } });
      ids.push(body.id);
      const json = { token: tokenIn(body.link), password: GOOD };
      // The third one never does.
      if (ids.length < 3) expect((await browser().ask('spendLink', { json })).status).toBe(200);
    }
    const gone = ids.slice(0, 2).map((memberId) => send(other, 'removeMember', { params: { memberId } }));
    expect((await Promise.all(gone)).map(({ status }) => status).sort()).toEqual([204, 409]);
    const { body } = await send(other, 'listMembers');
    const last = (body.data as { id: string; role: string; acceptedAt: string | null }[]).find(
      ({ role, acceptedAt }) => role === 'admin' && acceptedAt !== null,
    )!;
    const demoted = await send(other, 'updateMember', { params: { memberId: last.id }, json: { role: 'viewer' } });
    expect([demoted.status, demoted.problem.code]).toEqual([409, 'last_admin_member']);
    expect((await send(other, 'removeMember', { params: { memberId: ids[2]! } })).status).toBe(204);
  });

  describe('one person in several workspaces', () => {
    const other = () => ({ ...api, keys: api.other.keys });
    const inviteElsewhere = async (email: string) =>
      (await send(other(), 'inviteMember', { json: { email: email.toUpperCase(), name: 'X', role: 'admin' } })).body;

    it('gives the one password with each invitation, switches, and has the role of each', async () => {
      const { email, client } = await signedIn('viewer');
      const invitation = await inviteElsewhere(email);
      expect(invitation).toMatchObject({ email, role: 'admin', acceptedAt: null });
      expect((await client.ask('getSession')).body.workspaces).toHaveLength(1);
      const spend = (password: string) =>
        client.ask('spendLink', { json: { token: tokenIn(invitation.link), password } });
      expect((await spend('not the password')).status).toBe(401);
      expect((await spend(GOOD)).body.workspaces).toHaveLength(2);
      expect((await client.ask('listAudit')).status).toBe(200);
      const here = (await send(api, 'getWorkspace')).body.id;
      expect((await client.ask('switchWorkspace', { json: { workspaceId: here } })).body.member.role).toBe('viewer');
      expect((await client.ask('listAudit')).status).toBe(403);
      const stranger = await signedIn('viewer');
      const there = (await send(other(), 'getWorkspace')).body.id;
      expect((await stranger.client.ask('switchWorkspace', { json: { workspaceId: there } })).status).toBe(404);
    });

    it('has a name in each, which no other workspace sees or gives, in lists and in the audit', async () => {
      const { id, email, client } = await signedIn('viewer');
      const invitation = await inviteElsewhere(email);
      expect(invitation.name).toBe('X');
      await client.ask('spendLink', { json: { token: tokenIn(invitation.link), password: GOOD } });
      expect((await client.ask('getSession')).body.member.name).toBe('X');
      const signedInTo = await browser().signIn(email);
      expect(signedInTo.body.member.name).toBe('X');
      const change = { oldPassword: GOOD, newPassword: 'another good sentence' };
      expect((await client.ask('changePassword', { json: change })).status).toBe(204);
      const here = (await send(api, 'getWorkspace')).body.id;
      const { body } = await client.ask('switchWorkspace', { json: { workspaceId: here } });
      expect(body.member.name).toBe('Ada Lovelace');
      for (const [where, memberId, name] of [
        [api, id, 'Ada Lovelace'],
        [other(), invitation.id, 'X'],
      ] as const) {
        expect((await send(where, 'getMember', { params: { memberId } })).body.name).toBe(name);
        const { data } = (await send(where, 'listAudit', { query: { actor: memberId } })).body;
        expect(data.length).toBeGreaterThan(0);
        expect(data.map(({ actorName }: { actorName: string }) => actorName)).toEqual(data.map(() => name));
      }
    });

    it('what they do in each is recorded with the name there', async () => {
      const { email, client } = await signedIn('viewer');
      const { id, link } = await inviteElsewhere(email);
      await client.ask('spendLink', { json: { token: tokenIn(link), password: GOOD } });
      await client.ask('updateWorkspace', { json: { name: 'Renamed there' } });
      const { body } = await send(other(), 'listAudit', { query: { actor: id, action: 'change workspace' } });
      expect(body.data).toMatchObject([{ actorName: 'X' }]);
    });

    it('is not taken over by an admin of one of them', async () => {
      const { id, email, client } = await signedIn('viewer');
      const { link } = await inviteElsewhere(email);
      await client.ask('spendLink', { json: { token: tokenIn(link), password: GOOD } });
      const { status, problem } = await send(api, 'createMemberLink', { params: { memberId: id } });
      expect([status, problem.code]).toEqual([409, 'member_elsewhere']);
    });

    it('is not told of by an invitation, to who chooses a password that nobody may have', async () => {
      const { email } = await signedIn('viewer');
      const answers: unknown[] = [];
      for (const invited of [email, newEmail()]) {
        const { link } = await inviteElsewhere(invited);
        const { status, problem } = await browser().ask('spendLink', {
          json: { token: tokenIn(link), password: 'password123' },
        });
        answers.push([status, problem.code, problem.errors]);
      }
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]).toMatchObject([422, 'validation_failed', [{ field: 'password' }]]);
    });

    it('nor by whoever has made the account first: the invitation itself is wanted', async () => {
      const squatter = await invite('viewer');
      await browser().ask('spendLink', { json: { token: tokenIn(squatter.link), password: GOOD } });
      await inviteElsewhere(squatter.email);
      const client = browser();
      const { body } = await client.signIn(squatter.email);
      expect(body.workspaces).toHaveLength(1);
      const there = (await send(other(), 'getWorkspace')).body.id;
      expect((await client.ask('switchWorkspace', { json: { workspaceId: there } })).status).toBe(404);
    });
  });

  it('what they do is recorded in their name', async () => {
    const { id, client } = await signedIn('admin');
    await client.ask('updateWorkspace', { json: { name: 'By a member' } });
    const { body } = await send(api, 'listAudit', { query: { actor: id } });
    expect(body.data.map(({ action }: { action: string }) => action)).toEqual([
      'change workspace',
      'sign in',
      'choose password',
      'spend link',
    ]);
    expect(body.data[0]).toMatchObject({
      actorName: 'Ada Lovelace',
      actorFrom: expect.stringMatching(/^203\.0\.113\./),
    });
  });
});
