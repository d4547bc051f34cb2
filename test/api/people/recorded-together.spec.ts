import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { peopleOf } from './browser.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ trustProxy: 1 });
  await signedIn(); // an admin who stays
});
afterAll(() => api.stop());

const { browser, signedIn } = peopleOf(() => api);
type Person = Awaited<ReturnType<typeof signedIn>>;
type Entry = { action: string; actor: string; actorFrom: string; targetId: string; detail: unknown };

const entriesOf = async (memberId: string, where = api): Promise<Entry[]> =>
  (await send(where, 'listAudit', { query: { targetId: memberId } })).body.data;
const rowsOf = async (text: string, values: unknown[] = []): Promise<number> =>
  (await api.db.pool.query(text, values)).rows.length;
const sessionsOf = ({ email }: Person): Promise<number> =>
  rowsOf(`SELECT FROM sessions WHERE sess ->> 'personId' = (SELECT id::text FROM people WHERE email = $1)`, [email]);

type Case = {
  action: string;
  /** Asks for it. */
  ask(person: Person): Promise<Received>;
  /** What it changes: the same before it, and where it could not be recorded. */
  state(person: Person): Promise<unknown>;
};

const cases: Case[] = [
  {
    action: 'sign in',
    ask: ({ email }) => browser().signIn(email),
    state: sessionsOf,
  },
];

describe('is done together with its entry in the audit, or not at all:', () => {
  it.each(cases.map((one): [string, Case] => [one.action, one]))('%s', async (action, { ask, state }) => {
    const person = await signedIn();
    const before = await state(person);
    await api.db.pool.query(`ALTER TABLE audit_events ADD CONSTRAINT not_this CHECK (action <> '${action}') NOT VALID`);
    try {
      expect((await ask(person)).status).toBe(500);
      expect(await state(person)).toEqual(before);
    } finally {
      await api.db.pool.query('ALTER TABLE audit_events DROP CONSTRAINT not_this');
    }
    expect((await ask(person)).status).toBeLessThan(300);
    expect(await state(person)).not.toEqual(before);
    const [entry] = (await entriesOf(person.id)).filter((one) => one.action === action);
    expect(entry).toMatchObject({ action, targetId: person.id });
  });
});

describe('a sign-in is recorded with how it was made:', () => {
  it('by the password, and by a link', async () => {
    const { id, email } = await signedIn();
    await browser('198.51.100.77').signIn(email);
    const [byPassword, byLink] = (await entriesOf(id)).filter(({ action }) => action === 'sign in');
    expect(byPassword).toMatchObject({ actor: id, actorFrom: '198.51.100.77', detail: { by: 'password' } });
    expect(byLink).toMatchObject({ actor: id, detail: { by: 'link' } });
  });
});
