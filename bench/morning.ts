import { pollUntil } from '../dev/processes.js';
import {
  createLargeDraft,
  readDials,
  startBatch,
  untilCompleted,
  withStack,
  type BenchBatch,
  type BenchStack,
} from './bench-stack.js';
import { SATURATED } from './engine.js';
import { steadyRate } from './percentile.js';
import type { Story } from './story.js';

const RECIPIENTS = 150_000;
/** The first calls of each batch are measured. */
const CALLS = 3_000;
/** A batch that dials this slowly is measured by the calls that it has made until then. */
const MEASURED_MAX_MS = 60_000;
const WARM_UP_CALLS = 300;
const TIMEOUT_MS = 180_000;

export const morning: Story = {
  name: 'morning',
  what: `calls per second of the first ${CALLS} calls of ${RECIPIENTS.toLocaleString('en')} recipients after an ANALYZE with everybody settled, against the same on tables without statistics`,
  run: ({ dir, say }) =>
    // No statistics but those that the story takes, and no vacuum beside it.
    withStack({ dir, ...SATURATED, databaseSettings: { autovacuum: 'off' } }, async (bench) => {
      await untilCompleted(bench, await startBatch(bench, 'warm-up', WARM_UP_CALLS), TIMEOUT_MS);
      say('Warm');
      const evening = await dialLargeBatch(bench, 'evening');
      say(`Tables without statistics: ${describe(evening)}`);
      await settleAll(bench, evening.batch);
      await bench.pool.query('ANALYZE');
      say('Everybody is settled, and statistics say so');
      const next = await dialLargeBatch(bench, 'morning');
      say(`The morning after: ${describe(next)}`);
      return [{ value: next.callsPerSecond / evening.callsPerSecond, unit: 'ratio', bar: 0.9, better: 'higher' }];
    }),
};

type Dialled = { batch: BenchBatch; callsPerSecond: number; unsent: number };

/** Calls that the carrier has taken: an attempt that was given back unsent is none. */
async function dialLargeBatch(bench: BenchStack, name: string): Promise<Dialled> {
  const batch = await createLargeDraft(bench, name, RECIPIENTS);
  await bench.call('POST', `/v1/batches/${batch.id}/submit`, {});
  await pollUntil(async () => (await readAccepted(bench, batch)).length >= CALLS, {
    timeoutMs: MEASURED_MAX_MS,
    intervalMs: 500,
  });
  const accepted = (await readAccepted(bench, batch)).slice(0, CALLS);
  const unsent = (await readDials(bench, batch)).length - accepted.length;
  await bench.call('POST', `/v1/batches/${batch.id}/cancel`);
  await untilQuiet(bench, batch);
  return { batch, callsPerSecond: steadyRate(accepted), unsent };
}

function describe({ callsPerSecond, unsent }: Dialled): string {
  return `${callsPerSecond.toFixed(0)} calls/s, ${unsent} more attempts`;
}

async function readAccepted({ pool }: BenchStack, batch: BenchBatch): Promise<number[]> {
  const { rows } = await pool.query<{ ms: number }>(
    `SELECT extract(epoch FROM dialing_at)::float8 * 1000 AS ms FROM attempts
     WHERE batch_id = $1 AND accepted_at IS NOT NULL ORDER BY dialing_at`,
    [batch.uuid],
  );
  return rows.map((row) => row.ms);
}

async function untilQuiet({ pool }: BenchStack, batch: BenchBatch): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    const { rows } = await pool.query<{ quiet: boolean }>(
      `SELECT chunk_work IS NULL AND NOT EXISTS (SELECT FROM recipient_states WHERE batch_id = $1 AND state IN ('WAITING', 'IN_PROGRESS')) AS quiet
       FROM batches WHERE id = $1`,
      [batch.uuid],
    );
    return rows[0]?.quiet === true;
  };
  if (!(await pollUntil(isQuiet, { timeoutMs: TIMEOUT_MS, intervalMs: 500 })))
    throw new Error(`${batch.id} still had recipients to settle after ${TIMEOUT_MS / 1000} s`);
}

/** As if the whole batch had been called: every recipient COMPLETED, with an attempt that has ended. */
async function settleAll({ pool }: BenchStack, batch: BenchBatch): Promise<void> {
  await pool.query(
    `INSERT INTO attempts (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone, phone_key, number, generation, state,
       outcome, claim_key, dial_token, slot_held, dialing_at, dial_deadline, hard_end_at, accepted_at, ended_at)
     SELECT a.workspace_id, a.batch_id, r.recipient_id, a.provider_account_id, a.from_number_id, r.phone, r.phone_key, 1, 1, 'ENDED',
       'ANSWERED', 'bench/' || r.recipient_id, a.dial_token, false, a.dialing_at, a.dial_deadline, a.hard_end_at, a.accepted_at, a.accepted_at
     FROM recipient_states r, (SELECT * FROM attempts WHERE batch_id = $1 AND accepted_at IS NOT NULL LIMIT 1) a
     WHERE r.batch_id = $1 AND r.state = 'CANCELLED'`,
    [batch.uuid],
  );
  await pool.query(
    `UPDATE recipient_states SET state = 'COMPLETED', attempt_count = 1, last_outcome = 'ANSWERED' WHERE batch_id = $1 AND state = 'CANCELLED'`,
    [batch.uuid],
  );
}
