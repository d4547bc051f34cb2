import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { changeBatch } from '../../store/changes/change-batch.js';
import { releaseCall } from '../../store/calls/answer-call.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { claim, claimOne, lane, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';

/** Races on real connections: every pool.query below runs on a connection of its own. */
let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db, { concurrencyLimit: 7 });
});
afterAll(() => test.drop());

it('gives ten racing workers together no more calls than slots, and nobody twice', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 30 });
  const workers = Array.from({ length: 10 }, (_, worker) =>
    claim(test.db, workspace, [lane(batchId), lane(batchId), lane(batchId)], `worker-${worker}`),
  );
  const claimed = (await Promise.all(workers))
    .flat()
    .flatMap((answer) => (answer.verdict === 'CLAIMED' ? [answer.call.to] : []));
  expect(claimed).toHaveLength(7);
  expect(new Set(claimed).size).toBe(7);
});

it.each([
  ['the limit of the number', 'UPDATE phone_numbers SET concurrency_limit = 4 WHERE id = $1', 4],
  ['its calls per second', 'UPDATE phone_numbers SET calls_per_second = 5 WHERE id = $1', 5],
])('gives racing workers with two batches together no more calls than %s', async (_what, sql, most) => {
  await test.db.pool.query(sql, [workspace.fromNumberId]);
  const batches = [
    await seedBatch(test.db, workspace, { recipients: 20 }),
    await seedBatch(test.db, workspace, {
      phones: Array.from({ length: 20 }, (_, index) => `+1202556${1000 + index}`),
    }),
  ];
  const workers = Array.from({ length: 10 }, (_, worker) =>
    claim(
      test.db,
      workspace,
      batches.flatMap((id) => [lane(id), lane(id)]),
      `worker-${worker}`,
    ),
  );
  const claimed = (await Promise.all(workers)).flat().filter((answer) => answer.verdict === 'CLAIMED');
  expect(claimed).toHaveLength(most);
});

it('gives a claim key that is used on two connections at once one attempt', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 5 });
  const same = lane(batchId);
  const answers = (await Promise.all([claim(test.db, workspace, [same]), claim(test.db, workspace, [same])])).flat();
  expect(answers.map((answer) => answer.verdict).sort()).toEqual(['CLAIMED', 'REPEATED']);
  expect(await test.db.prisma.attempt.count({ where: { batchId } })).toBe(1);
});

it('commits no dial after a pause has been answered', async () => {
  await test.db.pool.query('UPDATE workspaces SET concurrency_limit = 10000 WHERE id = $1', [workspace.workspaceId]);
  for (let round = 0; round < 15; round++) {
    const batchId = await seedBatch(test.db, workspace, {
      phones: Array.from({ length: 400 }, (_, index) => `+1202${5_000_000 + round * 1_000 + index}`),
    });
    const countAttempts = () => test.db.prisma.attempt.count({ where: { batchId } });
    const dialler = async (): Promise<void> => {
      for (;;) {
        const answers = await claim(test.db, workspace, [lane(batchId), lane(batchId)]);
        if (answers.some((answer) => answer.verdict === 'END')) return;
      }
    };
    const diallers = Array.from({ length: 6 }, dialler);
    while ((await countAttempts()) < 20);
    await changeBatch(test.db.pool, {
      workspaceId: workspace.workspaceId,
      batchId,
      action: 'pause',
      from: ALLOWED_WHEN.pause,
      actor: 'test',
      commandId: null,
    });
    const atTheAnswer = await countAttempts();
    await Promise.all(diallers);
    // Not by the stamp of the attempts: what matters is that none is committed after the answer.
    expect(await countAttempts()).toBe(atTheAnswer);
    expect(await recipientStates(test.db, batchId)).toContain('WAITING');
  }
});

it('never both releases a call and gives its recipient to two lanes', async () => {
  await test.db.pool.query('UPDATE workspaces SET concurrency_limit = 100 WHERE id = $1', [workspace.workspaceId]);
  for (let round = 0; round < 10; round++) {
    const batchId = await seedBatch(test.db, workspace, { phones: [`+1202555${3000 + round}`] });
    const call = await claimOne(test.db, workspace, batchId);
    const release = {
      workspaceId: workspace.workspaceId,
      claimKey: call.claimKey,
      dialToken: call.dialToken,
      why: 'race',
    };
    const answers = await Promise.all([
      releaseCall(test.db.pool, release),
      ...Array.from({ length: 4 }, () => claim(test.db, workspace, [lane(batchId)])),
    ]);
    const claimed = answers.flat().filter((answer) => typeof answer === 'object' && answer.verdict === 'CLAIMED');
    expect(claimed.length).toBeLessThanOrEqual(1);
    expect(await test.db.prisma.attempt.count({ where: { batchId, slotHeld: true } })).toBe(claimed.length);
  }
});
