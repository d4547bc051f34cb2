import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret } from 'otpauth';
import { publicId } from '../../../domain/ids.js';
import { hashOfRecoveryCode, stepOfCode } from '../../../platform/people/one-time-codes.js';
import { createSecretBox } from '../../../platform/secret-box.js';
import {
  readSecondFactor,
  spendStep,
  turnOnSecondFactor,
  type SecondFactor,
} from '../../../store/people/second-factor/second-factors.js';
import { bindClock } from '../../support/bind-clock.js';
import { eventually } from '../../support/eventually.js';
import { begunSecondFactor, codeAt } from '../../support/second-factor.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { GOOD, newEmail, peopleOf, tokenIn } from './browser.js';

const STEP_MS = 30_000;
/** The clock stands, so that a code is of the step that a test means. */
let clock: Awaited<ReturnType<typeof bindClock>>;
let nowMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ trustProxy: 1 });
  clock = await bindClock(api.db, { stands: true });
  await clock.set(nowMs);
});
afterAll(() => api.stop());

const { browser, invite, signedIn } = peopleOf(() => api);
type Person = Awaited<ReturnType<typeof signedIn>>;

/** What the app shows a step later. */
async function nextCode(secret: string): Promise<string> {
  nowMs += STEP_MS;
  await clock.set(nowMs);
  return codeAt(secret, nowMs);
}
/** A code that is right at no step around now. */
function wrongCode(secret: string): string {
  const right = [-2, -1, 0, 1, 2].map((steps) => codeAt(secret, nowMs + steps * STEP_MS));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code))!;
}

async function begin({ client }: Pick<Person, 'client'>): Promise<string> {
  const { status, body } = await client.ask('beginSecondFactor', { json: { password: GOOD } });
  expect(status).toBe(200);
  return body.secret;
}

/** Somebody who is signed in, and has a second factor that is on. */
async function withSecondFactor(role = 'admin') {
  const person = await signedIn(role);
  const secret = await begin(person);
  const { status, body } = await person.client.ask('confirmSecondFactor', { json: { code: await nextCode(secret) } });
  expect(status).toBe(200);
  return { ...person, secret, recoveryCodes: body.recoveryCodes as string[] };
}

const actionsOf = async (actor: string): Promise<string[]> =>
  (await send(api, 'listAudit', { query: { actor } })).body.data.map(({ action }: { action: string }) => action);
const statusOf = async ({ client }: Pick<Person, 'client'>) => (await client.ask('getSecondFactor')).body;

it('codes are those of RFC 6238, of one step before and after too', () => {
  const secret = Secret.fromUTF8('12345678901234567890').base32;
  const at = (seconds: number) => new Date(seconds * 1_000);
  const steps = [29, 30, 59, 89, 90].map((seconds) => stepOfCode(secret, '287082', at(seconds)));
  expect(steps).toEqual([1, 1, 1, 1, null]);
  expect(stepOfCode(secret, ' 005 924 ', at(1_234_567_890))).toBe(41_152_263);
});

