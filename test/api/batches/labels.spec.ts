import { LABELS_MAX } from '../../../domain/batches/labels.js';
import { seedBatch } from '../../support/seed.js';
import { publicId } from '../../../domain/ids.js';
import { uuidOf } from '../support/batch-rows.js';
import { uploadCsv } from '../support/imports.js';
import { CSV, draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const update = (batchId: string, json: object) => send(api, 'updateBatch', { params: { batchId }, json });
const found = async (query: Record<string, string | string[]>) =>
  (await send(api, 'listBatches', { query })).body.data.map(({ id }: { id: string }) => id);

describe('labels of a batch', () => {
  it('are shown as they were created, changed one by one in every status, and copied by a duplicate', async () => {
    const batchId = await draft(api, { labels: { team: 'north', season: 'autumn 2026' } });
    const changed = await update(batchId, { labels: { team: 'south', season: null, list: 'a:b' } });
    expect(changed.body.labels).toEqual({ team: 'south', list: 'a:b' });
    const copy = await send(api, 'duplicateBatch', { params: { batchId } });
    expect(copy.body.labels).toEqual({ team: 'south', list: 'a:b' });
    const done = publicId('batch', await seedBatch(api.db, api.workspace, { status: 'COMPLETED' }));
    expect((await update(done, { labels: { team: 'south' } })).body.labels).toEqual({ team: 'south' });
    expect((await update(done, { labels: null })).body.labels).toEqual({});
  });

  it('are at most so many after a change too, and both of two changes at once hold', async () => {
    const batchId = await draft(api, {
      labels: Object.fromEntries(Array.from({ length: LABELS_MAX - 2 }, (_, n) => [`k${n}`, 'v'])),
    });
    await Promise.all(['a', 'b'].map((key) => update(batchId, { labels: { [key]: 'x' } })));
    const { body } = await send(api, 'getBatch', { params: { batchId } });
    expect(body.labels).toMatchObject({ a: 'x', b: 'x' });
    const { status, problem } = await update(batchId, { labels: { c: 'x' } });
    expect([status, problem.errors[0]?.field]).toEqual([422, 'labels']);
  });

  it('find a batch, all of them together, and none of another workspace', async () => {
    const both = await draft(api, { labels: { region: 'eu', tier: 'gold' } });
    const one = await draft(api, { labels: { region: 'eu' } });
    expect(await found({ label: 'region:eu' })).toEqual([one, both]);
    expect(await found({ label: ['region:eu', 'tier:gold'] })).toEqual([both]);
    expect(await found({ label: ['region:eu', 'region:us'] })).toEqual([]);
    expect(await found({ label: 'region:e' })).toEqual([]);
    const other = await send(api, 'listBatches', { query: { label: 'region:eu' }, key: api.other.keys.viewer });
    expect(other.body.data).toEqual([]);
    const wrong = await send(api, 'listBatches', { query: { label: 'region' } });
    expect([wrong.status, wrong.problem.errors[0]?.field]).toEqual([422, 'label[0]']);
  });

  it('are found by an index', async () => {
    const { rows } = await api.db.pool.query(`SELECT indexdef FROM pg_indexes WHERE indexname = 'batches_labels_idx'`);
    expect(rows[0].indexdef).toContain('gin (labels jsonb_path_ops)');
    const tx = await api.db.pool.connect();
    try {
      await tx.query('BEGIN');
      await tx.query('SET LOCAL enable_seqscan = off');
      await tx.query('SET LOCAL enable_indexscan = off');
      const plan = await tx.query(
        `EXPLAIN SELECT id FROM batches WHERE labels <> '{}' AND labels @> '{"region": "eu"}'::jsonb`,
      );
      expect(JSON.stringify(plan.rows)).toContain('batches_labels_idx');
      await tx.query('ROLLBACK');
    } finally {
      tx.release();
    }
  });
});

describe('a list of what was made between two instants', () => {
  it('has what was made at the first and not what was made at the second, page by page', async () => {
    const ids = [await draft(api), await draft(api), await draft(api)];
    const at = (n: number) => `2025-03-01T0${n}:00:00.000Z`;
    for (const [n, id] of ids.entries())
      await api.db.pool.query('UPDATE batches SET created_at = $2 WHERE id = $1', [uuidOf(id), at(n)]);
    const between = { createdFrom: at(0), createdTo: at(2) };
    expect(await found(between)).toEqual([ids[1], ids[0]]);
    const first = await send(api, 'listBatches', { query: { ...between, limit: '1' } });
    expect(await found({ ...between, limit: '1', cursor: first.body.nextCursor })).toEqual([ids[0]]);
    expect(await found({ createdTo: at(0) })).toEqual([]);
  });

  it('is one of suppressed numbers and of imports too', async () => {
    await send(api, 'addSuppressions', { json: { phoneNumbers: ['+12025550161'] } });
    const batchId = await draft(api);
    await uploadCsv(api, batchId, CSV);
    for (const [id, params] of [
      ['listSuppressions', {}],
      ['listImports', { batchId }],
    ] as const) {
      const { createdAt } = (await send(api, id, { params })).body.data[0];
      const later = new Date(Date.parse(createdAt) + 1).toISOString();
      const count = async (query: Record<string, string>) => (await send(api, id, { params, query })).body.data.length;
      expect([id, await count({ createdFrom: createdAt, createdTo: later })]).toEqual([id, 1]);
      expect([id, await count({ createdFrom: later })]).toEqual([id, 0]);
      expect([id, await count({ createdTo: createdAt })]).toEqual([id, 0]);
    }
  });
});
