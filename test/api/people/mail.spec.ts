import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMailLimits } from '../../../api/http/gate/mail-limits.js';
import { createMailer, MailNotSentError, type Mailer } from '../../../platform/mail/mailer.js';
import { askPasswordLink, withdrawLink } from '../../../store/people/members.js';
import { eventually } from '../../support/eventually.js';
import {
  startMailServer,
  startTalkingServer,
  type MailServer,
  type ReceivedMail,
  type TalkingServer,
} from '../../support/mail-server.js';
import { send, startTestApi, type Received, type TestApi } from '../support/test-api.js';

const FROM = { name: 'Dialwright', address: 'calls@example.com' };
const GOOD = 'a sentence that nobody else has';
/** Of the server that hangs. */
const SEND_MAX_MS = 300;

let api: TestApi;
let server: MailServer;
let good: Mailer;
/** What the API sends its mails by now. */
let mailer: Mailer;
beforeAll(async () => {
  server = await startMailServer();
  good = createMailer(server.url, FROM);
  api = await startTestApi({ mailer: { send: (mail) => mailer.send(mail) }, trustProxy: 1 });
});
afterAll(async () => {
  await api.stop();
  await server.stop();
});
beforeEach(() => {
  mailer = good;
});

let counter = 0;
const newEmail = (prefix = 'person') => `${prefix}${++counter}@example.com`;
const invite = (email: string, from = api) =>
  send(from, 'inviteMember', { json: { email, name: 'Ada Lovelace', role: 'viewer' } });
const mailsTo = (email: string): ReceivedMail[] => server.mails.filter(({ to }) => to.includes(email));
const tokenIn = (text: string): string => /https:\/\/calls\.test\/#\/welcome\/([\w-]{43})/.exec(text)![1]!;
/** As a page of ours asks, from an address of its own. */
const ask = (id: string, json: unknown, headers: Record<string, string> = {}): Promise<Received> =>
  send(api, id, {
    json,
    headers: { origin: api.url, 'x-forwarded-for': `203.0.113.${++counter % 250}`, ...headers },
    key: null,
  });

/** Somebody who is in, with the headers of the session. */
async function member(email = newEmail()) {
  const { body } = await invite(email);
  const { headers } = await ask('spendLink', { token: tokenIn(mailsTo(email)[0]!.text), password: GOOD });
  return { id: body.id as string, email, headers: { cookie: headers.getSetCookie()[0]!.split(';')[0]! } };
}