describe('a second factor', () => {
  it('is begun with the password and turned on by a code; what is kept opens nothing, and is in no entry', async () => {
    const person = await signedIn();
    const wrong = await person.client.ask('beginSecondFactor', { json: { password: 'not the password' } });
    expect([wrong.status, wrong.problem.code]).toEqual([401, 'sign_in_refused']);
    const { body } = await person.client.ask('beginSecondFactor', { json: { password: GOOD } });
    const address = new URL(body.address);
    expect([address.protocol, address.host, address.searchParams.get('secret')]).toEqual([
      'otpauth:',
      'totp',
      body.secret,
    ]);
    expect(await statusOf(person)).toEqual({ status: 'off', recoveryCodesLeft: 0 });
    expect((await browser().signIn(person.email)).status).toBe(200);
    const refused = await person.client.ask('confirmSecondFactor', { json: { code: wrongCode(body.secret) } });
    expect([refused.status, refused.problem.code]).toEqual([401, 'second_factor_refused']);
    const confirmed = await person.client.ask('confirmSecondFactor', { json: { code: await nextCode(body.secret) } });
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    expect(await statusOf(person)).toEqual({ status: 'on', recoveryCodesLeft: 10 });
    const { rows } = await api.db.pool.query(
      `SELECT f::text AS text FROM second_factors f UNION ALL SELECT c::text FROM recovery_codes c
       UNION ALL SELECT e::text FROM audit_events e UNION ALL SELECT s::text FROM sessions s`,
    );
    const secrets = [body.secret, ...confirmed.body.recoveryCodes];
    expect(rows.filter(({ text }) => secrets.some((secret) => text.includes(secret)))).toEqual([]);
    expect(await actionsOf(person.id)).toContain('turn on second factor');
  });

  it('that is begun again replaces the one before, which nothing turns on', async () => {
    const person = await signedIn();
    const none = await person.client.ask('confirmSecondFactor', { json: { code: '123456' } });
    expect([none.status, none.problem.code]).toEqual([409, 'no_second_factor']);
    const [first, second] = [await begin(person), await begin(person)];
    const confirm = (code: string) => person.client.ask('confirmSecondFactor', { json: { code } });
    expect((await confirm(await nextCode(first))).status).toBe(401);
    const code = await nextCode(second);
    const both = await Promise.all([confirm(code), confirm(code)]);
    // The other one comes too late, or with a session that has another id by now.
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    expect([401, 409]).toContain(both.find(({ status }) => status !== 200)?.status);
    const again = await person.client.ask('beginSecondFactor', { json: { password: GOOD } });
    expect([again.status, again.problem.code]).toEqual([409, 'second_factor_is_on']);
    expect((await browser().signIn(person.email, GOOD, await nextCode(second))).status).toBe(200);
  });

  it('that was replaced, or is on, is not turned on by what was read of it before; nor is a code of it spent', async () => {
    const { pool } = api.db;
    const { id: personId } = await api.db.prisma.person.create({ data: { email: newEmail() } });
    const readBegun = async () => {
      await begunSecondFactor(api.db, personId);
      return (await readSecondFactor(pool, personId))!;
    };
    const [replaced, begun] = [await readBegun(), await readBegun()];
    const turnOn = (factor: SecondFactor, recoveryCode: string) =>
      turnOnSecondFactor(pool, factor, {
        step: 1,
        recoveryCodeHashes: [hashOfRecoveryCode(recoveryCode)],
        keptSid: null,
        from: null,
      });
    expect(await spendStep(pool, begun, 2)).toBe(false);
    expect([await turnOn(replaced, 'a'), await turnOn(begun, 'b'), await turnOn(begun, 'c')]).toEqual([
      false,
      true,
      false,
    ]);
    expect((await readSecondFactor(pool, personId))?.recoveryCodesLeft).toBe(1);
    expect([await spendStep(pool, replaced, 2), await spendStep(pool, begun, 2)]).toEqual([false, true]);
  });

  it('ends the sessions that were begun without it, but for the one that turns it on', async () => {
    const person = await signedIn();
    const elsewhere = browser();
    await elsewhere.signIn(person.email);
    const secret = await begin(person);
    await person.client.ask('confirmSecondFactor', { json: { code: await nextCode(secret) } });
    expect((await elsewhere.ask('getSession')).status).toBe(401);
    // Gone, not only refused: nobody is shown a session that is over.
    expect((await person.client.ask('listSessions')).body.data).toMatchObject([{ isThis: true }]);
  });

  it('is wanted of each session, however that began', async () => {
    const person = await withSecondFactor();
    await api.db.pool.query(
      `UPDATE sessions SET sess = sess - 'withSecondFactor' WHERE sess ->> 'personId' = (SELECT id::text FROM people WHERE email = $1)`,
      [person.email],
    );
    expect((await person.client.ask('getSession')).status).toBe(401);
  });

  it('is turned off with the password and a code, and its recovery codes are of no use then', async () => {
    const person = await withSecondFactor();
    const off = (json: unknown) => person.client.ask('turnOffSecondFactor', { json });
    const refusals = [
      await off({ password: 'not the password', code: await nextCode(person.secret) }),
      await off({ password: GOOD, code: wrongCode(person.secret) }),
    ];
    expect(refusals.map(({ problem }) => problem.code)).toEqual(['sign_in_refused', 'second_factor_refused']);
    expect((await off({ password: GOOD })).status).toBe(422);
    expect((await off({ password: GOOD, code: await nextCode(person.secret) })).status).toBe(204);
    expect(await statusOf(person)).toEqual({ status: 'off', recoveryCodesLeft: 0 });
    expect((await browser().signIn(person.email)).status).toBe(200);
    const again = await off({ password: GOOD, code: person.recoveryCodes[0] });
    expect([again.status, again.problem.code]).toEqual([409, 'no_second_factor']);
    expect(await actionsOf(person.id)).toContain('turn off second factor');
  });

  it('stays on when the password is changed, or chosen anew', async () => {
    const person = await withSecondFactor();
    const newPassword = 'another good sentence';
    await person.client.ask('changePassword', { json: { oldPassword: GOOD, newPassword } });
    expect((await browser().signIn(person.email, newPassword)).problem.code).toBe('second_factor_wanted');
    expect((await person.client.ask('getSession')).status).toBe(200);
  });
});

