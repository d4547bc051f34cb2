import path from 'node:path';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startDevDb } from '../dev/servers/dev-db.js';
import { claimCalls, type ClaimAnswer, type ClaimedCall } from '../store/claims/claim-calls.js';
import { openDatabase, type Database } from '../store/database.js';
import { migrate } from '../store/migrate.js';
import { percentileOf } from './percentile.js';
import type { Story } from './story.js';

const CALLS = 300_000;
const RECIPIENTS = 310_000;
/** Calls of a claim while the many are made, and of a measured one: a claimer asks for 16 at most. */
const LANES = 16;
const MEASURED_CLAIMS = 300;
/** Calls that stay live from the beginning: what is held must not be looked for among what has ended. */
const LONG_CALLS = 20;
const SAID_EVERY_CALLS = 50_000;

export const snapshot: Story = {
  name: 'snapshot',
  what: `claims of ${LANES} lanes after ${CALLS.toLocaleString('en')} calls since a snapshot was opened, ${LONG_CALLS} of which are live`,
  run: async ({ dir, say }) => {
    // Rows of a bench need not survive a power cut; what is measured is what a claim reads.
    const server = await startDevDb({ dir: path.join(dir, 'pg'), settings: { synchronous_commit: 'off' } });
    try {
      await migrate(server.url);
      const db = openDatabase({ url: server.url, connectionsMax: 1 });
      const holder = new pg.Client({ connectionString: server.url });
      try {
        const where = await seed(db);
        await holder.connect();
        await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        await holder.query('SELECT FROM workspaces');
        await claim(db, where, LONG_CALLS);
        const early = await measure(db, where, LONG_CALLS);
        say(`Before: claim p50 ${percentileOf(early, 50).toFixed(1)} ms, p95 ${percentileOf(early, 95).toFixed(1)} ms`);
        await makeCalls(db, where, say);
        const late = await measure(db, where);
        say(`After: claim p50 ${percentileOf(late, 50).toFixed(1)} ms, p95 ${percentileOf(late, 95).toFixed(1)} ms`);
        return [{ label: 'claim p95', value: percentileOf(late, 95), unit: 'ms', bar: 20, better: 'lower' }];
      } finally {
        await holder.end();
        await db.close();
      }
    } finally {
      await server.stop();
    }
  },
};

type Where = { workspaceId: string; batchId: string };

async function seed(db: Database): Promise<Where> {
  const { rows } = await db.pool.query<Where>(`
    WITH w AS (INSERT INTO workspaces (name, concurrency_limit) VALUES ('Bench', 1000) RETURNING id),
    a AS (INSERT INTO provider_accounts (workspace_id, kind, name, base_url, credentials) SELECT id, 'simulator', 'Carrier', 'http://127.0.0.1:9', '' FROM w RETURNING id, workspace_id),
    g AS (INSERT INTO agents (workspace_id, provider_account_id, provider_agent_id, name) SELECT workspace_id, id, 'agent', 'Agent' FROM a RETURNING id),
    n AS (INSERT INTO phone_numbers (workspace_id, provider_account_id, phone) SELECT workspace_id, id, '+12025550100' FROM a RETURNING id)
    INSERT INTO batches (workspace_id, name, status, from_number_id, agent_id, time_zone, "window", start_at, openings_until)
    SELECT w.id, 'Snapshot', 'RUNNING', n.id, g.id, 'UTC', '{}', now(), 'infinity' FROM w, n, g RETURNING workspace_id AS "workspaceId", id AS "batchId"`);
  const [where] = rows;
  if (!where) throw new Error('the batch was not made');
  const client = await db.pool.connect();
  try {
    await client.query('SET statement_timeout = 0');
    await client.query(
      `INSERT INTO openings (batch_id, hours_version, opens_at, closes_at) VALUES ($1, 1, now() - interval '1 hour', now() + interval '1 day')`,
      [where.batchId],
    );
    await client.query(
      `WITH r AS (INSERT INTO recipients (batch_id, phone) SELECT $1, '+1' || (2000000000 + g) FROM generate_series(1, ${RECIPIENTS}) g RETURNING id, batch_id, ordinal, phone)
       INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, phone_key) SELECT id, batch_id, ordinal, phone, phone FROM r`,
      [where.batchId],
    );
    await client.query('VACUUM ANALYZE');
    await client.query('RESET statement_timeout');
  } finally {
    client.release();
  }
  return where;
}

function claim(db: Database, { workspaceId, batchId }: Where, lanes = LANES): Promise<ClaimAnswer[]> {
  return claimCalls(db.pool, {
    workspaceId,
    process: 'bench',
    dialBudgetMs: 250,
    requestTimeoutMs: 8_000,
    claimsMax: lanes,
    lanes: Array.from({ length: lanes }, () => ({
      batchId,
      generation: 1,
      laneEpoch: 1,
      claimKey: `bench/${randomUUID()}`,
      dialToken: randomUUID(),
    })),
  });
}

async function claimAll(db: Database, where: Where): Promise<ClaimedCall[]> {
  const answers = await claim(db, where);
  const calls = answers.flatMap((answer) => (answer.verdict === 'CLAIMED' ? [answer.call] : []));
  if (calls.length !== LANES)
    throw new Error(`claimed ${calls.length} of ${LANES} calls: ${JSON.stringify(answers[0])}`);
  return calls;
}

/** Each call takes the way of every other: claim, accept, end, by the functions of the product, without a provider. */
async function acceptAndEnd(db: Database, calls: readonly ClaimedCall[]): Promise<void> {
  const ids = calls.map(({ id }) => id);
  await db.pool.query('SELECT accept_calls($1::uuid[], $1::uuid[]::text[], false)', [ids]);
  await db.pool.query(
    `SELECT end_attempt(a, 'ANSWERED', 'bench', dialwright_now(), 1000) FROM attempts a WHERE a.id = ANY ($1)`,
    [ids],
  );
}

async function makeCalls(db: Database, where: Where, say: (text: string) => void): Promise<void> {
  const startMs = performance.now();
  for (let made = 0; made < CALLS; made += LANES) {
    await acceptAndEnd(db, await claimAll(db, where));
    if (Math.floor(made / SAID_EVERY_CALLS) < Math.floor((made + LANES) / SAID_EVERY_CALLS))
      say(`${made + LANES} calls, ${(((made + LANES) * 1000) / (performance.now() - startMs)).toFixed(0)} a second`);
  }
}

async function measure(db: Database, where: Where, claims = MEASURED_CLAIMS): Promise<number[]> {
  const tookMs: number[] = [];
  for (let round = 0; round < claims; round++) {
    const startMs = performance.now();
    const calls = await claimAll(db, where);
    tookMs.push(performance.now() - startMs);
    await acceptAndEnd(db, calls);
  }
  return tookMs;
}
