import { readDials, startBatch, untilCompleted, withStack, type BenchStack } from './bench-stack.js';
import { percentileOf } from './percentile.js';
import type { Story } from './story.js';

const WARM_UPS = 5;
const STARTS = 40;
const TIMEOUT_MS = 30_000;

export const start: Story = {
  name: 'start',
  what: `send now: from POST /v1/batches leaving the client to the first dial, ${STARTS} batches of one recipient`,
  run: ({ dir, say }) =>
    withStack({ dir, slots: 20, carrier: { callLength: { is: 'fixed', ms: 50 } } }, async (bench) => {
      for (let warmUp = 0; warmUp < WARM_UPS; warmUp++) await sendOne(bench);
      const waits: number[] = [];
      for (let sent = 0; sent < STARTS; sent++) waits.push(await sendOne(bench));
      const [p50, p95, worst] = [50, 95, 100].map((percent) => percentileOf(waits, percent));
      say(`p50 ${p50?.toFixed(0)} ms, p95 ${p95?.toFixed(0)} ms, worst ${worst?.toFixed(0)} ms`);
      return [{ label: 'p95', value: p95 ?? NaN, unit: 'ms', bar: 150, better: 'lower' }];
    }),
};

/** Both ends by the machine's clock: PostgreSQL runs on the same one. */
async function sendOne(bench: BenchStack): Promise<number> {
  const sentMs = Date.now();
  const batch = await startBatch(bench, 'send now', 1);
  await untilCompleted(bench, batch, TIMEOUT_MS);
  const [dialMs] = await readDials(bench, batch);
  return (dialMs ?? NaN) - sentMs;
}
