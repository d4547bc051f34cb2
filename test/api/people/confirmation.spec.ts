import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { codeAt, secondFactorOf } from '../../support/second-factor.js';
import { forgetConfirmation, newMember } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { GOOD, peopleOf } from './browser.js';

const MINUTE_MS = 60_000;
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ trustProxy: 1 });
  await signedIn(); // an admin who stays
});
afterAll(() => api.stop());

const { browser, signedIn } = peopleOf(() => api);
type Person = Awaited<ReturnType<typeof signedIn>>;

const makeKey = ({ client }: Pick<Person, 'client'>, headers: Record<string, string> = {}) =>
  client.ask('createApiKey', { json: { name: 'Mine', role: 'admin' }, headers });
const confirm = ({ client }: Pick<Person, 'client'>, json: Record<string, string> = { password: GOOD }) =>
  client.ask('confirmSession', { json });
const confirmedUntil = async ({ client }: Pick<Person, 'client'>): Promise<string | null> =>
  (await client.ask('getSession')).body.confirmedUntil;

/** Somebody whose session is older than the bound: as a thief of the cookie finds it. */
async function signedInLongAgo(): Promise<Person> {
  const person = await signedIn();
  await forgetConfirmation(api, person.email);
  return person;
}

describe('a session', () => {
  it('says until when it is confirmed: fifteen minutes from a sign-in, or a link, on', async () => {
    const person = await signedIn();
    const byLink = Date.parse((await confirmedUntil(person))!) - Date.now();
    const { body } = await person.client.signIn(person.email);
    const bySignIn = Date.parse(body.confirmedUntil) - Date.now();
    for (const leftMs of [byLink, bySignIn]) {
      expect(leftMs).toBeLessThanOrEqual(15 * MINUTE_MS);
      expect(leftMs).toBeGreaterThan(14 * MINUTE_MS);
    }
    await forgetConfirmation(api, person.email);
    expect(await confirmedUntil(person)).toBeNull();
  });

  it('that never said so is not confirmed', async () => {
    const person = await signedIn();
    await api.db.pool.query(`UPDATE sessions SET sess = sess - 'confirmedAt'`);
    expect((await makeKey(person)).problem.code).toBe('confirmation_required');
  });

  it('makes a key again once the password was shown; the request is repeated with its Idempotency-Key', async () => {
    const person = await signedInLongAgo();
    const headers = { 'idempotency-key': randomUUID() };
    expect((await makeKey(person, headers)).problem.code).toBe('confirmation_required');
    const { status, body } = await confirm(person);
    expect([status, body.confirmedUntil]).toEqual([200, await confirmedUntil(person)]);
    expect((await makeKey(person, headers)).status).toBe(201);
  });

  it('does what gives nobody more without it', async () => {
    const person = await signedInLongAgo();
    const params = { memberId: await newMember(api) };
    const change = (role: string) => person.client.ask('updateMember', { params, json: { role } });
    expect((await change('viewer')).status).toBe(200);
    expect((await change('viewer')).status).toBe(200);
    expect((await change('operator')).problem.code).toBe('confirmation_required');
    expect((await person.client.ask('removeMember', { params })).status).toBe(204);
    expect((await person.client.ask('updateWorkspace', { json: { name: 'Test' } })).status).toBe(200);
    expect((await person.client.ask('listApiKeys')).status).toBe(200);
  });
});

describe('a confirmation', () => {
  it('is refused with a wrong password; guesses are slowed as those of a sign-in are, and recorded', async () => {
    const person = await signedInLongAgo();
    const statuses: number[] = [];
    for (let time = 0; time < 12; time++)
      statuses.push((await confirm(person, { password: 'a wrong sentence' })).status);
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    expect((await confirm(person)).status).toBe(429);
    expect((await makeKey(person)).status).toBe(403);
    await eventually(async () => {
      const query = { targetId: person.id, action: 'sign in refused' };
      const { body } = await send(api, 'listAudit', { query });
      const shown = (body.data as { detail: { how: string } }[]).map(({ detail }) => detail.how);
      expect(shown.sort()).toEqual(['password of a session', 'too many tries']);
    });
  });

  it('takes back what was tried before it', async () => {
    const person = await signedInLongAgo();
    for (let time = 0; time < 9; time++) await confirm(person, { password: 'a wrong sentence' });
    expect((await confirm(person)).status).toBe(200);
    expect((await confirm(person, { password: 'a wrong sentence' })).status).toBe(401);
  });

  it('wants a code too where a second factor is on', async () => {
    const person = await signedIn();
    const { rows } = await api.db.pool.query('SELECT id FROM people WHERE email = $1', [person.email]);
    const { secret, recoveryCodes } = await secondFactorOf(api.db, rows[0].id);
    await person.client.signIn(person.email, GOOD, recoveryCodes[0]);
    await forgetConfirmation(api, person.email);
    expect((await confirm(person)).problem.code).toBe('second_factor_wanted');
    const wrong = await confirm(person, { password: GOOD, code: 'no recovery code' });
    expect(wrong.problem.code).toBe('second_factor_refused');
    expect((await makeKey(person)).status).toBe(403);
    expect((await confirm(person, { password: GOOD, code: codeAt(secret, Date.now()) })).status).toBe(200);
    expect((await makeKey(person)).status).toBe(201);
  });

  it('is made at the identity provider by who has no password here', async () => {
    const person = await signedInLongAgo();
    await api.db.pool.query('UPDATE people SET password_hash = NULL WHERE email = $1', [person.email]);
    const { status, problem } = await confirm(person);
    expect([status, problem.code]).toEqual([409, 'no_password']);
    expect(problem.detail).toContain('identity provider');
    expect((await makeKey(person)).problem.detail).toContain('GET /v1/session/oidc');
  });

  it('lets the session go on under a new id; the one before is over', async () => {
    const person = await signedInLongAgo();
    const before = person.client.cookie();
    await confirm(person);
    expect(person.client.cookie()).not.toBe(before);
    const thief = browser();
    expect((await thief.ask('getSession', { headers: { cookie: before } })).status).toBe(401);
    const { body } = await person.client.ask('listSessions');
    expect(body.data).toMatchObject([{ isThis: true }]);
  });

  it('of two at the same moment one counts', async () => {
    const person = await signedInLongAgo();
    const headers = { cookie: person.client.cookie() };
    const both = await Promise.all(
      [browser(), browser()].map((one) => one.ask('confirmSession', { json: { password: GOOD }, headers })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });
});
