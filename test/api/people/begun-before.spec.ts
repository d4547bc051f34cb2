import { once } from 'node:events';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import type { Queryable } from '../../../store/database.js';
import { choosePassword, findPerson } from '../../../store/people/members.js';
import { readSecondFactor, turnOnSecondFactor } from '../../../store/people/second-factor/second-factors.js';
import { eventually } from '../../support/eventually.js';
import { begunSecondFactor } from '../../support/second-factor.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';
import { GOOD, peopleOf, tokenIn } from './browser.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ trustProxy: 1 });
  await signedIn(); // an admin who stays
});
afterAll(() => api.stop());

const { browser, signedIn } = peopleOf(() => api);

describe('what was begun before', () => {
  const TEXT = JSON.stringify({ name: 'Mine', role: 'admin' });

  /** A request whose body comes once something else has happened. @returns its status */
  async function heldBack(path: string, method: string, { headers, body, meanwhile }: HeldBack): Promise<number> {
    const own = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const req = http.request(`${api.url}${path}`, { method, headers: { ...own, ...headers } });
    const answered = once(req, 'response') as Promise<[http.IncomingMessage]>;
    req.write(body.slice(0, 1));
    await eventually(async () => expect(await isInAfter(250)).toBe(true));
    expect((await meanwhile()).status).toBeLessThan(300);
    req.end(body.slice(1));
    const [{ statusCode = 0 }] = await answered;
    return statusCode;
  }
  type HeldBack = { headers: http.OutgoingHttpHeaders; body: string; meanwhile: () => Promise<Received> };
  let beganMs: number | null = null;
  /** Requests are looked at again when they have been under way for a while. */
  const isInAfter = async (ms: number): Promise<boolean> => {
    beganMs ??= performance.now();
    const isOver = performance.now() - beganMs > ms;
    if (isOver) beganMs = null;
    return isOver;
  };
  const fromPage = (cookie: string) => ({ origin: api.url, 'sec-fetch-site': 'same-origin', cookie });

  it('by a member who is removed, or has a lower role now, is not done', async () => {
    for (const meanwhile of ['removeMember', 'updateMember']) {
      const { id, client } = await signedIn();
      const change = { params: { memberId: id }, ...(meanwhile === 'updateMember' && { json: { role: 'viewer' } }) };
      const status = await heldBack('/v1/api-keys', 'POST', {
        headers: fromPage(client.cookie()),
        body: TEXT,
        meanwhile: () => send(api, meanwhile, change),
      });
      expect(status).toBe(meanwhile === 'removeMember' ? 401 : 403);
    }
  });

  it('by a key that is revoked is not done', async () => {
    const { body: key } = await send(api, 'createApiKey', { json: { name: 'Leaked', role: 'admin' } });
    const status = await heldBack('/v1/api-keys', 'POST', {
      headers: { authorization: `Bearer ${key.key}` },
      body: TEXT,
      meanwhile: () => send(api, 'revokeApiKey', { params: { apiKeyId: key.id } }),
    });
    expect(status).toBe(401);
  });

  it('a download by a key that is revoked is cut off', async () => {
    const { body: key } = await send(api, 'createApiKey', { json: { name: 'Leaked', role: 'admin' } });
    const blocker = await api.db.pool.connect();
    try {
      await blocker.query('BEGIN');
      await blocker.query('LOCK audit_events IN ACCESS EXCLUSIVE MODE');
      const headers = { authorization: `Bearer ${key.key}`, accept: 'text/csv' };
      const downloading = fetch(`${api.url}/v1/audit.csv`, { headers });
      await eventually(async () => expect(await isInAfter(1_100)).toBe(true));
      await api.db.pool.query('UPDATE api_keys SET revoked_at = now() WHERE id = $1', [
        parsePublicId('apiKey', key.id),
      ]);
      await blocker.query('COMMIT');
      await expect(downloading.then((res) => res.text())).rejects.toThrow();
    } finally {
      blocker.release();
    }
  });

  it('by a session that is ended is not done, and does not begin it again', async () => {
    for (const [path, method] of [
      ['/v1/session', 'PATCH'],
      ['/v1/api-keys', 'POST'],
    ] as const) {
      const { client } = await signedIn();
      const { workspace } = (await client.ask('getSession')).body;
      const status = await heldBack(path, method, {
        headers: fromPage(client.cookie()),
        body: method === 'POST' ? TEXT : JSON.stringify({ workspaceId: workspace.id }),
        meanwhile: () => send(api, 'signOut', { headers: fromPage(client.cookie()), key: null }),
      });
      expect(status).toBe(401);
      expect((await client.ask('getSession')).status).toBe(401);
    }
  });

  it('by the old password lets nobody in once there is another one', async () => {
    const { email, client } = await signedIn();
    // The sign-in has looked at the password, and waits to see whether there is a second factor.
    const held = await api.db.pool.connect();
    await held.query('BEGIN; LOCK TABLE second_factors IN ACCESS EXCLUSIVE MODE');
    const other = browser();
    const signing = other.signIn(email);
    await eventually(async () => {
      const { rows } = await held.query(
        `SELECT FROM pg_locks WHERE relation = 'second_factors'::regclass AND NOT granted`,
      );
      expect(rows.length).toBeGreaterThan(0);
    });
    await held.query('SELECT choose_password(id, sign_in_epoch, $2, NULL, NULL) FROM people WHERE email = $1', [
      email,
      'another one',
    ]);
    await held.query('COMMIT');
    held.release();
    expect((await signing).problem.code).toBe('sign_in_refused');
    expect((await other.ask('getSession')).status).toBe(401);
    expect((await client.ask('getSession')).status).toBe(401);
  });

  const json = { oldPassword: GOOD, newPassword: 'another good sentence' };
  /** A second factor of the person, which `turnOn` turns on as part of a transaction. */
  async function secondFactorToBe(email: string): Promise<{ turnOn: (tx: Queryable) => Promise<void> }> {
    const { rows } = await api.db.pool.query('SELECT id FROM people WHERE email = $1', [email]);
    await begunSecondFactor(api.db, rows[0].id);
    const factor = (await readSecondFactor(api.db.pool, rows[0].id))!;
    const shown = { step: 0, recoveryCodeHashes: [], keptSid: null, from: null };
    return { turnOn: async (tx) => expect(await turnOnSecondFactor(tx, factor, shown)).toBe(true) };
  }
  /** Until a statement that begins so waits for a lock. */
  const untilWaits = (statement: string) =>
    eventually(async () => {
      const { rows } = await api.db.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
           AND query LIKE $1`,
        [`${statement}%`],
      );
      expect(rows).not.toEqual([]);
    });

  it('by a session that a second factor ends changes no password', async () => {
    const { email, client } = await signedIn();
    const { turnOn } = await secondFactorToBe(email);
    const held = await api.db.pool.connect();
    try {
      await held.query('BEGIN');
      await held.query('SELECT FROM people WHERE email = $1 FOR UPDATE', [email]);
      const changing = client.ask('changePassword', { json });
      // The old password was right.
      await untilWaits('SELECT choose_password');
      await turnOn(held);
      await held.query('COMMIT');
      expect((await changing).status).toBe(401);
    } finally {
      await held.query('ROLLBACK');
      held.release();
    }
    // The old one is the password still: a code is wanted only after that.
    expect((await browser().signIn(email)).problem.code).toBe('second_factor_wanted');
  });

  it('by the password of before chooses no other one', async () => {
    const { email } = await signedIn();
    const person = (await findPerson(api.db.pool, { email }))!;
    const chosen = { epoch: person.epoch, passwordHash: 'another one', keptSid: null, from: null };
    const choose = () => choosePassword(api.db.pool, person.id, chosen);
    expect([await choose(), await choose()]).toEqual([true, false]);
    expect(await findPerson(api.db.pool, { email })).toMatchObject({ epoch: person.epoch + 1 });
  });

  it('by a session that a second factor has ended changes no password', async () => {
    const { email, client } = await signedIn();
    const { turnOn } = await secondFactorToBe(email);
    const [first, second] = [await api.db.pool.connect(), await api.db.pool.connect()];
    const lock = 'BEGIN; LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE';
    try {
      await first.query(lock);
      const changing = client.ask('changePassword', { json });
      await untilWaits('SELECT s.sess');
      // In turn: the request reads its session, the second lock is there, the request looks whether the session is on still.
      const locking = second.query(lock);
      await untilWaits(lock);
      await first.query('COMMIT');
      await locking;
      await untilWaits('SELECT FROM sessions');
      await turnOn(second);
      await second.query('COMMIT');
      expect((await changing).status).toBe(401);
    } finally {
      for (const each of [first, second]) {
        await each.query('ROLLBACK');
        each.release();
      }
    }
    expect((await client.ask('getSession')).status).toBe(401);
    expect((await browser().signIn(email)).problem.code).toBe('second_factor_wanted');
  });

  it('a link of an admin opens no workspace that its person joined later', async () => {
    const { id, email } = await signedIn();
    const { body } = await send(api, 'createMemberLink', { params: { memberId: id } });
    const other = { ...api, keys: api.other.keys };
    const there = (await send(other, 'inviteMember', { json: { email, name: 'Ada', role: 'admin' } })).body;
    const accepted = await browser().ask('spendLink', { json: { token: tokenIn(there.link), password: GOOD } });
    expect(accepted.status).toBe(200);
    const json = { token: tokenIn(body.link), password: 'a sentence of the admin' };
    expect((await browser().ask('spendLink', { json })).problem.code).toBe('link_of_no_use');
    expect((await browser().signIn(email)).status).toBe(200);
  });
});
