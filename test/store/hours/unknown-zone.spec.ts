import { extendOpenings } from '../../../activities/batch-activities.js';
import type { CallWindow } from '../../../domain/hours/window.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

/** A zone that newer time zone data than ours might have. */
const NEW_ZONE = 'America/Atlantis';
const WINDOW: CallWindow = { monday: [['09:00', '17:00']] };

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  await test.db.pool.query(`UPDATE batches SET status = 'CANCELLED'`);
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

const seed = (timeZone: string, status: 'RUNNING' | 'SCHEDULED' | 'PAUSED' = 'RUNNING') =>
  seedBatch(test.db, workspace, {
    status,
    recipients: 1,
    opening: null,
    timeZone,
    window: WINDOW as Record<string, string[][]>,
  });
const read = (id: string) => test.db.prisma.batch.findUniqueOrThrow({ where: { id } });
const countOpenings = (batchId: string) => test.db.prisma.opening.count({ where: { batchId } });

it.each(['RUNNING', 'SCHEDULED'] as const)(
  'pauses a batch (%s) whose zone the time zone data of this process do not have, says so, and gives the others their hours',
  async (status) => {
    const [before, strange, after] = [
      await seed('Europe/Madrid'),
      await seed(NEW_ZONE, status),
      await seed('Asia/Tokyo'),
    ];
    expect(await extendOpenings(test.db)).toEqual([strange]);
    expect(await read(strange)).toMatchObject({ status: 'PAUSED' });
    expect((await read(strange)).statusReason).toContain(`do not have the zone '${NEW_ZONE}'`);
    for (const batchId of [before, after]) {
      expect(await countOpenings(batchId)).toBeGreaterThan(0);
      expect((await read(batchId)).status).toBe('RUNNING');
    }
    expect(await countOpenings(strange)).toBe(0);
  },
);

it('pauses a batch for the zone of one recipient too', async () => {
  const batchId = await seed('Europe/Madrid');
  await test.db.pool.query(`UPDATE batches SET hours_in = 'recipient' WHERE id = $1`, [batchId]);
  await test.db.pool.query('INSERT INTO batch_zones VALUES ($1, $2)', [batchId, NEW_ZONE]);
  expect(await extendOpenings(test.db, { batchId })).toEqual([batchId]);
  expect((await read(batchId)).statusReason).toContain(NEW_ZONE);
});

it('writes nothing more about a batch that is paused, however often it is looked at', async () => {
  const batchId = await seed(NEW_ZONE);
  await extendOpenings(test.db);
  const { version } = await read(batchId);
  for (const _ of [1, 2, 3]) expect(await extendOpenings(test.db)).toEqual([]);
  expect((await read(batchId)).version).toBe(version);
  expect(await test.db.prisma.auditEvent.count({ where: { batchId } })).toBe(1);
});

it('gives a batch its hours behind more batches than one look takes that have none', async () => {
  await test.db.pool.query(
    `INSERT INTO batches (workspace_id, name, status, from_number_id, agent_id, time_zone, "window", start_at)
     SELECT workspace_id, name, 'PAUSED', from_number_id, agent_id, time_zone, "window", start_at FROM batches, generate_series(1, 101) WHERE id = $1`,
    [await seed(NEW_ZONE, 'PAUSED')],
  );
  const last = await seed('Europe/Madrid');
  await extendOpenings(test.db);
  expect(await countOpenings(last)).toBeGreaterThan(0);
});