describe('an invitation by mail', () => {
  it('says who invites, where to and by which link, once as text and once as HTML, and is not in the answer', async () => {
    const email = newEmail();
    const { status, body } = await invite(email);
    expect([status, body.link, body.sentTo, body.notSentBecause]).toEqual([201, null, email, null]);
    const [mail, ...others] = mailsTo(email);
    expect([others, mail!.to]).toEqual([[], [email]]);
    const { name } = (await send(api, 'getWorkspace')).body;
    expect(mail!.text).toContain(`“admin” invites you to the workspace “${name}” of Dialwright.`);
    expect(mail!.text).toContain('good once, and for a day');
    const words = mail!.html.replace(/<[^>]+>/g, ' ').split(/\s+/);
    expect(words.filter(Boolean)).toEqual(mail!.text.split(/\s+/).filter(Boolean));
    const spent = await ask('spendLink', { token: tokenIn(mail!.html), password: GOOD });
    expect(spent.body).toMatchObject({ member: { id: body.id, email } });
  });

  it('of two at the same moment brings each person the own link', async () => {
    const emails = [newEmail(), newEmail()];
    await Promise.all(emails.map((email) => invite(email)));
    for (const email of emails) {
      const { body } = await ask('spendLink', { token: tokenIn(mailsTo(email)[0]!.text), password: GOOD });
      expect(body.member.email).toBe(email);
    }
  });

  it('cannot be made to say more, or to go elsewhere, by a name', async () => {
    const email = newEmail();
    const name = 'Acme\r\nBcc: evil@example.com\r\n\r\nClick <a href="https://evil.example">here</a>\u202e';
    const { workspaceId } = api.other.workspace;
    await api.db.pool.query('UPDATE workspaces SET name = $2 WHERE id = $1', [workspaceId, name]);
    await invite(email, { ...api, keys: api.other.keys });
    const [mail] = mailsTo(email);
    expect(server.mails.filter(({ to }) => to.some((one) => one.startsWith('evil')))).toEqual([]);
    expect(mail!.raw).not.toMatch(/^Bcc:/im);
    expect(mail!.text).not.toMatch(/^Bcc:|\u202e/m);
    expect(mail!.html).not.toContain('<a href="https://evil.example">');
    expect(mail!.html).toContain('Click &lt;a href=');
  });

  it('has no address of a name that a mail program would make a link of, and no name in its subject', async () => {
    const email = newEmail();
    const name = 'Locked” Go to https://evil.example/login or www.evil.example, evil。example, help@evil.example';
    const { workspaceId } = api.other.workspace;
    await api.db.pool.query('UPDATE workspaces SET name = $2 WHERE id = $1', [workspaceId, name]);
    await invite(email, { ...api, keys: api.other.keys });
    const [mail] = mailsTo(email);
    expect(mail!.raw).toMatch(/^Subject: An invitation to Dialwright\r$/m);
    for (const text of [mail!.text, mail!.html]) {
      expect(text).not.toMatch(/evil[.。]example|@evil|evil\.|www\./);
      expect(text.match(/https?:\S*/g)?.every((link) => link.startsWith('https://calls.test/#/welcome/'))).toBe(true);
    }
    expect(mail!.text).toContain('“Locked Go to https evil example login or www evil example, evil example, help evil');
    expect(mail!.text).toContain('What is in quotes was written by people, not by Dialwright.');
  });

  it('is not counted when no mail server was there to take it', async () => {
    const email = newEmail();
    mailer = createMailer('smtp://127.0.0.1:9', FROM);
    const { body } = await invite(email);
    const params = { memberId: body.id };
    for (let time = 0; time < 10; time++)
      expect((await send(api, 'createMemberLink', { params })).body.sentTo).toBeNull();
    mailer = good;
    expect((await send(api, 'createMemberLink', { params })).body.sentTo).toBe(email);
  });

  it('of a workspace with too many takes none from the address, nor does a full address from the workspace', async () => {
    const limits = createMailLimits(null);
    const victim = newEmail();
    for (let sent = 0; sent < 200; sent++) await limits.take('hostile', newEmail());
    for (let time = 0; time < 10; time++)
      await expect(limits.take('hostile', victim)).rejects.toBeInstanceOf(MailNotSentError);
    for (let sent = 0; sent < 10; sent++) await limits.take('good', victim);
    for (let time = 0; time < 10; time++)
      await expect(limits.take('good', victim)).rejects.toBeInstanceOf(MailNotSentError);
    for (let sent = 0; sent < 190; sent++) await limits.take('good', newEmail());
    await expect(limits.take('good', newEmail())).rejects.toBeInstanceOf(MailNotSentError);
  });

  it('is sent ten times in an hour to one address; then the link is in the answer', async () => {
    const email = newEmail();
    const { body } = await invite(email);
    const params = { memberId: body.id };
    for (let time = 0; time < 9; time++)
      expect((await send(api, 'createMemberLink', { params })).body.sentTo).toBe(email);
    const eleventh = await send(api, 'createMemberLink', { params });
    expect(eleventh.body).toMatchObject({ link: expect.any(String), sentTo: null });
    expect(eleventh.body.notSentBecause).toContain('10 links are sent to one address');
    expect(mailsTo(email)).toHaveLength(10);
  });
});

it('a link for a member goes to the member: of who is in, to choose another password', async () => {
  const { id, email } = await member();
  const { body } = await send(api, 'createMemberLink', { params: { memberId: id } });
  expect(body).toEqual({ link: null, sentTo: email, notSentBecause: null });
  expect(mailsTo(email)[1]!.text).toContain('“admin” has made a link for you, by which you choose another password');
});

