import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { begunSecondFactor, codeAt, secondFactorOf } from '../../support/second-factor.js';
import { startTestApi, type TestApi } from '../support/test-api.js';
import { GOOD, peopleOf } from './browser.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ trustProxy: 1 });
});
afterAll(() => api.stop());

const { browser, signedIn } = peopleOf(() => api);
type Person = Awaited<ReturnType<typeof signedIn>>;

const personIdOf = async ({ email }: Person): Promise<string> =>
  (await api.db.pool.query('SELECT id FROM people WHERE email = $1', [email])).rows[0].id;
/** What the changes are about. */
const stateOf = async (person: Person): Promise<unknown> =>
  (
    await api.db.pool.query(
      `SELECT password_hash, sign_in_epoch,
         (SELECT confirmed_at FROM second_factors f WHERE f.person_id = p.id) AS is_on FROM people p WHERE id = $1`,
      [await personIdOf(person)],
    )
  ).rows;
const untilSomethingWaits = () =>
  eventually(async () => {
    const { rows } = await api.db.pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(rows).not.toEqual([]);
  });
const newPassword = 'another good sentence';

const changes: [string, (person: Person) => Promise<{ operation: string; json: unknown }>][] = [
  [
    'another password',
    () => Promise.resolve({ operation: 'changePassword', json: { oldPassword: GOOD, newPassword } }),
  ],
  [
    'a second factor that is turned on',
    async (person) => {
      const { secret } = await begunSecondFactor(api.db, await personIdOf(person));
      return { operation: 'confirmSecondFactor', json: { code: codeAt(secret, Date.now()) } };
    },
  ],
  [
    'a second factor that is turned off',
    async (person) => {
      const { recoveryCodes } = await secondFactorOf(api.db, await personIdOf(person));
      await person.client.signIn(person.email, GOOD, recoveryCodes[0]);
      return { operation: 'turnOffSecondFactor', json: { password: GOOD, code: recoveryCodes[1] } };
    },
  ],
  ['a confirmation', () => Promise.resolve({ operation: 'confirmSession', json: { password: GOOD } })],
];

it('the cookie comes with a new id alone: an answer that comes late does not bring the one of before', async () => {
  const { client } = await signedIn();
  expect((await client.ask('listBatches')).headers.getSetCookie()).toEqual([]);
  expect((await client.ask('confirmSession', { json: { password: 'a wrong one' } })).headers.getSetCookie()).toEqual(
    [],
  );
  expect((await client.ask('confirmSession', { json: { password: GOOD } })).headers.getSetCookie()).toHaveLength(1);
});

describe('a session goes on under a new id, and is over under the one before, after', () => {
  it.each(changes)('%s', async (_what, prepare) => {
    const person = await signedIn();
    const { client } = person;
    const { operation, json } = await prepare(person);
    const before = client.cookie();
    expect((await client.ask(operation, { json })).status).toBeLessThan(300);
    expect(client.cookie()).not.toBe(before);
    expect((await client.ask('listBatches')).status).toBe(200);
    // Now, and once it was used: nothing puts it back.
    for (let time = 0; time < 2; time++)
      expect((await browser().ask('getSession', { headers: { cookie: before } })).status).toBe(401);
    const { body } = await client.ask('listSessions');
    expect(body.data).toMatchObject([{ isThis: true }]);
  });

  it.each(changes)(
    '%s; a session that was ended meanwhile is not begun again, and nothing is changed',
    async (_what, prepare) => {
      const person = await signedIn();
      const { client } = person;
      const { operation, json } = await prepare(person);
      const kept = await stateOf(person);
      // The sessions of the person are ended when the change has come as far as to look at them.
      const holder = await api.db.pool.connect();
      await holder.query('BEGIN');
      await holder.query('DELETE FROM sessions');
      const asked = client.ask(operation, { json });
      await untilSomethingWaits();
      await holder.query('COMMIT');
      holder.release();
      expect((await asked).status).toBe(401);
      expect((await client.ask('getSession')).status).toBe(401);
      expect((await api.db.pool.query('SELECT FROM sessions')).rows).toEqual([]);
      expect(await stateOf(person)).toEqual(kept);
    },
  );
});
