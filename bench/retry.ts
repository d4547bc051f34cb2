import { pollUntil } from '../dev/processes.js';
import { createLargeDraft, withStack, type BenchBatch, type BenchStack } from './bench-stack.js';
import { percentileOf } from './percentile.js';
import type { Story } from './story.js';

const RECIPIENTS = 600_000;
const TIMEOUT_MS = 300_000;

export const retry: Story = {
  name: 'retry',
  what: `a batch of ${RECIPIENTS.toLocaleString('en')} that nobody answered is retried: the longest time that another change of the workspace takes meanwhile`,
  run: ({ dir, say }) =>
    withStack({ dir, slots: 1, carrier: { callLength: { is: 'fixed', ms: 60_000 } } }, async (bench) => {
      const large = await createLargeDraft(bench, 'large', RECIPIENTS);
      await endUnanswered(bench, large);
      const other = await createLargeDraft(bench, 'other', 1);
      say(`${RECIPIENTS} recipients were not reached`);
      const changes = changeUntilStopped(bench, other);
      const sentMs = performance.now();
      await bench.call('POST', `/v1/batches/${large.id}/retry`, {});
      const answeredMs = performance.now() - sentMs;
      await untilNobodyIsOwed(bench, large);
      const tookMs = await changes.stop();
      say(
        `retry answered after ${answeredMs.toFixed(0)} ms, done after ${((performance.now() - sentMs) / 1000).toFixed(1)} s; ${tookMs.length} changes meanwhile, p95 ${percentileOf(tookMs, 95).toFixed(0)} ms`,
      );
      await bench.call('POST', `/v1/batches/${large.id}/cancel`, { hangUp: true });
      return [{ label: 'longest change', value: Math.max(...tookMs), unit: 'ms', bar: 250, better: 'lower' }];
    }),
};

async function endUnanswered({ pool }: BenchStack, { uuid }: BenchBatch): Promise<void> {
  await pool.query(
    `UPDATE recipient_states SET state = 'NO_ANSWER', attempt_count = 1, last_outcome = 'NO_ANSWER' WHERE batch_id = $1`,
    [uuid],
  );
  await pool.query(
    `UPDATE batches SET status = 'COMPLETED', start_at = now(), submitted_at = now(), started_at = now(), finished_at = now() WHERE id = $1`,
    [uuid],
  );
}

async function untilNobodyIsOwed({ pool }: BenchStack, { uuid }: BenchBatch): Promise<void> {
  const isDone = async (): Promise<boolean> => {
    const { rows } = await pool.query(
      `SELECT NOT EXISTS (SELECT FROM recipient_states WHERE batch_id = $1 AND state = 'NO_ANSWER') AS done`,
      [uuid],
    );
    return rows[0].done;
  };
  if (!(await pollUntil(isDone, { timeoutMs: TIMEOUT_MS, intervalMs: 500 })))
    throw new Error('the retry did not reach everybody');
}

/** Each takes the lock of the workspace, as a pause or an emergency stop does. @returns how long each took, in ms */
function changeUntilStopped({ call }: BenchStack, { id }: BenchBatch) {
  let stopped = false;
  const tookMs: number[] = [];
  const loop = (async () => {
    while (!stopped) {
      const sentMs = performance.now();
      await call('PATCH', `/v1/batches/${id}`, { name: `changed ${tookMs.length}` });
      tookMs.push(performance.now() - sentMs);
    }
  })();
  return {
    async stop(): Promise<number[]> {
      stopped = true;
      await loop;
      return tookMs;
    },
  };
}
