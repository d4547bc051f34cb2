import { takeUnsettled } from '../../../store/attempts/settle-attempts.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { acceptCall, claimOne, readAttempt, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.db.pool.query('UPDATE attempts SET settle_at = NULL'));
afterAll(() => test.drop());

const NEXT_LOOK_MS = 1_000;
const NO_ROOM = { each: 0, except: {} };

/** Live calls of an account of their own, due in order, since that many seconds. */
async function dueCalls(count: number, sinceSeconds: number): Promise<{ workspace: Workspace; ids: string[] }> {
  const workspace = await seedWorkspace(test.db, { concurrencyLimit: count });
  const batchId = await seedBatch(test.db, workspace, { recipients: count });
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const { id } = await claimOne(test.db, workspace, batchId);
    await acceptCall(test.db.pool, id, `call-${index}`);
    await test.db.pool.query(
      `UPDATE attempts SET settle_at = dialwright_now() - make_interval(secs => $2) WHERE id = $1`,
      [id, sinceSeconds - index / 10],
    );
    ids.push(id);
  }
  return { workspace, ids };
}

const taken = async (limit: number, rooms?: Parameters<typeof takeUnsettled>[3]) =>
  (await takeUnsettled(test.db.pool, limit, NEXT_LOOK_MS, rooms)).map(({ attemptId }) => attemptId);
const askToHangUp = (workspace: Workspace, id: string) =>
  test.db.pool.query('SELECT request_hang_up($1, $2, $3)', [workspace.workspaceId, id, '"test"']);

it('every account has its turn, however many calls of another were due before', async () => {
  const many = await dueCalls(6, 60);
  const few = await dueCalls(2, 30);
  expect(await taken(4)).toEqual(expect.arrayContaining([...few.ids, many.ids[0], many.ids[1]]));
  expect(await taken(10)).toEqual(many.ids.slice(2));
});

it('no more of an account, or of a workspace, are taken than it has room for', async () => {
  const first = await dueCalls(4, 60);
  const second = await dueCalls(4, 50);
  const third = await dueCalls(4, 40);
  const except = { [first.workspace.providerAccountId]: 1, [second.workspace.workspaceId]: -1 };
  const ids = await taken(10, { each: 2, except });
  expect(ids.sort()).toEqual([first.ids[0], ...third.ids.slice(0, 2)].sort());
});

it('a call that is to be hung up comes before all look-ups of its account', async () => {
  const { workspace, ids } = await dueCalls(5, 60);
  await askToHangUp(workspace, ids[4]!);
  await askToHangUp(workspace, ids[2]!);
  expect(await taken(2)).toEqual([ids[4], ids[2]]);
});

it('a hard end is written down though nobody may be asked about anything', async () => {
  const { ids } = await dueCalls(3, 60);
  await test.db.pool.query(`UPDATE attempts SET hard_end_at = dialwright_now() WHERE id = $1`, [ids[2]]);
  expect(await taken(0, NO_ROOM)).toEqual([]);
  expect(await readAttempt(test.db, ids[2]!)).toMatchObject({ state: 'UNCERTAIN', slotHeld: false });
  expect(await readAttempt(test.db, ids[0]!)).toMatchObject({ state: 'IN_PROGRESS', slotHeld: true });
  // The provider knows how an accepted call ended: it is asked when there is room.
  expect(await taken(10)).toHaveLength(3);
});
