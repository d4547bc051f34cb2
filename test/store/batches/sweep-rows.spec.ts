import { expireRecipients, forgetLeftovers } from '../../../store/batches/sweep-rows.js';
import { changeMember, createLink, inviteMember } from '../../../store/people/members.js';
import { eventually } from '../../support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claimOne, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

it('fails those who wait past their last time, as expired, and nobody who is in a call or may still be called', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 4 });
  await claimOne(test.db, workspace, batchId);
  await test.db.pool.query(
    `UPDATE recipient_states s SET not_after = dialwright_now() + CASE place WHEN 3 THEN interval '1 hour' ELSE interval '-1 s' END
     FROM (SELECT recipient_id, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $1) p
     WHERE p.recipient_id = s.recipient_id AND place < 4`,
    [batchId],
  );

  expect(await expireRecipients(test.db.pool)).toBe(1);

  expect(await recipientStates(test.db, batchId)).toEqual(['IN_PROGRESS', 'FAILED', 'WAITING', 'WAITING']);
  const failed = await test.db.prisma.recipientState.findFirstOrThrow({ where: { batchId, state: 'FAILED' } });
  expect(failed).toMatchObject({ lastError: 'EXPIRED', waitReason: null });
});

it('forgets idempotency keys after a day, and no younger ones', async () => {
  const add = (key: string, age: string): Promise<unknown> =>
    test.db.pool.query(
      `INSERT INTO idempotency_keys (workspace_id, key, operation, body_hash, created_at) VALUES ($1, $2, 'createBatch', '', dialwright_now() - $3::interval)`,
      [workspace.workspaceId, key, age],
    );
  await add('of yesterday', '25 hours');
  await add('of today', '23 hours');

  await forgetLeftovers(test.db.pool);

  const { rows } = await test.db.pool.query('SELECT key FROM idempotency_keys');
  expect(rows).toEqual([{ key: 'of today' }]);
});

describe('people', () => {
  const asked = () => ({ workspaceId: workspace.workspaceId, actor: 'test', commandId: null });
  const invite = (email: string, where = asked()) =>
    inviteMember(test.db.pool, where, { id: null, email, name: 'Ada', role: 'viewer' });
  const untilOneWaits = () =>
    eventually(async () => {
      const { rowCount } = await test.db.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    });
  const people = async () => (await test.db.prisma.person.findMany()).map(({ email }) => email);

  it('forgets links a week after they are over, and no younger ones', async () => {
    const { id } = await invite('links@example.com');
    for (const age of ['8 days', '6 days']) {
      await createLink(test.db.pool, { workspaceId: workspace.workspaceId, actor: 'test' }, id);
      await test.db.pool.query(
        `UPDATE sign_in_links SET expires_at = dialwright_now() - $1::interval WHERE expires_at > dialwright_now()`,
        [age],
      );
    }
    await createLink(test.db.pool, { workspaceId: workspace.workspaceId, actor: 'test' }, id);

    await forgetLeftovers(test.db.pool);

    expect(await test.db.prisma.signInLink.count({ where: { memberId: id } })).toBe(2);
  });

  it('forgets who was removed from everywhere a month ago, with the sessions, and nobody else', async () => {
    const other = { ...asked(), workspaceId: (await seedWorkspace(test.db)).workspaceId };
    const [gone, recent, elsewhere] = ['gone@example.com', 'recent@example.com', 'elsewhere@example.com'];
    for (const email of [gone, recent, elsewhere]) {
      const { id, personId } = await invite(email);
      if (email === elsewhere) await invite(email, other);
      await changeMember(test.db.pool, asked(), id, null);
      await test.db.pool.query(`INSERT INTO sessions VALUES ($1, jsonb_build_object('personId', $2::text), now())`, [
        email,
        personId,
      ]);
    }
    const back = 'back@example.com';
    await changeMember(test.db.pool, asked(), (await invite(back)).id, null);
    await invite(back);
    await test.db.pool.query(
      `UPDATE people SET left_at = left_at - CASE email WHEN $1 THEN interval '29 days' ELSE interval '31 days' END`,
      [recent],
    );

    await forgetLeftovers(test.db.pool);

    expect(await people()).toEqual(expect.arrayContaining([recent, elsewhere, back]));
    expect(await people()).not.toContain(gone);
    const { rows } = await test.db.pool.query('SELECT sid FROM sessions ORDER BY sid');
    expect(rows.map(({ sid }) => sid)).toEqual([elsewhere, recent]);
  });

  it('of two removals of one person at the same moment one says that the person has left', async () => {
    const other = { ...asked(), workspaceId: (await seedWorkspace(test.db)).workspaceId };
    const first = await invite('twice@example.com');
    const second = await invite('twice@example.com', other);
    const [one, two] = [await test.db.pool.connect(), await test.db.pool.connect()];
    try {
      await one.query('BEGIN');
      await changeMember(one, asked(), first.id, null);
      const removed = changeMember(two, other, second.id, null);
      await untilOneWaits();
      await one.query('COMMIT');
      expect(await removed).toBe('CHANGED');
    } finally {
      one.release();
      two.release();
    }
    const person = await test.db.prisma.person.findUniqueOrThrow({ where: { email: 'twice@example.com' } });
    expect(person.leftAt).not.toBeNull();
  });

  it('who is invited while being forgotten is there, and has not left', async () => {
    const { id } = await invite('again@example.com');
    await changeMember(test.db.pool, asked(), id, null);
    await test.db.pool.query(
      `UPDATE people SET left_at = left_at - interval '31 days' WHERE email = 'again@example.com'`,
    );
    const [one, two] = [await test.db.pool.connect(), await test.db.pool.connect()];
    try {
      await one.query('BEGIN');
      await forgetLeftovers(one);
      const invited = inviteMember(two, asked(), { id: null, email: 'again@example.com', name: 'Ada', role: 'viewer' });
      await untilOneWaits();
      await one.query('COMMIT');
      expect(await invited).toMatchObject({ result: 'INVITED' });
    } finally {
      one.release();
      two.release();
    }
    const person = await test.db.prisma.person.findUniqueOrThrow({ where: { email: 'again@example.com' } });
    expect(person.leftAt).toBeNull();
  });
});
