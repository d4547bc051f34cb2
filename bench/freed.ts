import { readDials, readFrees, startBatch, untilCompleted, withStack } from './bench-stack.js';
import { percentileOf } from './percentile.js';
import type { Story } from './story.js';

const SLOTS = 100;
const CALL_MS_MEAN = 1_000;
const CALLS = 2_500;
const TIMEOUT_MS = 180_000;

export const freed: Story = {
  name: 'freed',
  what: `from PostgreSQL's knowing that a call has ended to the next dial, ${SLOTS} slots, ${CALLS} calls of ${CALL_MS_MEAN / 1000} s on average`,
  run: ({ dir, say }) =>
    withStack(
      { dir, slots: SLOTS, carrier: { callLength: { is: 'exponential', meanMs: CALL_MS_MEAN } } },
      async (bench) => {
        const batch = await startBatch(bench, 'freed', CALLS);
        await untilCompleted(bench, batch, TIMEOUT_MS);
        const dials = await readDials(bench, batch);
        const waits = waitsOf(dials, await readFrees(bench, batch), SLOTS);
        const [p50, p95, p99] = [50, 95, 99].map((percent) => percentileOf(waits, percent));
        say(
          `${waits.length} slots freed while all were taken and recipients waited: p50 ${p50?.toFixed(1)} ms, p95 ${p95?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms`,
        );
        const idealMs = ((CALLS - SLOTS) * CALL_MS_MEAN) / SLOTS;
        say(
          `${CALLS - SLOTS} dials after the first ${SLOTS} took ${(((dials.at(-1) ?? NaN) - (dials[SLOTS] ?? NaN)) / 1000).toFixed(1)} s, about ${idealMs / 1000} s at best`,
        );
        return [
          { label: 'p50', value: p50 ?? NaN, unit: 'ms', bar: 25, better: 'lower' },
          { label: 'p95', value: p95 ?? NaN, unit: 'ms', bar: 90, better: 'lower' },
        ];
      },
    ),
};

/**
 * The n-th slot that is freed is taken by the dial number slots + n: first freed, first used. Counted from the first
 * moment at which all slots are taken; slots freed after the last recipient was dialled wait for nobody.
 */
function waitsOf(dials: readonly number[], frees: readonly number[], slots: number): number[] {
  const fullAt = dials.find((dialMs, index) => index + 1 - frees.filter((freeMs) => freeMs <= dialMs).length >= slots);
  if (fullAt === undefined)
    throw new Error(`Never were all ${slots} slots taken: the machine is too slow for this load`);
  return frees.flatMap((freeMs, index) => {
    const next = dials[slots + index];
    return next === undefined || freeMs < fullAt ? [] : [next - freeMs];
  });
}
