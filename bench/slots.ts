import { setLoad, startBatch, untilCompleted, withStack, type BenchBatch, type BenchStack } from './bench-stack.js';
import type { Story } from './story.js';

const SLOTS = 100;
const TIMEOUT_MS = 240_000;
type Load = { meanMs: number; calls: number; bar: number };
/** Enough calls for the steady part to outweigh the end, at which fewer recipients are left than slots. */
const LOADS: readonly Load[] = [
  { meanMs: 1_000, calls: 3_000, bar: 0.95 },
  { meanMs: 3_000, calls: 2_000, bar: 0.98 },
  { meanMs: 6_000, calls: 1_500, bar: 0.99 },
];

export const slots: Story = {
  name: 'slots',
  what: `how well ${SLOTS} slots are used: the least time in which the same calls fit ÷ the time they took, exponential call lengths`,
  run: ({ dir, say }) =>
    withStack({ dir, slots: SLOTS, carrier: {} }, async (bench) => {
      const rows = [];
      for (const { meanMs, calls, bar } of LOADS) {
        await setLoad(bench, { slots: SLOTS, carrier: { callLength: { is: 'exponential', meanMs } } });
        const batch = await startBatch(bench, `${meanMs} ms`, calls);
        await untilCompleted(bench, batch, TIMEOUT_MS);
        const { takenMs, idealMs } = await compareMakespans(bench, batch);
        say(
          `${calls} calls of ${meanMs / 1000} s: ${(takenMs / 1000).toFixed(2)} s, at best ${(idealMs / 1000).toFixed(2)} s`,
        );
        const label = `${meanMs / 1000}s`;
        rows.push({ label, value: idealMs / takenMs, unit: 'ratio', bar, better: 'higher' as const });
      }
      return rows;
    }),
};

/** The calls as they were, in the order in which they were dialled, each taking the slot that is free first. */
async function compareMakespans(
  { pool }: BenchStack,
  batch: BenchBatch,
): Promise<{ takenMs: number; idealMs: number }> {
  const { rows } = await pool.query<{ dialMs: number; endMs: number; lengthMs: number }>(
    `SELECT extract(epoch FROM a.dialing_at)::float8 * 1000 AS "dialMs", extract(epoch FROM min(e.received_at))::float8 * 1000 AS "endMs",
       extract(epoch FROM a.ended_at - a.accepted_at)::float8 * 1000 AS "lengthMs"
     FROM attempts a JOIN call_events e ON e.attempt_id = a.id AND e.kind = 'ENDED' WHERE a.batch_id = $1 GROUP BY a.id ORDER BY a.dialing_at`,
    [batch.uuid],
  );
  const freeAtMs = Array.from({ length: SLOTS }, () => 0);
  for (const { lengthMs } of rows) {
    const soonest = freeAtMs.indexOf(Math.min(...freeAtMs));
    freeAtMs[soonest]! += Math.max(lengthMs, 0); // soonest is an index of it
  }
  const takenMs = Math.max(...rows.map((row) => row.endMs)) - Math.min(...rows.map((row) => row.dialMs));
  return { takenMs, idealMs: Math.max(...freeAtMs) };
}