describe('where somebody else has an account with the address of who is invited', () => {
  /** Whoever invited the address elsewhere, where no mail could be sent, has spent the link. */
  const squatted = async () => {
    const email = newEmail();
    mailer = createMailer('smtp://127.0.0.1:9', FROM);
    const { body } = await invite(email, { ...api, keys: api.other.keys });
    const { headers } = await ask('spendLink', { token: tokenIn(body.link), password: 'a sentence of the squatter' });
    mailer = good;
    return { email, squatter: { cookie: headers.getSetCookie()[0]!.split(';')[0]! } };
  };
  const account = async (email: string) =>
    (await api.db.pool.query('SELECT * FROM people WHERE email = $1', [email])).rows[0];

  it('a link that was sent by mail chooses another password, which ends the sessions of before', async () => {
    const { email, squatter } = await squatted();
    expect(await account(email)).toMatchObject({ password_by_admin_link: true });
    const { body } = await invite(email);
    const token = tokenIn(mailsTo(email)[0]!.text);
    const refused = await ask('spendLink', { token, password: GOOD });
    expect([refused.status, refused.problem.code]).toEqual([401, 'sign_in_refused']);
    expect(refused.problem.detail).toContain('send `choosesNew` too');
    expect((await ask('spendLink', { token, password: 'short', choosesNew: true })).status).toBe(422);
    const spent = await ask('spendLink', { token, password: GOOD, choosesNew: true });
    expect(spent.body).toMatchObject({ member: { id: body.id }, workspaces: [{}, {}] });
    expect((await send(api, 'getSession', { headers: squatter, key: null })).status).toBe(401);
    expect((await ask('signIn', { email, password: 'a sentence of the squatter' })).status).toBe(401);
    expect((await ask('signIn', { email, password: GOOD })).status).toBe(200);
    expect(await account(email)).toMatchObject({ password_by_admin_link: false });
    const again = await ask('spendLink', { token, password: 'quite another sentence', choosesNew: true });
    expect(again.problem.code).toBe('link_of_no_use');
  });

  it('such a link asks for the code of the second factor, and takes the password that there is, too', async () => {
    const { email } = await member();
    await invite(email, { ...api, keys: api.other.keys });
    const token = tokenIn(mailsTo(email)[1]!.text);
    const { id } = await account(email);
    await api.db.pool.query(
      `INSERT INTO second_factors (person_id, secret, confirmed_at) VALUES ($1, 'sealed', dialwright_now())`,
      [id],
    );
    const wanted = await ask('spendLink', { token, password: 'quite another sentence', choosesNew: true });
    expect(wanted.problem.code).toBe('second_factor_wanted');
    await api.db.pool.query('DELETE FROM second_factors WHERE person_id = $1', [id]);
    expect((await ask('spendLink', { token, password: GOOD })).body.workspaces).toHaveLength(2);
    expect((await ask('signIn', { email, password: GOOD })).status).toBe(200);
  });

  it('a link that was in an answer does not; it is said who makes one that does', async () => {
    const { email, squatter } = await squatted();
    mailer = createMailer('smtp://127.0.0.1:9', FROM);
    const { body } = await invite(email);
    const token = tokenIn(body.link);
    const chosen = await ask('spendLink', { token, password: GOOD, choosesNew: true });
    expect([chosen.status, chosen.problem.errors[0]?.field]).toEqual([422, 'choosesNew']);
    const given = await ask('spendLink', { token, password: GOOD });
    expect([given.status, given.problem.code]).toEqual([401, 'sign_in_refused']);
    const { id } = (await send(api, 'getWorkspace')).body;
    for (const { problem } of [chosen, given])
      expect(JSON.stringify(problem)).toContain(`npm run setup -- --workspace ${id} --admin ${email}`);
    expect((await send(api, 'getSession', { headers: squatter, key: null })).status).toBe(200);
    // What a request chose is looked at once more by the statement that spends.
    const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token)));
    const { rows } = await api.db.pool.query(
      `SELECT spend_link($1, sign_in_epoch, 'hashed', NULL) AS spent FROM people WHERE email = $2`,
      [hash, email],
    );
    expect(rows).toEqual([{ spent: null }]);
  });
});

