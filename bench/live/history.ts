import { sealCursor } from '../../api/http/bodies/page-cursors.js';
import { writeCursor } from '../../api/http/paging.js';
import { claimCalls } from '../../store/claims/claim-calls.js';
import { addFigures } from '../../store/figures/add-figures.js';
import { lane } from '../../test/support/seed.js';
import { createLargeDraft, withStack, type BenchBatch, type BenchStack } from '../bench-stack.js';
import { percentileOf } from '../percentile.js';
import type { Row, Story } from '../story.js';

const BATCHES = 20;
const RECIPIENTS_EACH = 50_000;
const ATTEMPTS_EACH = 5;
const DAYS = 60;
const ROUNDS = 30;
const WARM_UPS = 3;
const CLAIMS = 100;
const LANES = 8;
/** Each adds 20,000 changes, of some 75,000, unless the worker adds just then. */
const ADD_ROUNDS_MAX = 100;

export const history: Story = {
  name: 'history',
  what: `${BATCHES * RECIPIENTS_EACH} recipients and ${BATCHES * RECIPIENTS_EACH * ATTEMPTS_EACH} attempts of ${DAYS} days in one workspace: figures, lists and details of calls through the API, and claims`,
  run: ({ dir, say }) =>
    withStack({ dir, slots: 0, carrier: {} }, async (bench) => {
      const batches = await fill(bench, say);
      return [...(await readAll(bench, batches, say)), await claim(bench, batches[0]!, say)]; // there are some
    }),
};

/** As they would stand had they been called, five times each, all over the days; the last batch is running. */
async function fill(bench: BenchStack, say: (text: string) => void): Promise<BenchBatch[]> {
  const { pool } = bench;
  const batches: BenchBatch[] = [];
  await pool.query('ALTER TABLE attempts DISABLE TRIGGER USER');
  for (let index = 0; index < BATCHES; index++) {
    const batch = await createLargeDraft(bench, `Batch ${index}`, RECIPIENTS_EACH);
    batches.push(batch);
    await pool.query(INSERT_ATTEMPTS, [batch.uuid, index]);
    say(`${(index + 1) * RECIPIENTS_EACH * ATTEMPTS_EACH} attempts`);
  }
  await pool.query('ALTER TABLE attempts ENABLE TRIGGER USER');
  await pool.query(
    `INSERT INTO figure_changes (workspace_id, batch_id, bucket_at, measure, change)
     SELECT a.workspace_id, a.batch_id, f.bucket_at, f.measure, sum(f.value) FROM attempts a, figures_of(a) f GROUP BY 1, 2, 3, 4`,
  );
  for (let round = 0; round < ADD_ROUNDS_MAX; round++) {
    await addFigures(pool);
    const { rows } = await pool.query<{ left: boolean }>('SELECT EXISTS (SELECT FROM figure_changes) AS left');
    if (!rows[0]?.left) break;
  }
  await pool.query('VACUUM ANALYZE');
  say('figures are there');
  return batches;
}

/** Each batch calls for three days, from its day on. */
const INSERT_ATTEMPTS = `
  INSERT INTO attempts (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone, phone_key, number, generation, state, outcome,
    claim_key, dial_token, slot_held, dialing_at, dial_deadline, hard_end_at, accepted_at, ended_at, duration_ms, successful)
  SELECT b.workspace_id, b.id, r.id, n.provider_account_id, n.id, r.phone, r.phone, t.number, 1, 'ENDED',
    (ARRAY['ANSWERED', 'VOICEMAIL', 'NO_ANSWER', 'BUSY', 'ANSWERED', 'NO_ANSWER'])[1 + (r.ordinal + t.number) % 6],
    b.id || '/' || r.ordinal || '/' || t.number, gen_random_uuid(), false, t.at, t.at, t.at + interval '1 hour', t.at, t.at + interval '40 s',
    30000, (r.ordinal + t.number) % 12 = 0
  FROM batches b JOIN phone_numbers n ON n.id = b.from_number_id JOIN recipients r ON r.batch_id = b.id
    CROSS JOIN LATERAL (SELECT number, dialwright_now() - interval '${DAYS} days' + $2 * interval '${DAYS / BATCHES} days'
      + (number - 1) * interval '14 hours' + (r.ordinal % ${RECIPIENTS_EACH}) * interval '1 s' AS at FROM generate_series(1, ${ATTEMPTS_EACH}) number) t
  WHERE b.id = $1 ORDER BY t.at`;

