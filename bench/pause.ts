import { sleep } from '../dev/processes.js';
import { startBatch, withStack, type BenchBatch, type BenchStack } from './bench-stack.js';
import { percentileOf } from './percentile.js';
import type { Story } from './story.js';

const SLOTS = 110;
const PAUSES = 25;
const CALLS = 12_000;
/** Between resume and pause: dialling is at full speed by then. */
const DIALLING_MS = 1_500;
/** After a pause's answer: long enough for any claim that was under way to be committed. */
const QUIET_MS = 700;

export const pause: Story = {
  name: 'pause',
  what: `${PAUSES} pauses through the API of a batch that dials about 100 calls a second: time to the answer, and dials committed after it`,
  run: ({ dir, say }) =>
    withStack({ dir, slots: SLOTS, carrier: { callLength: { is: 'exponential', meanMs: 1_000 } } }, async (bench) => {
      const batch = await startBatch(bench, 'pause', CALLS);
      const answersMs: number[] = [];
      let late = 0;
      let dialled = 0;
      for (let round = 0; round < PAUSES; round++) {
        const before = await countAttempts(bench, batch);
        await sleep(DIALLING_MS);
        const sentMs = performance.now();
        await bench.call('POST', `/v1/batches/${batch.id}/pause`);
        answersMs.push(performance.now() - sentMs);
        const atTheAnswer = await countAttempts(bench, batch);
        dialled += atTheAnswer - before;
        await sleep(QUIET_MS);
        late += (await countAttempts(bench, batch)) - atTheAnswer;
        await bench.call('POST', `/v1/batches/${batch.id}/resume`);
      }
      await bench.call('POST', `/v1/batches/${batch.id}/cancel`);
      say(`${(dialled / ((PAUSES * DIALLING_MS) / 1000)).toFixed(0)} dials a second, resumes included`);
      return [
        { label: 'late', value: late, unit: 'dials', bar: 0, better: 'lower' },
        { label: 'p95', value: percentileOf(answersMs, 95), unit: 'ms', bar: 80, better: 'lower' },
      ];
    }),
};

async function countAttempts({ pool }: BenchStack, batch: BenchBatch): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM attempts WHERE batch_id = $1',
    [batch.uuid],
  );
  return rows[0]?.count ?? 0;
}