describe('a link that is not sent is in the answer, which says why', () => {
  const started: TalkingServer[] = [];
  const talking = async (answers: Record<string, string> | null): Promise<TalkingServer> => {
    const talker = await startTalkingServer(answers);
    started.push(talker);
    return talker;
  };
  // Also when a test fails, so that no connection keeps the process.
  afterEach(() => Promise.all(started.splice(0).map((one) => one.stop())));

  const notSent = async (email = newEmail()) => {
    const { status, body } = await invite(email);
    expect([status, body.sentTo]).toEqual([201, null]);
    const { body: session } = await ask('spendLink', { token: tokenIn(body.link), password: GOOD });
    expect(session.member.id).toBe(body.id);
    return body.notSentBecause as string;
  };

  it('when the mail server refuses it, with the first line of what it says', async () => {
    expect(await notSent(newEmail('refused'))).toBe('The mail server refused it: 550 no such mailbox here');
    const said = async (refusal: string): Promise<string> => {
      mailer = createMailer(`smtp://${(await talking({ RCPT: refusal })).address}`, FROM);
      return notSent();
    };
    expect(await said('550-no such mailbox\r\n550 and another line')).toMatch(/ it: 550.no such mailbox$/);
    expect((await said(`550 ${'x'.repeat(400)}`)).length).toBeLessThan(250);
  });

  it('when the mail server is away', async () => {
    mailer = createMailer('smtp://127.0.0.1:9', FROM);
    expect(await notSent()).toBe('The mail server cannot be reached.');
  });

  it('when the mail server hangs, after a bounded time, and the connection is closed', async () => {
    const hanging = await talking(null);
    mailer = createMailer(`smtp://${hanging.address}`, FROM, SEND_MAX_MS);
    expect(await notSent()).toBe('The mail server did not take it within 0.3 s.');
    await eventually(() => expect(hanging.sockets.size).toBe(0));
  });

  it('when it takes no TLS: the password is not sent without, and is not told', async () => {
    const plain = await talking({ EHLO: '250-hello\r\n250 AUTH PLAIN LOGIN', STAR: '500 what?' });
    mailer = createMailer(`smtp://me:hunter2@${plain.address}`, FROM);
    expect(await notSent()).toBe('The mail server offers no TLS, or its certificate is not valid.');
    expect(plain.heard.join('')).not.toMatch(/AUTH/);
  });
});