async function readAll(
  { call, pool }: BenchStack,
  batches: readonly BenchBatch[],
  say: (text: string) => void,
): Promise<Row[]> {
  const { rows } = await pool.query<{ id: string; at: string; uuid: string }>(
    `SELECT 'att_' || replace(id::text, '-', '') AS id, id::text AS uuid, dialing_at::text AS at FROM attempts TABLESAMPLE SYSTEM (0.01) LIMIT 60`,
  );
  const at = (round: number) => rows[round % rows.length]!; // there are some
  const deep = (round: number) =>
    `cursor=${sealCursor({ id: 'listCalls', params: undefined }, writeCursor([at(round).at, at(round).uuid]))}`;
  const batch = (round: number) => batches[round % batches.length]!; // there are some
  const days = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
  const views: [label: string, path: (round: number) => string][] = [
    ['figures of a day', () => `/v1/series`],
    ['figures of 60 days', () => `/v1/series?from=${days(60)}&bucket=day&timeZone=Europe/Madrid`],
    ['figures of a batch', (round) => `/v1/batches/${batch(round).id}/series?from=${days(60)}`],
    ['calls, first page', () => '/v1/calls'],
    ['calls, deep page', (round) => `/v1/calls?${deep(round)}`],
    ['calls of an outcome', (round) => `/v1/calls?outcome=BUSY&${deep(round)}`],
    ['calls of a rare outcome', (round) => `/v1/calls?outcome=DECLINED&${deep(round)}`],
    ['calls of a batch and a state', (round) => `/v1/calls?batchId=${batch(round).id}&state=ENDED`],
    ['a call', (round) => `/v1/calls/${at(round).id}`],
    ['usage', () => '/v1/workspace/usage'],
  ];
  const tookMs = new Map<string, number[]>(views.map(([label]) => [label, []]));
  for (let round = -WARM_UPS; round < ROUNDS; round++)
    for (const [label, pathOf] of views) {
      const sentMs = performance.now();
      await call('GET', pathOf(Math.max(round, 0)));
      if (round >= 0) tookMs.get(label)?.push(performance.now() - sentMs);
    }
  return [...tookMs].map(([label, values]) => {
    say(`${label}: p50 ${percentileOf(values, 50).toFixed(1)} ms, p95 ${percentileOf(values, 95).toFixed(1)} ms`);
    return { label: `${label} p95`, value: percentileOf(values, 95), unit: 'ms', bar: 50, better: 'lower' };
  });
}

/** From a batch whose recipients wait, in that workspace. Each claim is taken back, so that all are alike. */
async function claim({ call, pool }: BenchStack, batch: BenchBatch, say: (text: string) => void): Promise<Row> {
  await call('PATCH', '/v1/workspace', { concurrency: 1_000 });
  const { rows } = await pool.query<{ id: string }>(
    `UPDATE batches SET status = 'RUNNING', start_at = dialwright_now(), openings_until = 'infinity' WHERE id = $1 RETURNING workspace_id AS id`,
    [batch.uuid],
  );
  await pool.query(
    `INSERT INTO openings (batch_id, hours_version, opens_at, closes_at)
     SELECT id, hours_version, dialwright_now() - interval '1 hour', dialwright_now() + interval '1 day' FROM batches WHERE id = $1`,
    [batch.uuid],
  );
  const tookMs: number[] = [];
  const client = await pool.connect();
  try {
    for (let round = 0; round < CLAIMS; round++) {
      await client.query('BEGIN');
      const sentMs = performance.now();
      const answers = await claimCalls(client, {
        workspaceId: rows[0]!.id, // the batch is there
        process: 'bench',
        dialBudgetMs: 250,
        requestTimeoutMs: 8_000,
        claimsMax: LANES,
        lanes: Array.from({ length: LANES }, () => lane(batch.uuid)),
      });
      tookMs.push(performance.now() - sentMs);
      await client.query('ROLLBACK');
      if (answers.some(({ verdict }) => verdict !== 'CLAIMED'))
        throw new Error(`not claimed: ${JSON.stringify(answers)}`);
    }
  } finally {
    client.release();
  }
  say(
    `claims of ${LANES} lanes: p50 ${percentileOf(tookMs, 50).toFixed(1)} ms, p95 ${percentileOf(tookMs, 95).toFixed(1)} ms`,
  );
  return { label: 'claim p95', value: percentileOf(tookMs, 95), unit: 'ms', bar: 20, better: 'lower' };
}
