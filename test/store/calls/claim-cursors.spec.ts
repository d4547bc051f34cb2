import { lookAtBatch } from '../../../store/batches/look-at-batch.js';
import { changeBatch } from '../../../store/changes/change-batch.js';
import { ALLOWED_WHEN } from '../../../domain/batches/status.js';
import { editRecipient } from '../../../store/recipients/edit-recipient.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { doChunkWork } from '../../../store/batches/sweep-rows.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { claim, claimOne, lane, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { started } from '../support/facts.js';
import { standStill, type StandingClock } from '../support/standing-clock.js';

/** Claims go on from where they were, and count the slots since a second ago: nobody may be lost behind either. */
let test: TestDatabase;
let clock: StandingClock;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  clock = await standStill(test.db);
  await clock.pass(0);
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db, { concurrencyLimit: 3_000 });
});
afterAll(() => test.drop());

describe('A batch of which 1,200 recipients were called', () => {
  it('calls one that is added', async () => {
    const batchId = await seedAndCall();
    await test.db.pool.query('SELECT insert_recipients($1, NULL, $2)', [batchId, '[{"phone": "+12025550199"}]']);
    expect((await claimOne(test.db, workspace, batchId)).to).toBe('+12025550199');
  });

  it('calls one that is added with a time that is over', async () => {
    const batchId = await seedAndCall();
    await callOneThatWaited(batchId);
    const rows = JSON.stringify([{ phone: '+12025550198', notBefore: new Date(clock.nowMs() - 86_400_000) }]);
    await test.db.pool.query('SELECT insert_recipients($1, NULL, $2)', [batchId, rows]);
    expect((await claimOne(test.db, workspace, batchId)).to).toBe('+12025550198');
  });

  it('calls one that comes from a zone that was closed', async () => {
    const batchId = await seedBatch(test.db, workspace, { phones: phones(1_201), opening: LONG });
    const { rows } = await test.db.pool.query(
      `UPDATE recipient_states SET zone_set = 'Closed' WHERE batch_id = $1 AND ordinal =
         (SELECT min(ordinal) FROM recipient_states WHERE batch_id = $1) RETURNING recipient_id AS id`,
      [batchId],
    );
    await callAll(batchId);
    expect(await edit(rows[0].id, { timeZone: 'Europe/Madrid', zoneSet: '' })).toBe('EDITED');
    expect((await claimOne(test.db, workspace, batchId)).to).toBe(phones(1)[0]);
  });

  it('calls one whose time to wait for is taken away', async () => {
    const batchId = await seedBatch(test.db, workspace, { phones: phones(1_201), opening: LONG });
    const { rows } = await test.db.pool.query(
      `UPDATE recipient_states SET due_at = t, not_before = t FROM (SELECT dialwright_now() + interval '1 day' AS t) tomorrow
       WHERE batch_id = $1 AND ordinal = (SELECT min(ordinal) FROM recipient_states WHERE batch_id = $1) RETURNING recipient_id AS id`,
      [batchId],
    );
    await callAll(batchId);
    expect(await edit(rows[0].id, { notBefore: null })).toBe('EDITED');
    expect((await claimOne(test.db, workspace, batchId)).to).toBe(phones(1)[0]);
  });

  it('calls everybody again after a retry', async () => {
    const batchId = await seedAndCall();
    await test.db.pool.query(
      `UPDATE recipient_states SET state = 'NO_ANSWER', last_outcome = 'NO_ANSWER' WHERE batch_id = $1`,
      [batchId],
    );
    await change(batchId, 'finish');
    await change(batchId, 'retry');
    while (await doChunkWork(test.db.pool, batchId));
    await change(batchId, 'start');
    const answers = await claim(test.db, workspace, [lane(batchId, { generation: 2 })]);
    expect(answers).toMatchObject([{ verdict: 'CLAIMED', call: { to: phones(1)[0] } }]);
  });

  it('finds one behind its cursors before it says that nobody is due', async () => {
    const batchId = await seedAndCall();
    await hide(batchId);
    expect(await claim(test.db, workspace, [lane(batchId)])).not.toMatchObject([{ verdict: 'CLAIMED' }]);
    expect(await lookAtBatch(test.db.pool, batchId, 250)).toMatchObject({ reason: 'READY', couldStart: 1 });
    expect((await claimOne(test.db, workspace, batchId)).to).toBe(phones(1)[0]);
  });

  it('is not finished while one waits behind its cursors', async () => {
    const batchId = await seedAndCall();
    await hide(batchId);
    expect((await change(batchId, 'finish')).result).toBe('UNSETTLED');
  });
});