describe('who has forgotten the password', () => {
  const forgotten = (email: string) => ask('askPasswordLink', { email });
  const sessionOf = ({ headers }: { headers: Record<string, string> }) =>
    send(api, 'getSession', { headers, key: null });

  it('gets a link in the own mailbox; everything stays as it is until it is spent', async () => {
    const person = await member();
    const answer = await forgotten(person.email.toUpperCase());
    expect([answer.status, answer.body]).toEqual([202, '']);
    const mail = await eventually(() => {
      const [, second] = mailsTo(person.email);
      expect(second?.text).toContain('Somebody, probably you, has asked for a link');
      return second!;
    });
    expect((await sessionOf(person)).status).toBe(200);
    expect((await ask('signIn', { email: person.email, password: GOOD })).status).toBe(200);
    const spent = await ask('spendLink', { token: tokenIn(mail.text), password: 'quite another sentence' });
    expect(spent.body.member.id).toBe(person.id);
    expect((await sessionOf(person)).status).toBe(401);
    const { body } = await send(api, 'listAudit', { query: { targetId: person.id, actor: 'unknown' } });
    expect(body.data[0]).toMatchObject({ action: 'ask for password link', actorFrom: expect.stringMatching(/^203/) });
  });

  it('gets one with several workspaces too', async () => {
    const { email } = await member();
    await invite(email, { ...api, keys: api.other.keys });
    await ask('spendLink', { token: tokenIn(mailsTo(email)[1]!.text), password: GOOD });
    await forgotten(email);
    await eventually(() => expect(mailsTo(email)).toHaveLength(3));
  });

  it('gets the same answer as who is nobody, or is not in yet; these get no mail', async () => {
    const [nobody, invited] = [newEmail(), newEmail()];
    await invite(invited);
    const { email } = await member();
    const answers = [await forgotten(nobody), await forgotten(invited), await forgotten(email)];
    for (const { status, body, headers } of answers) {
      expect([status, body]).toEqual([202, '']);
      expect([...headers.keys()]).toEqual([...answers[0]!.headers.keys()]);
    }
    await eventually(() => expect(mailsTo(email)).toHaveLength(2));
    for (const none of [nobody, invited])
      expect(await askPasswordLink(api.db.pool, { email: none, from: 'x' })).toBeNull();
    expect([mailsTo(nobody), mailsTo(invited).length]).toEqual([[], 1]);
  });

  it('is not waited for by the answer, whatever the mail server does', async () => {
    const { email } = await member();
    const order: string[] = [];
    let release!: () => void;
    const begun = new Promise<void>((begin) => {
      mailer = {
        send: () =>
          new Promise((done) => {
            // An answer that waits comes after it.
            const timer = setTimeout(() => {
              order.push('sent');
              done();
            }, 2_000);
            release = () => {
              clearTimeout(timer);
              done();
            };
            begin();
          }),
      };
    });
    expect((await forgotten(email)).status).toBe(202);
    order.push('answered');
    await begun;
    release();
    expect(order).toEqual(['answered']);
  });

  it('gets one still when the mail server was away as it was asked for', async () => {
    const { id, email } = await member();
    mailer = createMailer('smtp://127.0.0.1:9', FROM);
    for (let time = 0; time < 3; time++) await forgotten(email);
    const asked = async () =>
      (await send(api, 'listAudit', { query: { targetId: id, action: 'ask for password link' } })).body.data.length;
    await eventually(async () => expect(await asked()).toBe(3));
    const links = `SELECT FROM sign_in_links l JOIN members m ON m.id = l.member_id JOIN people p ON p.id = m.person_id
       WHERE p.email = $1 AND l.spent_at IS NULL`;
    await eventually(async () => expect((await api.db.pool.query(links, [email])).rows).toEqual([]));
    mailer = good;
    await forgotten(email);
    await eventually(() => expect(mailsTo(email)).toHaveLength(2));
    // Each is recorded: so there are not any number of those either.
    const lost = async (): Promise<boolean> => {
      const token = await askPasswordLink(api.db.pool, { email, from: '203.0.113.1' });
      if (token !== null) await withdrawLink(api.db.pool, token);
      return token !== null;
    };
    for (let time = 0; time < 16; time++) expect(await lost()).toBe(true);
    expect(await lost()).toBe(false);
  });

  it('gets three links in an hour, from wherever and at whatever moment they are asked for', async () => {
    const { email } = await member();
    const held = await api.db.pool.connect();
    // Nobody of the six is done before all have begun.
    await held.query('BEGIN; LOCK TABLE audit_events IN SHARE MODE');
    const asked = Array.from({ length: 6 }, () => askPasswordLink(api.db.pool, { email, from: '203.0.113.1' }));
    await eventually(async () => {
      const { rows } = await api.db.pool.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'SELECT ask_password_link%'`,
      );
      expect(rows).toHaveLength(6);
    });
    await held.query('COMMIT');
    held.release();
    const tokens = await Promise.all(asked);
    expect(tokens.filter((token) => token !== null)).toHaveLength(3);
    await api.db.pool.query(`UPDATE sign_in_links SET expires_at = expires_at - interval '61 minutes'`);
    expect(await askPasswordLink(api.db.pool, { email, from: '203.0.113.1' })).not.toBeNull();
  });
});
