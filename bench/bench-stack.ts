import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { parsePublicId } from '../domain/ids.js';
import { createApiClient, type ApiClient } from '../dev/demo/api-client.js';
import { pollUntil } from '../dev/processes.js';
import { startStack, type Stack } from '../dev/stack.js';
import type { SettingsPatch } from '../carrier/settings.js';
import { addWorkspace } from '../test/support/add-workspace.js';
import { WINDOW } from '../test/support/upload-file.js';

/** A whole Dialwright for one story, with what it takes to drive and read it. */
export type BenchStack = { stack: Stack; call: ApiClient; pool: pg.Pool; temporal: Client };
export type BenchBatch = { id: string; uuid: string };

/** Every call is answered, and rings for next to nothing: what is left of a call is its length. */
const CALLS: SettingsPatch = {
  outcomes: { ANSWERED: 100 },
  setupMs: 1,
  ringMs: { min: 1, max: 3 },
  analysisDelayMs: 1,
};
/** Valid numbers of one area; each batch takes the first ones. */
const FIRST_NUMBER = 12_122_200_000;

type BenchOptions = {
  dir: string;
  slots: number;
  carrier: SettingsPatch;
  databaseSettings?: Record<string, string>;
  /** Of API and worker. */
  environment?: Record<string, string>;
};

/**
 * Starts all processes with what a production server has: fsync on, Temporal's history on disk. Stops them at the end,
 * whatever happens.
 */
export async function withStack<T>(
  { dir, slots, carrier, databaseSettings = {}, environment = {} }: BenchOptions,
  work: (bench: BenchStack) => Promise<T>,
): Promise<T> {
  const stack = await startStack({
    dir,
    concurrencyLimit: slots,
    carrier: { ...CALLS, ...carrier },
    databaseSettings,
    environment,
  });
  const pool = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
  pool.on('error', () => {}); // stories kill the server; the next query connects again
  const connection = await Connection.connect({ address: stack.temporalAddress });
  try {
    return await work({
      stack,
      call: createApiClient(stack.apiUrl, stack.apiKey),
      pool,
      temporal: new Client({ connection }),
    });
  } finally {
    await connection.close().catch(() => {});
    await pool.end().catch(() => {});
    await stack.stop();
  }
}

/** Another load on the same servers: slots of the workspace and length of the calls. No batch may be running. */
export async function setLoad(
  { stack, pool }: BenchStack,
  load: { slots: number; carrier: SettingsPatch },
): Promise<void> {
  await pool.query('UPDATE workspaces SET concurrency_limit = $1', [load.slots]);
  const response = await fetch(`${stack.carrierUrl}/control/config`, {
    method: 'PUT',
    body: JSON.stringify(load.carrier),
  });
  if (!response.ok) throw new Error(`The carrier refused its settings: ${await response.text()}`);
}

/** Another workspace on the same servers, with an account, an agent and a number of its own. */
export async function addBenchWorkspace(bench: BenchStack, name: string, phone: string): Promise<BenchStack> {
  return { ...bench, ...(await addWorkspace(bench, { name, phone })) };
}

/** Recipients that go with one request. */
const RECIPIENTS_AT_ONCE = 5_000;

/**
 * Creates and submits a batch through the API; a large one is a draft first, whose recipients are added. Batches that run together
 * take numbers from different ones on.
 */
export async function startBatch(
  { stack, call }: BenchStack,
  name: string,
  calls: number,
  firstNumber = 0,
): Promise<BenchBatch> {
  const recipients = Array.from({ length: calls }, (_, index) => ({
    phoneNumber: `+${FIRST_NUMBER + firstNumber + index}`,
  }));
  const body = {
    name,
    fromNumberId: stack.fromNumberId,
    timeZone: 'UTC',
    window: WINDOW,
    start: 'now',
    submit: calls <= RECIPIENTS_AT_ONCE,
    recipients: recipients.slice(0, RECIPIENTS_AT_ONCE),
  };
  const { id } = await call<{ id: string }>('POST', '/v1/batches', body);
  for (let first = RECIPIENTS_AT_ONCE; first < calls; first += RECIPIENTS_AT_ONCE)
    await call('POST', `/v1/batches/${id}/recipients`, {
      recipients: recipients.slice(first, first + RECIPIENTS_AT_ONCE),
    });
  if (calls > RECIPIENTS_AT_ONCE) await call('POST', `/v1/batches/${id}/submit`, {});
  return { id, uuid: uuidOf(id) };
}

/** A draft through the API but for its recipients, which SQL makes in a few seconds. */
export async function createLargeDraft(
  { stack, call, pool }: BenchStack,
  name: string,
  recipients: number,
): Promise<BenchBatch> {
  const body = { name, fromNumberId: stack.fromNumberId, timeZone: 'UTC', window: WINDOW, start: 'now' };
  const { id } = await call<{ id: string }>('POST', '/v1/batches', body);
  const uuid = uuidOf(id);
  await pool.query(
    `WITH r AS (INSERT INTO recipients (batch_id, phone) SELECT $1, '+' || (${FIRST_NUMBER} + g) FROM generate_series(1, ${recipients}) g
       RETURNING id, batch_id, ordinal, phone)
     INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, phone_key) SELECT id, batch_id, ordinal, phone, phone FROM r`,
    [uuid],
  );
  return { id, uuid };
}

function uuidOf(id: string): string {
  const uuid = parsePublicId('batch', id);
  if (uuid === null) throw new Error(`The API gave a batch the id ${id}`);
  return uuid;
}

/** Reads the status from the database: polling the API would be load of its own. */
export async function untilCompleted({ pool }: BenchStack, batch: BenchBatch, timeoutMs: number): Promise<void> {
  const isDone = async (): Promise<boolean> => {
    const { rows } = await pool.query<{ status: string }>('SELECT status FROM batches WHERE id = $1', [batch.uuid]);
    return rows[0]?.status === 'COMPLETED';
  };
  if (!(await pollUntil(isDone, { timeoutMs, intervalMs: 100 })))
    throw new Error(`${batch.id} was not completed within ${timeoutMs / 1000} s`);
}

/** When each call of a batch was claimed, by PostgreSQL's clock, which is the machine's; in order. */
export async function readDials({ pool }: BenchStack, batch: BenchBatch): Promise<number[]> {
  const sql =
    'SELECT extract(epoch FROM dialing_at)::float8 * 1000 AS ms FROM attempts WHERE batch_id = $1 ORDER BY dialing_at';
  const { rows } = await pool.query<{ ms: number }>(sql, [batch.uuid]);
  return rows.map((row) => row.ms);
}

/** When PostgreSQL learned that each call had ended, in order. */
export async function readFrees({ pool }: BenchStack, batch: BenchBatch): Promise<number[]> {
  const sql = `SELECT extract(epoch FROM min(e.received_at))::float8 * 1000 AS ms FROM call_events e JOIN attempts a ON a.id = e.attempt_id
    WHERE a.batch_id = $1 AND e.kind = 'ENDED' GROUP BY a.id ORDER BY 1`;
  const { rows } = await pool.query<{ ms: number }>(sql, [batch.uuid]);
  return rows.map((row) => row.ms);
}
