import { beforeAll, describe, expect, it } from '@jest/globals';
import { OWN_SESSION } from '../../../api/http/operation.js';
import { operations } from '../../../api/routes/all-operations.js';
import { newMember, newSession, REQUESTS } from '../support/requests.js';
import { send, startBrokenApi, type TestApi } from '../support/test-api.js';

export function peopleCases(getApi: () => TestApi): void {
  const own = () => ({ origin: getApi().url, 'sec-fetch-site': 'same-origin' });
  const ask = (id: string, json: unknown, headers: Record<string, string> = own()) =>
    send(getApi(), id, { json, headers, key: null });
  const NOBODY = { email: 'nobody@example.com', password: 'whatever it may be' };

  describe('signing in', () => {
    it('refuses a wrong password, and slows who tries many', async () => {
      const statuses: number[] = [];
      for (let time = 0; time < 11; time++) statuses.push((await ask('signIn', NOBODY)).status);
      expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
    });

    it('by an invitation wants the password that there is', async () => {
      const { email } = await newSession(getApi());
      await getApi().db.pool.query('DELETE FROM members WHERE person_id = (SELECT id FROM people WHERE email = $1)', [
        email,
      ]);
      const { body } = await send(getApi(), 'inviteMember', { json: { email, name: 'Ada', role: 'viewer' } });
      const json = { token: body.link.split('/').at(-1), password: 'not the password' };
      expect((await ask('spendLink', json)).status).toBe(401);
    });

    it('by a link that one has asked for is for installations that send mails; who asks much is slowed', async () => {
      const { email } = NOBODY;
      const withoutMailer = await startBrokenApi(getApi().db.url);
      const { problem } = await send(withoutMailer, 'askPasswordLink', {
        json: { email },
        headers: { ...own(), origin: withoutMailer.url },
        key: null,
      });
      await withoutMailer.stop();
      expect(problem.code).toBe('no_mail');
      const statuses: number[] = [];
      for (let time = 0; time < 11; time++) statuses.push((await ask('askPasswordLink', { email })).status);
      expect(statuses.at(-1)).toBe(429);
    });

    it.each(['signIn', 'spendLink', 'askPasswordLink'])('%s is not taken from another site', async (id) => {
      const { email } = NOBODY;
      const json = { signIn: NOBODY, spendLink: { token: 'x', password: 'x' }, askPasswordLink: { email } }[id];
      expect((await ask(id, json, { origin: 'https://evil.example' })).problem.code).toBe('cross_site');
    });
  });

  describe('a session', () => {
    // Refused before anything of the request is looked at, so that any will do.
    let cookie: string;
    beforeAll(async () => {
      cookie = (await newSession(getApi())).headers['cookie']!;
    });
    it.each(operations.filter(({ role }) => role !== null).map(({ id }) => id))(
      '%s is not taken from another site',
      async (id) => {
        const headers = { cookie, origin: 'https://evil.example' };
        const { status, problem } = await send(getApi(), id, { headers, key: null });
        expect([status, problem.code]).toEqual([403, 'cross_site']);
      },
    );

    it.each(operations.filter(({ tag, role }) => tag === OWN_SESSION && role !== null).map(({ id }) => id))(
      '%s is nothing to a key',
      async (id) => {
        const { headers: _headers, key: _key, ...request } = await REQUESTS[id]!(getApi());
        expect((await send(getApi(), id, request)).problem.code).toBe('not_signed_in');
      },
    );

    it('is not switched to a workspace of others, nor is one ended that is not there', async () => {
      const { headers } = await newSession(getApi());
      const json = { workspaceId: `ws_${'0'.repeat(32)}` };
      expect((await send(getApi(), 'switchWorkspace', { headers, json, key: null })).status).toBe(404);
      const params = { sessionId: 'x'.repeat(43) };
      expect((await send(getApi(), 'endSession', { headers, params, key: null })).status).toBe(404);
    });
  });

  describe('members', () => {
    it('are invited once, and the last admin stays', async () => {
      const { email, headers } = await newSession(getApi());
      const json = { email, name: 'Ada', role: 'viewer' };
      const { status, problem } = await send(getApi(), 'inviteMember', { json });
      expect([status, problem.code]).toEqual([409, 'already_member']);
      const { member } = (await send(getApi(), 'getSession', { headers, key: null })).body;
      const { body } = await send(getApi(), 'listMembers', { query: { limit: '200' } });
      for (const { id } of body.data)
        if (id !== member.id) await send(getApi(), 'removeMember', { params: { memberId: id } });
      const params = { memberId: member.id };
      expect((await send(getApi(), 'removeMember', { params })).problem.code).toBe('last_admin_member');
      const less = await send(getApi(), 'updateMember', { params, json: { role: 'viewer' } });
      expect(less.problem.code).toBe('last_admin_member');
    });
  });

  describe('the second factor of a member', () => {
    it('is not taken away by an admin of one of several workspaces', async () => {
      const params = { memberId: await newMember(getApi()) };
      const { status, problem } = await send(getApi(), 'resetSecondFactor', { params });
      expect([status, problem.code]).toEqual([409, 'member_elsewhere']);
    });
  });

  // The last, since nobody spends a link from this address for a while then.
  describe('guessing links', () => {
    it('refuses a link of no use, and slows who guesses links', async () => {
      const statuses: number[] = [];
      const json = { token: 'nonsense', password: 'whatever it may be' };
      for (let time = 0; time < 11; time++) statuses.push((await ask('spendLink', json)).status);
      expect(statuses.at(0)).toBe(409);
      expect(statuses.at(-1)).toBe(429);
    });
  });
}
