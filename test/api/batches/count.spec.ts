import { BATCH_STATUSES, type BatchStatus } from '../../../domain/batches/status.js';
import { publicId } from '../../../domain/ids.js';
import { seedBatch } from '../../support/seed.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type Sent, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

type Counts = { counts: Record<BatchStatus, number>; total: number };
async function countsOf(query: NonNullable<Sent['query']> = {}): Promise<Counts> {
  const { status, body } = await send(api, 'countBatches', { query });
  expect(status).toBe(200);
  return body;
}
const withCounts = (counts: Partial<Counts['counts']>, total: number): Counts => ({
  counts: { ...(Object.fromEntries(BATCH_STATUSES.map((status) => [status, 0])) as Counts['counts']), ...counts },
  total,
});

describe('the counts of batches', () => {
  it('have every status, also where there is no batch', async () => {
    expect(await countsOf()).toEqual(withCounts({}, 0));
  });

  it('count the batches of each status that the list with the same search has, and no deleted, foreign or test ones', async () => {
    const labels = { team: 'north' };
    await draft(api, { name: 'Counted Ñ 1', labels });
    const second = await draft(api, { name: 'counted n 2', labels: { team: 'south' } });
    const deleted = await draft(api, { name: 'Counted N 3', labels });
    await send(api, 'deleteBatch', { params: { batchId: deleted } });
    const running = await seedBatch(api.db, api.workspace, { status: 'RUNNING' });
    await seedBatch(api.db, api.workspace, { status: 'COMPLETED' });
    await seedBatch(api.db, api.other.workspace, { status: 'RUNNING' });
    const testCall = await seedBatch(api.db, api.workspace, { status: 'COMPLETED' });
    await api.db.pool.query(`UPDATE batches SET kind = 'TEST' WHERE id = $1`, [testCall]);

    expect(await countsOf()).toEqual(withCounts({ DRAFT: 2, RUNNING: 1, COMPLETED: 1 }, 4));
    expect(await countsOf({ kind: 'test' })).toEqual(withCounts({ COMPLETED: 1 }, 1));
    expect(await countsOf({ kind: 'all' })).toEqual(withCounts({ DRAFT: 2, RUNNING: 1, COMPLETED: 2 }, 5));
    expect(await countsOf({ search: 'COUNTED N' })).toEqual(withCounts({ DRAFT: 2 }, 2));
    expect(await countsOf({ search: second })).toEqual(withCounts({ DRAFT: 1 }, 1));
    expect(await countsOf({ search: publicId('batch', running) })).toEqual(withCounts({ RUNNING: 1 }, 1));
    expect(await countsOf({ label: 'team:north' })).toEqual(withCounts({ DRAFT: 1 }, 1));
    expect(await countsOf({ label: ['team:north', 'team:south'] })).toEqual(withCounts({}, 0));
  });

  it.each([
    [{ kind: 'none' }, 'kind'],
    [{ label: 'north' }, 'label[0]'],
    [{ search: 'x'.repeat(101) }, 'search'],
  ])('are refused for %j', async (query, field) => {
    const { status, problem } = await send(api, 'countBatches', { query });
    expect([status, problem.errors?.map((error) => error.field)]).toEqual([422, [field]]);
  });
});