describe('A slot', () => {
  it('is counted for as long as its call lasts', async () => {
    await setLimit(2);
    const batchId = await seedBatch(test.db, workspace, { recipients: 9, opening: LONG });
    await claimOne(test.db, workspace, batchId);
    for (let minute = 0; minute < 3; minute++) {
      await clock.pass(60_000);
      const { id } = await claimOne(test.db, workspace, batchId);
      expect(await claim(test.db, workspace, [lane(batchId)])).toMatchObject([{ reason: 'WORKSPACE_LIMIT' }]);
      await endCall(id);
    }
  });

  it('is counted when evidence takes it back after hours', async () => {
    await setLimit(2);
    const batchId = await seedBatch(test.db, workspace, { recipients: 9, opening: LONG });
    const released = await claimOne(test.db, workspace, batchId);
    await test.db.pool.query(
      `UPDATE attempts SET state = 'RELEASED', slot_held = false, spends_attempt = false, settle_at = NULL WHERE id = $1`,
      [released.id],
    );
    for (let minute = 0; minute < 3; minute++) {
      await clock.pass(60_000);
      await endCall((await claimOne(test.db, workspace, batchId)).id);
    }
    await recordFacts(test.db.pool, workspace.providerAccountId, [started(released.id)]);
    await claimOne(test.db, workspace, batchId);
    expect(await claim(test.db, workspace, [lane(batchId)])).toMatchObject([{ reason: 'WORKSPACE_LIMIT' }]);
  });
});

const FROM = { finish: ['RUNNING'], retry: ALLOWED_WHEN.retry, start: ['PENDING'] } as const;
const LONG = { opensInMs: -60_000, closesInMs: 7 * 86_400_000 };
const phones = (count: number) => Array.from({ length: count }, (_, index) => `+1202${5_000_000 + index}`);

async function seedAndCall(): Promise<string> {
  const batchId = await seedBatch(test.db, workspace, { phones: phones(1_200), opening: LONG });
  await callAll(batchId);
  return batchId;
}

/** One who waited until a minute ago is called, so that claims go on from there among those who wait for a time. */
async function callOneThatWaited(batchId: string): Promise<void> {
  const phone = '+12025550197';
  await test.db.pool.query('SELECT insert_recipients($1, NULL, $2)', [batchId, JSON.stringify([{ phone }])]);
  await test.db.pool.query(
    `UPDATE recipient_states SET due_at = dialwright_now() - interval '1 minute' WHERE batch_id = $1 AND phone = $2`,
    [batchId, phone],
  );
  expect((await claimOne(test.db, workspace, batchId)).to).toBe(phone);
}

/** Calls 1,200 recipients, by claims a second apart; all of the calls end. */
async function callAll(batchId: string): Promise<void> {
  for (let called = 0; called < 1_200; called += 16) {
    const answers = await claim(
      test.db,
      workspace,
      Array.from({ length: 16 }, () => lane(batchId)),
    );
    expect(answers.filter(({ verdict }) => verdict === 'CLAIMED')).toHaveLength(16);
    await clock.pass(1_000);
  }
  await test.db.pool.query(
    `UPDATE attempts SET state = 'ENDED', outcome = 'ANSWERED', slot_held = false, settle_at = NULL WHERE batch_id = $1`,
    [batchId],
  );
  await test.db.pool.query(
    `UPDATE recipient_states SET state = 'COMPLETED' WHERE batch_id = $1 AND state = 'IN_PROGRESS'`,
    [batchId],
  );
}

/** As nothing in the product does: one waits in a place that the claims have passed. */
const hide = (batchId: string) =>
  test.db.pool.query(
    `UPDATE recipient_states SET state = 'WAITING', attempts_spent = 0 WHERE batch_id = $1 AND ordinal =
       (SELECT min(ordinal) FROM recipient_states WHERE batch_id = $1)`,
    [batchId],
  );

const endCall = (id: string) =>
  test.db.pool.query(
    `UPDATE attempts SET state = 'ENDED', outcome = 'ANSWERED', slot_held = false, settle_at = NULL WHERE id = $1`,
    [id],
  );

const setLimit = (slots: number) =>
  test.db.pool.query('UPDATE workspaces SET concurrency_limit = $2 WHERE id = $1', [workspace.workspaceId, slots]);

async function edit(recipientId: string, patch: Parameters<typeof editRecipient>[1]['patch']): Promise<string> {
  const { result } = await editRecipient(test.db.pool, {
    workspaceId: workspace.workspaceId,
    recipientId,
    actor: 'test',
    from: ['RUNNING'],
    patch,
    hours: { hoursIn: 'batch', purpose: null, unknownZone: 'hold' },
  });
  return result;
}

function change(batchId: string, action: 'finish' | 'retry' | 'start') {
  const { workspaceId } = workspace;
  return changeBatch(test.db.pool, {
    workspaceId,
    batchId,
    action,
    from: FROM[action],
    actor: 'test',
    commandId: null,
  });
}
