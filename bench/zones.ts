import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { startDevDb } from '../dev/servers/dev-db.js';
import { migrate } from '../store/migrate.js';
import { claimCalls } from '../store/claims/claim-calls.js';
import { openDatabase, type Database } from '../store/database.js';
import { percentileOf } from './percentile.js';
import type { Story } from './story.js';

const RECIPIENTS = 1_000_000;
const ZONES = 60;
const OPEN_ZONES = 6;
const CLAIMS = 600;
const LANES = 8;
/** Linux tells processor time in hundredths of a second. */
const CLOCK_TICK_MS = 10;

export const zones: Story = {
  name: 'zones',
  what: `claims of ${LANES} lanes from ${RECIPIENTS} recipients in ${ZONES} zones, of which ${OPEN_ZONES} are open`,
  run: async ({ dir, say }) => {
    const server = await startDevDb({ dir: path.join(dir, 'pg') });
    try {
      await migrate(server.url);
      const db = openDatabase({ url: server.url, connectionsMax: 1 });
      try {
        const { workspaceId, batchId } = await seed(db);
        say('Seeded');
        const cpuBeforeMs = await cpuOfBackendMs(db);
        const { tookMs, claimed } = await claimAgainAndAgain(db, workspaceId, batchId);
        const cpuMs = (await cpuOfBackendMs(db)) - cpuBeforeMs;
        if (cpuMs > 0)
          say(
            `${(cpuMs / CLAIMS).toFixed(2)} ms of PostgreSQL's processor time a claim, the freeing of its slots included`,
          );
        say(
          `${claimed} calls claimed; p50 ${percentileOf(tookMs, 50).toFixed(1)} ms, p95 ${percentileOf(tookMs, 95).toFixed(1)} ms, worst ${percentileOf(tookMs, 100).toFixed(1)} ms`,
        );
        if (claimed !== CLAIMS * LANES) throw new Error(`claimed ${claimed} of ${CLAIMS * LANES} calls`);
        return [{ label: 'claim p95', value: percentileOf(tookMs, 95), unit: 'ms', bar: 15, better: 'lower' }];
      } finally {
        await db.close();
      }
    } finally {
      await server.stop();
    }
  },
};

/** Processor time of the one connection's server process; 0 where the system does not say. */
async function cpuOfBackendMs(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const file = `/proc/${rows[0]?.pid}/stat`;
  if (!existsSync(file)) return 0;
  const fields = readFileSync(file, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS;
}

/** Round the clock: each zone is open for two hours of the day, so a tenth of them is open now. */
async function seed(db: Database): Promise<{ workspaceId: string; batchId: string }> {
  const { rows } = await db.pool.query<{ workspaceId: string; batchId: string }>(`
    WITH w AS (INSERT INTO workspaces (name, concurrency_limit) VALUES ('Bench', 100000) RETURNING id),
    a AS (INSERT INTO provider_accounts (workspace_id, kind, name, base_url, credentials) SELECT id, 'simulator', 'Carrier', 'http://127.0.0.1:9', '' FROM w RETURNING id, workspace_id),
    g AS (INSERT INTO agents (workspace_id, provider_account_id, provider_agent_id, name) SELECT workspace_id, id, 'agent', 'Agent' FROM a RETURNING id),
    n AS (INSERT INTO phone_numbers (workspace_id, provider_account_id, phone) SELECT workspace_id, id, '+12025550100' FROM a RETURNING id)
    INSERT INTO batches (workspace_id, name, status, from_number_id, agent_id, time_zone, "window", start_at, hours_in, openings_until)
    SELECT w.id, 'Zones', 'RUNNING', n.id, g.id, 'UTC', '{}', now(), 'recipient', 'infinity' FROM w, n, g RETURNING workspace_id AS "workspaceId", id AS "batchId"`);
  const [seeded] = rows;
  if (!seeded) throw new Error('the batch was not made');
  const client = await db.pool.connect();
  try {
    await client.query('SET statement_timeout = 0');
    await client.query(
      `INSERT INTO openings (batch_id, hours_version, zone_set, opens_at, closes_at)
       SELECT $1, 1, 'Zone/' || z, now() + o.from_hours * interval '1 hour', now() + o.until_hours * interval '1 hour'
       FROM generate_series(0, ${ZONES - 1}) z, LATERAL (SELECT CASE WHEN z < ${OPEN_ZONES} THEN -1 ELSE 1 + z % 22 END AS from_hours, CASE WHEN z < ${OPEN_ZONES} THEN 10 ELSE 3 + z % 22 END AS until_hours) o`,
      [seeded.batchId],
    );
    await client.query(
      `WITH r AS (INSERT INTO recipients (batch_id, phone) SELECT $1, '+1' || (2000000000 + g) FROM generate_series(1, ${RECIPIENTS}) g RETURNING id, batch_id, ordinal, phone)
       INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, phone_key, zone_set) SELECT id, batch_id, ordinal, phone, phone, 'Zone/' || (ordinal % ${ZONES}) FROM r`,
      [seeded.batchId],
    );
    await client.query('VACUUM ANALYZE recipient_states');
  } finally {
    client.release();
  }
  return seeded;
}

async function claimAgainAndAgain(db: Database, workspaceId: string, batchId: string) {
  const tookMs: number[] = [];
  let claimed = 0;
  for (let round = 0; round < CLAIMS; round++) {
    const lanes = Array.from({ length: LANES }, (_, lane) => ({
      batchId,
      generation: 1,
      laneEpoch: 1,
      claimKey: `bench/${round}/${lane}`,
      dialToken: randomUUID(),
    }));
    const startMs = performance.now();
    const answers = await claimCalls(db.pool, {
      workspaceId,
      process: 'bench',
      dialBudgetMs: 250,
      requestTimeoutMs: 8_000,
      claimsMax: LANES,
      lanes,
    });
    tookMs.push(performance.now() - startMs);
    claimed += answers.filter(({ verdict }) => verdict === 'CLAIMED').length;
    // Their slots are freed again, as by an end, so that the number of live calls stays small.
    await db.pool.query(
      `UPDATE attempts SET state = 'RELEASED', slot_held = false, settle_at = NULL WHERE batch_id = $1 AND slot_held`,
      [batchId],
    );
  }
  return { tookMs, claimed };
}
