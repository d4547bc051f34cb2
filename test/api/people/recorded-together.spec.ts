import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';
import { GOOD, peopleOf, tokenIn } from './browser.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ trustProxy: 1 });
  await signedIn(); // an admin who stays
});
afterAll(() => api.stop());

const { browser, invite, signedIn } = peopleOf(() => api);
type Person = Awaited<ReturnType<typeof signedIn>>;
type Entry = { action: string; actor: string; actorFrom: string; targetId: string; detail: unknown };

const other = () => ({ ...api, keys: api.other.keys });
const here = () => publicId('workspace', api.workspace.workspaceId);
const there = () => publicId('workspace', api.other.workspace.workspaceId);
const entriesOf = async (memberId: string, where = api): Promise<Entry[]> =>
  (await send(where, 'listAudit', { query: { targetId: memberId } })).body.data;
const actionsOf = async (memberId: string, where = api): Promise<string[]> =>
  (await entriesOf(memberId, where)).map(({ action }) => action);

const rowsOf = async (text: string, value: string): Promise<number> =>
  (await api.db.pool.query(text, [value])).rows.length;
const sessionsOf = ({ email }: Person): Promise<number> =>
  rowsOf(`SELECT FROM sessions WHERE sess ->> 'personId' = (SELECT id::text FROM people WHERE email = $1)`, email);
const linksOf = ({ id }: { id: string }, more = ''): Promise<number> =>
  rowsOf(`SELECT FROM sign_in_links WHERE member_id = $1 ${more}`, parsePublicId('member', id)!);
const workspaceOf = async ({ client }: Person): Promise<string> => (await client.ask('getSession')).body.workspace.id;

/** The person becomes a member of the other workspace too, and works there. @returns the id of the member */
async function joinOther({ email, client }: Person): Promise<string> {
  const { body } = await send(other(), 'inviteMember', { json: { email, name: 'X', role: 'viewer' } });
  await client.ask('spendLink', { json: { token: tokenIn(body.link), password: GOOD } });
  return body.id as string;
}
const switchTo = ({ client }: Person, workspaceId: string) => client.ask('switchWorkspace', { json: { workspaceId } });

type Case = {
  ask: () => Promise<Received>;
  /** What it changes. */
  state: () => Promise<unknown>;
  /** Whose entry it is, where it is not the person's. */
  targetId?: string;
};

const cases: [string, (person: Person) => Promise<Case>][] = [
  [
    'sign in',
    (person) => Promise.resolve({ ask: () => browser().signIn(person.email), state: () => sessionsOf(person) }),
  ],
  [
    'sign out',
    (person) => Promise.resolve({ ask: () => person.client.ask('signOut'), state: () => sessionsOf(person) }),
  ],
  [
    'end session',
    async (person) => {
      await browser().signIn(person.email);
      const { body } = await person.client.ask('listSessions');
      const { id } = body.data.find(({ isThis }: { isThis: boolean }) => !isThis);
      const params = { sessionId: id };
      return { ask: () => person.client.ask('endSession', { params }), state: () => sessionsOf(person) };
    },
  ],
  [
    'enter workspace',
    async (person) => {
      await joinOther(person);
      return { ask: () => switchTo(person, here()), state: () => workspaceOf(person) };
    },
  ],
  [
    'leave workspace',
    async (person) => {
      await joinOther(person);
      await switchTo(person, here());
      return { ask: () => switchTo(person, there()), state: () => workspaceOf(person) };
    },
  ],
  [
    'make link',
    (person) => {
      const params = { memberId: person.id };
      return Promise.resolve({ ask: () => send(api, 'createMemberLink', { params }), state: () => linksOf(person) });
    },
  ],
  [
    'spend link',
    async () => {
      const invited = await invite();
      const json = { token: tokenIn(invited.link), password: GOOD };
      return {
        ask: () => browser().ask('spendLink', { json }),
        state: () => linksOf(invited, 'AND spent_at IS NOT NULL'),
        targetId: invited.id,
      };
    },
  ],
];

describe('is done together with its entry in the audit, or not at all:', () => {
  it.each(cases)('%s', async (action, prepare) => {
    const person = await signedIn();
    const { ask, state, targetId = person.id } = await prepare(person);
    const before = await state();
    const entries = async () => (await actionsOf(targetId)).filter((one) => one === action).length;
    const recorded = await entries();
    await api.db.pool.query(`ALTER TABLE audit_events ADD CONSTRAINT not_this CHECK (action <> '${action}') NOT VALID`);
    try {
      expect((await ask()).status).toBe(500);
      expect(await state()).toEqual(before);
    } finally {
      await api.db.pool.query('ALTER TABLE audit_events DROP CONSTRAINT not_this');
    }
    expect((await ask()).status).toBeLessThan(300);
    expect(await state()).not.toEqual(before);
    expect(await entries()).toBe(recorded + 1);
  });
});

describe('the audit tells', () => {
  it('how a sign-in was made: by the password, or by a link, and what the link was for', async () => {
    const { id, email } = await signedIn();
    await browser('198.51.100.77').signIn(email);
    const [byPassword, byLink] = (await entriesOf(id)).filter(({ action }) => action === 'sign in');
    expect(byPassword).toMatchObject({ actor: id, actorFrom: '198.51.100.77', detail: { by: 'password' } });
    expect(byLink).toMatchObject({ actor: id, detail: { by: 'link' } });
    const { body } = await send(api, 'createMemberLink', { params: { memberId: id } });
    await browser().ask('spendLink', { json: { token: tokenIn(body.link), password: 'quite another sentence' } });
    const spent = (await entriesOf(id)).filter(({ action }) => action === 'spend link');
    expect(spent).toMatchObject([
      { actor: id, detail: { for: 'another password' } },
      { actor: id, detail: { for: 'an invitation' } },
    ]);
  });

  it('each workspace what was done there, and in the name of the member there', async () => {
    const person = await signedIn();
    const elsewhere = await joinOther(person);
    await switchTo(person, here());
    // To where the session is already: nothing changes.
    await switchTo(person, here());
    await switchTo(person, there());
    expect((await person.client.ask('signOut')).status).toBe(204);
    expect((await actionsOf(person.id)).slice(0, 2)).toEqual(['leave workspace', 'enter workspace']);
    const entries = await entriesOf(elsewhere, other());
    expect(entries.map(({ action }) => action).slice(0, 3)).toEqual(['sign out', 'enter workspace', 'leave workspace']);
    expect(entries.map(({ actor }) => actor).slice(0, 3)).toEqual([elsewhere, elsewhere, elsewhere]);
  });

  it('each link that was made, also of a request that is repeated because its answer was lost', async () => {
    const { id } = await signedIn();
    const request = { params: { memberId: id }, headers: { 'idempotency-key': `lost ${id}`.replace(' ', '-') } };
    await send(api, 'createMemberLink', request);
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, response = NULL, locked_at = dialwright_now() - interval '61 s'`,
    );
    await send(api, 'createMemberLink', request);
    const made = (await actionsOf(id)).filter((action) => action === 'make link');
    expect(made).toHaveLength(await linksOf({ id }));
  });
});
