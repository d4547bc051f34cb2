import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { claim, lane, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';
import { untilLockIsAwaited } from '../support/workspace-lock.js';
import { editRecipient } from '../../store/recipients/edit-recipient.js';

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

const editIn = (db: Parameters<typeof editRecipient>[0], recipientId: string, city: string) =>
  editRecipient(db, {
    workspaceId: workspace.workspaceId,
    recipientId,
    actor: 'test',
    from: ['RUNNING'],
    patch: { variables: { city } },
    hours: { hoursIn: 'batch', purpose: null, unknownZone: 'hold' },
  });

it('begins no call with what a recipient was before, once a change has been answered', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
  const { id } = await test.db.prisma.recipient.findFirstOrThrow({ where: { batchId } });
  const tx = await test.db.pool.connect();
  try {
    await tx.query('BEGIN');
    expect((await editIn(tx, id, 'Rome')).result).toBe('EDITED');
    const claiming = claim(test.db, workspace, [lane(batchId)]);
    await untilLockIsAwaited(test.db);
    await tx.query('COMMIT');
    expect(await claiming).toMatchObject([{ verdict: 'CLAIMED', call: { variables: { city: 'Rome' } } }]);
  } finally {
    tx.release();
  }
});

it('changes nobody whom a claim has taken meanwhile', async () => {
  const batchId = await seedBatch(test.db, workspace, { recipients: 1 });
  const { id } = await test.db.prisma.recipient.findFirstOrThrow({ where: { batchId } });
  const [[first], edited] = await Promise.all([
    claim(test.db, workspace, [lane(batchId)]),
    editIn(test.db.pool, id, 'Oslo'),
  ]);
  const city = first?.verdict === 'CLAIMED' ? first.call.variables['city'] : 'nobody was called';
  expect(edited.result === 'EDITED' ? ['EDITED', 'Oslo'] : ['NOT_WAITING', undefined]).toEqual([edited.result, city]);
});
