import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BatchRow } from '../../../store/batches/read-batches.js';
import { listRecipients } from '../../../store/recipients/read-recipients.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

const RECIPIENTS = 6_000;
const LIMIT = 700;

let test: TestDatabase;
let workspace: Workspace;
beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
});
afterAll(() => test.drop());

/** Every page of a list, put together. */
async function listAll(batchId: string, status: string): Promise<string[]> {
  // The list reads no more of a batch than these.
  const batch = { id: batchId, openZones: [''] } as unknown as BatchRow;
  const found: string[] = [];
  for (let after: { state: string; ordinal: string } | null = null; ;) {
    const filter = { status, waitingMeans: 'PENDING_OR_QUEUED', retryOutstanding: false, sort: 'ordinal' } as const;
    const rows = await listRecipients(test.db, batch, { ...filter, after, limit: LIMIT });
    found.push(...rows.map(({ ordinal }) => ordinal));
    const last = rows.at(-1);
    if (!last || rows.length < LIMIT) return found;
    after = { state: last.state, ordinal: last.ordinal };
  }
}

it.each([
  ['few wait for a later time', 's.ordinal % 1000 = 0', 'false'],
  ['few wait in a closed zone', 'false', 's.ordinal % 1000 = 0'],
  ['few could be called now', 's.ordinal % 1000 <> 0', 'false'],
  ['half of them wait', 's.ordinal % 4 = 0', 's.ordinal % 4 = 1'],
  ['nobody waits', 'false', 'false'],
  ['all wait', 'true', 'false'],
])(
  'lists each waiting recipient of a large batch once, as queued or as pending, in order of arrival, when %s',
  async (_what, later, closed) => {
    const phones = Array.from({ length: RECIPIENTS }, (_, index) => `+1${2_122_200_000 + index}`);
    const batchId = await seedBatch(test.db, workspace, { phones });
    await test.db.pool.query(
      `UPDATE recipient_states s SET due_at = CASE WHEN ${later} THEN dialwright_now() + interval '1 hour' ELSE due_at END,
       zone_set = CASE WHEN ${closed} THEN 'Asia/Tokyo' ELSE '' END WHERE batch_id = $1`,
      [batchId],
    );
    await test.db.pool.query(`INSERT INTO batch_zones VALUES ($1, 'Asia/Tokyo') ON CONFLICT DO NOTHING`, [batchId]);
    const { rows } = await test.db.pool.query<{ ordinal: string; isPending: boolean }>(
      `SELECT s.ordinal::text, ${later} OR ${closed} AS "isPending" FROM recipient_states s WHERE batch_id = $1 ORDER BY s.ordinal`,
      [batchId],
    );
    const expected = (isPending: boolean) =>
      rows.filter((row) => row.isPending === isPending).map(({ ordinal }) => ordinal);
    expect(await listAll(batchId, 'PENDING')).toEqual(expected(true));
    expect(await listAll(batchId, 'QUEUED')).toEqual(expected(false));
  },
);