describe('a sign-in', () => {
  it('with the password alone begins no session, and says that a code is wanted', async () => {
    const { email, secret } = await withSecondFactor();
    const thief = browser();
    const bare = await thief.signIn(email);
    expect([bare.status, bare.problem.code]).toEqual([401, 'second_factor_wanted']);
    const guessed = await thief.signIn(email, GOOD, wrongCode(secret));
    expect([guessed.status, guessed.problem.code]).toEqual([401, 'second_factor_refused']);
    expect((await thief.ask('getSession')).status).toBe(401);
    const owner = browser();
    expect((await owner.signIn(email, GOOD, await nextCode(secret))).status).toBe(200);
    expect((await owner.ask('getSession')).status).toBe(200);
  });

  it('with a wrong password says nothing of a code', async () => {
    const { email, secret } = await withSecondFactor();
    const { problem } = await browser().signIn(email, 'a wrong sentence', await nextCode(secret));
    expect(problem.code).toBe('sign_in_refused');
    expect((await browser().signIn(email, GOOD, codeAt(secret, nowMs))).status).toBe(200);
  });

  it('of two with the same code at the same moment one succeeds, and none with it later, nor with an older one', async () => {
    const { email, secret } = await withSecondFactor();
    const older = await nextCode(secret);
    const code = await nextCode(secret);
    const both = await Promise.all([browser(), browser()].map((one) => one.signIn(email, GOOD, code)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await browser().signIn(email, GOOD, code)).problem.code).toBe('second_factor_refused');
    expect((await browser().signIn(email, GOOD, older)).status).toBe(401);
  });

  it('is not made with the code that has turned it on', async () => {
    const { email, secret } = await withSecondFactor();
    expect((await browser().signIn(email, GOOD, codeAt(secret, nowMs))).status).toBe(401);
  });

  it('with a recovery code is made once, also when two try it at the same moment', async () => {
    const person = await withSecondFactor();
    const code = person.recoveryCodes[3]!.toUpperCase().replaceAll('-', ' ');
    const both = await Promise.all([browser(), browser()].map((one) => one.signIn(person.email, GOOD, code)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect((await browser().signIn(person.email, GOOD, code)).status).toBe(401);
    expect(await statusOf(person)).toEqual({ status: 'on', recoveryCodesLeft: 9 });
    expect(await actionsOf(person.id)).toContain('spend recovery code');
  });

  it('is not made with the recovery code of somebody else', async () => {
    const [person, other] = [await withSecondFactor(), await withSecondFactor()];
    expect((await browser().signIn(person.email, GOOD, other.recoveryCodes[0])).status).toBe(401);
  });

  it('with wrong codes is slowed from all addresses together; the password alone is not', async () => {
    const { email, secret } = await withSecondFactor();
    const statuses: number[] = [];
    for (let time = 0; time < 12; time++)
      statuses.push((await browser().signIn(email, GOOD, wrongCode(secret))).status);
    // One was shown to turn it on.
    expect(statuses).toEqual([...Array(9).fill(401), ...Array(3).fill(429)]);
    const right = await browser().signIn(email, GOOD, await nextCode(secret));
    expect([right.status, Number(right.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await browser().signIn(email)).problem.code).toBe('second_factor_wanted');
    expect((await browser().signIn(email, 'a wrong sentence')).problem.code).toBe('sign_in_refused');
  });

  it('with the right password and a wrong code is recorded, beside a wrong password', async () => {
    const { id, email, secret, recoveryCodes, client } = await withSecondFactor();
    const attacker = browser();
    await attacker.signIn(email, 'a wrong sentence');
    await attacker.signIn(email, GOOD, wrongCode(secret));
    await attacker.signIn(email, GOOD, 'no recovery code');
    await browser().signIn(email, GOOD, 'no recovery code');
    await client.ask('turnOffSecondFactor', { json: { password: GOOD, code: wrongCode(secret) } });
    expect((await browser().signIn(email, GOOD, recoveryCodes[0])).status).toBe(200);
    await eventually(async () => {
      const { body } = await send(api, 'listAudit', { query: { targetId: id, action: 'sign in refused' } });
      const shown = (body.data as { detail: { how: string } }[]).map(({ detail }) => detail.how);
      expect(shown.sort()).toEqual(['second factor', 'second factor', 'second factor', 'sign-in']);
    });
  });

  it('is slowed by account and address until a code was right, though the password was', async () => {
    const { email, secret } = await withSecondFactor();
    const client = browser();
    for (let time = 0; time < 9; time++) await client.signIn(email);
    expect((await client.signIn(email, GOOD, await nextCode(secret))).status).toBe(200);
    const statuses: number[] = [];
    for (let time = 0; time < 11; time++) statuses.push((await client.signIn(email)).status);
    expect(statuses).toEqual([...Array(10).fill(401), 429]);
  });

  it('where the key was lost is made with a recovery code, with which it is turned off too', async () => {
    const person = await withSecondFactor();
    const lost = createSecretBox({ key: Buffer.alloc(32, 'lost').toString('base64'), previousKey: undefined });
    const { rows } = await api.db.pool.query('SELECT id FROM people WHERE email = $1', [person.email]);
    await api.db.pool.query('UPDATE second_factors SET secret = $2 WHERE person_id = $1', [
      rows[0].id,
      lost.seal('x', rows[0].id),
    ]);
    const byCode = await browser().signIn(person.email, GOOD, await nextCode(person.secret));
    expect([byCode.status, byCode.problem.code]).toEqual([401, 'second_factor_refused']);
    expect((await browser().signIn(person.email, GOOD, person.recoveryCodes[0])).status).toBe(200);
    const json = { password: GOOD, code: person.recoveryCodes[1] };
    expect((await person.client.ask('turnOffSecondFactor', { json })).status).toBe(204);
  });
});

describe('a link', () => {
  it('for another password is not spent without a code, and leaves the second factor on', async () => {
    const { id, email, secret } = await withSecondFactor();
    const { body } = await send(api, 'createMemberLink', { params: { memberId: id } });
    const json = { token: tokenIn(body.link), password: 'quite another sentence' };
    const spend = (code?: string) => browser().ask('spendLink', { json: { ...json, ...(code && { code }) } });
    expect((await spend()).problem.code).toBe('second_factor_wanted');
    expect((await spend(wrongCode(secret))).problem.code).toBe('second_factor_refused');
    expect((await browser().signIn(email)).problem.code).toBe('second_factor_wanted');
    expect((await spend(await nextCode(secret))).status).toBe(200);
    expect((await browser().signIn(email, json.password)).problem.code).toBe('second_factor_wanted');
  });
});

describe('a workspace that requires a second factor', () => {
  const other = () => ({ ...api, keys: api.other.keys });
  const require = (requiresSecondFactor: boolean) =>
    send(other(), 'updateWorkspace', { json: { requiresSecondFactor } });
  const there = () => publicId('workspace', api.other.workspace.workspaceId);

  /** A member of both workspaces, who works in the first. */
  async function memberOfBoth(person: Person): Promise<void> {
    const { body } = await send(other(), 'inviteMember', { json: { email: person.email, name: 'X', role: 'admin' } });
    const json = { token: tokenIn(body.link), password: GOOD };
    expect((await person.client.ask('spendLink', { json })).status).toBe(200);
  }

  it('lets a member without one only set it up, or go elsewhere; keys go on', async () => {
    const person = await signedIn();
    await memberOfBoth(person);
    expect((await require(true)).body.requiresSecondFactor).toBe(true);
    const { client } = person;
    const refused = await client.ask('listBatches');
    expect([refused.status, refused.problem.code]).toEqual([403, 'second_factor_required']);
    expect((await send(other(), 'listBatches')).status).toBe(200);
    expect((await client.ask('listSessions')).status).toBe(200);
    const here = publicId('workspace', api.workspace.workspaceId);
    expect((await client.ask('switchWorkspace', { json: { workspaceId: here } })).status).toBe(200);
    expect((await client.ask('listBatches')).status).toBe(200);
    expect((await client.ask('switchWorkspace', { json: { workspaceId: there() } })).status).toBe(200);
    expect((await client.ask('listBatches')).status).toBe(403);
    const secret = await begin(person);
    // Begun is not on.
    expect((await client.ask('listBatches')).status).toBe(403);
    await client.ask('confirmSecondFactor', { json: { code: await nextCode(secret) } });
    expect((await client.ask('listBatches')).status).toBe(200);
    const { body } = await send(other(), 'listAudit', { query: { action: 'change workspace' } });
    expect(body.data[0]).toMatchObject({
      before: { requiresSecondFactor: false },
      after: { requiresSecondFactor: true },
    });
    await require(false);
  });

  it('is made by no admin who has none', async () => {
    const { client } = await signedIn();
    const json = { requiresSecondFactor: true };
    const refused = await client.ask('updateWorkspace', { json });
    expect([refused.status, refused.problem.code]).toEqual([403, 'second_factor_required']);
    const admin = await withSecondFactor();
    expect((await admin.client.ask('updateWorkspace', { json })).status).toBe(200);
    expect((await client.ask('listBatches')).status).toBe(403);
    const lifted = await admin.client.ask('updateWorkspace', { json: { requiresSecondFactor: false } });
    expect(lifted.body.requiresSecondFactor).toBe(false);
  });

  describe('the second factor of a member', () => {
    const reset = (memberId: string) => send(api, 'resetSecondFactor', { params: { memberId } });

    it('is taken away by an admin, and nobody’s own without the code', async () => {
      const [person, admin] = [await withSecondFactor(), await withSecondFactor()];
      const own = await admin.client.ask('resetSecondFactor', { params: { memberId: admin.id } });
      expect([own.status, own.problem.code]).toEqual([403, 'forbidden']);
      const taken = await admin.client.ask('resetSecondFactor', { params: { memberId: person.id } });
      expect(taken.status).toBe(204);
      expect((await browser().signIn(person.email)).status).toBe(200);
      expect(await actionsOf(admin.id)).toContain('turn off second factor');
      expect((await reset(person.id)).status).toBe(204);
    });

    it('is not taken away by an admin of one of several workspaces', async () => {
      const person = await withSecondFactor();
      const { body } = await send(other(), 'inviteMember', { json: { email: person.email, name: 'X', role: 'admin' } });
      const invited = await send(other(), 'resetSecondFactor', { params: { memberId: body.id } });
      expect([invited.status, invited.problem.code]).toEqual([409, 'member_elsewhere']);
      const json = { token: tokenIn(body.link), password: GOOD, code: await nextCode(person.secret) };
      expect((await person.client.ask('spendLink', { json })).status).toBe(200);
      expect((await reset(person.id)).problem.code).toBe('member_elsewhere');
      expect(await statusOf(person)).toMatchObject({ status: 'on' });
      // Nor by one whose invitation was not accepted.
      expect((await reset((await invite()).id)).problem.code).toBe('member_elsewhere');
    });

    it('is not taken away while its person accepts another workspace', async () => {
      const person = await withSecondFactor();
      await send(other(), 'inviteMember', { json: { email: person.email, name: 'X', role: 'admin' } });
      const tx = await api.db.pool.connect();
      // As spend_link does.
      await tx.query('BEGIN');
      const { rows } = await tx.query('SELECT id FROM people WHERE email = $1 FOR UPDATE', [person.email]);
      await tx.query('UPDATE members SET accepted_at = dialwright_now() WHERE person_id = $1 AND accepted_at IS NULL', [
        rows[0].id,
      ]);
      const asked = reset(person.id);
      try {
        await eventually(async () => {
          const { rowCount } = await api.db.pool.query(
            `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%reset_second_factor%'`,
          );
          if (rowCount === 0) throw new Error('the reset does not wait');
        }, 5_000);
      } finally {
        await tx.query('COMMIT');
        tx.release();
      }
      expect((await asked).problem.code).toBe('member_elsewhere');
    });
  });
});
