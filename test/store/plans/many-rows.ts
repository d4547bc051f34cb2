import type { Database } from '../../../store/database.js';
import { seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';

/** What the statements of the dial path work on: a batch that people are called from, and what they must not read. */
export type ManyRows = { workspace: Workspace; batchId: string; laterBatchId: string; importId: string };

/** Their recipients come first, so that a claim finds them; the many have a state and nothing else. */
const REAL_RECIPIENTS = 300;
/** Statistics are taken by the tests alone. */
const TABLES = [
  'recipient_states',
  'recipients',
  'attempts',
  'call_events',
  'suppressions',
  'import_rows',
  'idempotency_keys',
];

/** A workspace with a running batch, nobody of which was called yet. */
export async function seedFew(db: Database): Promise<ManyRows> {
  for (const table of TABLES) await db.pool.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
  const workspace = await seedWorkspace(db, { concurrencyLimit: 1_000 });
  const batchId = await seedBatch(db, workspace, { recipients: REAL_RECIPIENTS });
  const laterBatchId = await seedBatch(db, workspace, { phones: ['+12025550190'] });
  await db.pool.query(`UPDATE recipient_states SET due_at = dialwright_now() + interval '1 day' WHERE batch_id = $1`, [
    laterBatchId,
  ]);
  const { rows } = await db.pool.query(
    `INSERT INTO imports (workspace_id, batch_id, file_name, status, rows_outstanding) VALUES ($1, $2, 'people.csv', 'CONFIRMED', true) RETURNING id`,
    [workspace.workspaceId, batchId],
  );
  return { workspace, batchId, laterBatchId, importId: rows[0].id };
}

/** Another running batch of the same workspace, with as many recipients of its own. */
export async function seedAnotherBatch(db: Database, rows: ManyRows, firstPhone: number): Promise<ManyRows> {
  const phones = Array.from({ length: REAL_RECIPIENTS }, (_, index) => `+1202555${firstPhone + index}`);
  return { ...rows, batchId: await seedBatch(db, rows.workspace, { phones }) };
}

export async function closeBatch(db: Database, batchId: string): Promise<void> {
  await db.pool.query(`UPDATE batches SET status = 'COMPLETED' WHERE id = $1`, [batchId]);
}

type States = { batchId: string; state: string; count: number; isBefore?: boolean; columns?: string; values?: string };

/** Recipients by the thousand, before the real ones of the batch or after them. */
export async function insertStates(db: Database, { batchId, state, count, isBefore = false, ...also }: States) {
  await bulk(
    db,
    `INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, phone_key, state ${also.columns ?? ''})
     SELECT gen_random_uuid(), $1, g ${isBefore ? '- 10000000' : '+ 10000000'}, '+1303' || g, '+1303' || g, $2 ${also.values ?? ''}
     FROM generate_series(1, $3::integer) g`,
    [batchId, state, count],
  );
}

/** Calls of a batch that have ended, all within the last day, each to a number of its own; a tenth of them with an event. */
export async function insertCalls(db: Database, { workspace, batchId }: ManyRows, count: number): Promise<void> {
  const { workspaceId, providerAccountId, fromNumberId } = workspace;
  await bulk(
    db,
    `INSERT INTO attempts (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone, phone_key, number, generation, state,
       outcome, claim_key, dial_token, slot_held, dialing_at, dial_deadline, hard_end_at, accepted_at, ended_at, provider_call_id)
     SELECT $1, $2, gen_random_uuid(), $3, $4, '+1303' || g, '+1303' || g, 1, 1, 'ENDED', 'ANSWERED', 'many/' || g, gen_random_uuid(), false,
       t.at, t.at, t.at, t.at, t.at, 'many/' || g
     FROM generate_series(1, $5::integer) g, LATERAL (SELECT dialwright_now() - interval '23 hours' + g * interval '300 ms' AS at) t`,
    [workspaceId, batchId, providerAccountId, fromNumberId, count],
  );
  await bulk(
    db,
    `INSERT INTO call_events (workspace_id, provider_account_id, event_key, attempt_id, kind, provider_call_id, occurred_at, outcome)
     SELECT workspace_id, provider_account_id, provider_call_id, id, 'ENDED', provider_call_id, ended_at, 'ANSWERED' FROM attempts
     WHERE batch_id = $1 AND provider_call_id LIKE 'many/%0'`,
    [batchId],
  );
}

/** Calls of which nobody knows how they ended: the settler is to ask about all of them. */
export async function insertUnsettledCalls(db: Database, { batchId }: ManyRows, count: number): Promise<void> {
  await bulk(
    db,
    `UPDATE attempts SET state = 'UNCERTAIN', outcome = NULL, settle_at = dialwright_now() - interval '1 minute', hard_end_at = 'infinity'
     WHERE id IN (SELECT id FROM attempts WHERE batch_id = $1 AND state = 'ENDED' LIMIT $2)`,
    [batchId, count],
  );
}

type Rest = { strays: number; others: number };

/** What else grows: events of calls that are not ours, suppressed numbers, staged rows, and answered commands. */
export async function insertTheRest(db: Database, { workspace, importId }: ManyRows, { strays, others }: Rest) {
  const { workspaceId, providerAccountId } = workspace;
  await bulk(
    db,
    `INSERT INTO call_events (workspace_id, provider_account_id, event_key, kind, provider_call_id, occurred_at, received_at)
     SELECT $1, $2, 'stray/' || g, 'STARTED', 'stray/' || g, t.at, t.at FROM (SELECT dialwright_now() - interval '1 hour' AS at) t, generate_series(1, $3::integer) g`,
    [workspaceId, providerAccountId, strays],
  );
  await bulk(
    db,
    `INSERT INTO suppressions (workspace_id, phone, phone_key) SELECT $1, '+1404' || g, '+1404' || g FROM generate_series(1, $2::integer) g`,
    [workspaceId, others],
  );
  await bulk(
    db,
    `INSERT INTO import_rows (import_id, accepted, row_number, content) SELECT $1, true, g, '{"phone": "+12025550123"}' FROM generate_series(1, $2::integer) g`,
    [importId, others],
  );
  await bulk(
    db,
    `INSERT INTO idempotency_keys (workspace_id, key, operation, body_hash) SELECT $1, 'key ' || g, 'createBatch', '' FROM generate_series(1, $2::integer) g`,
    [workspaceId, others],
  );
}

export async function takeStatistics(db: Database): Promise<void> {
  await db.pool.query('ANALYZE');
}

/** As on tables that were never looked at. */
export async function forgetStatistics(db: Database): Promise<void> {
  await db.pool.query(
    `SELECT pg_clear_relation_stats('public', tablename), (SELECT count(pg_clear_attribute_stats('public', tablename, attname, false))
       FROM pg_attribute WHERE attrelid = ('public.' || tablename)::regclass AND attnum > 0 AND NOT attisdropped)
     FROM pg_tables WHERE schemaname = 'public'`,
  );
}

/** Without foreign keys and triggers, which would take longer than the rows. */
async function bulk(db: Database, sql: string, values: unknown[]): Promise<void> {
  const client = await db.pool.connect();
  try {
    await client.query(`BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = '60s'`);
    await client.query(sql, values);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
