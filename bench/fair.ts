import { sleep } from '../dev/processes.js';
import { setLoad, startBatch, untilCompleted, withStack, type BenchBatch, type BenchStack } from './bench-stack.js';
import type { Row, Story } from './story.js';

const SLOTS = 50;
const BATCHES = 20;
const CALLS_EACH = 90;
const CALL_MS_MEAN = 2_000;
const SMALL_CALLS = 10;
const LARGE_CALLS = 100_000;
/** The large batch has every slot by then. */
const LARGE_ALONE_MS = 5_000;
const TIMEOUT_MS = 240_000;

export const fair: Story = {
  name: 'fair',
  what: `${BATCHES} batches on ${SLOTS} slots: peak, and each batch's slot-seconds ÷ an equal share while all have work; then ${SMALL_CALLS} recipients beside ${LARGE_CALLS}`,
  run: ({ dir, say }) =>
    withStack(
      { dir, slots: SLOTS, carrier: { callLength: { is: 'exponential', meanMs: CALL_MS_MEAN } } },
      async (bench) => [...(await shareSlots(bench, say)), await besideLarge(bench, say)],
    ),
};

async function shareSlots(bench: BenchStack, say: (text: string) => void): Promise<Row[]> {
  const batches: BenchBatch[] = [];
  for (let index = 0; index < BATCHES; index++)
    batches.push(await startBatch(bench, `share ${index}`, CALLS_EACH, index * CALLS_EACH));
  for (const batch of batches) await untilCompleted(bench, batch, TIMEOUT_MS);
  const calls = await readSlots(bench, batches);
  const fromMs = Math.max(...batches.map(({ uuid }) => Math.min(...dialsOf(calls, uuid))));
  const untilMs = Math.min(...batches.map(({ uuid }) => Math.max(...dialsOf(calls, uuid))));
  const shares = batches.map(({ uuid }) => {
    const heldMs = calls
      .filter((call) => call.batch === uuid)
      .reduce((sum, call) => sum + Math.max(Math.min(call.freedMs, untilMs) - Math.max(call.dialMs, fromMs), 0), 0);
    return heldMs / (((untilMs - fromMs) * SLOTS) / BATCHES);
  });
  say(
    `All ${BATCHES} had work for ${((untilMs - fromMs) / 1000).toFixed(0)} s; shares ${shares.map((share) => share.toFixed(2)).join(' ')}`,
  );
  const peak = peakOf(calls);
  return [
    { label: 'peak', value: peak, unit: 'slots', bar: SLOTS, better: 'lower' },
    { label: 'peak', value: peak, unit: 'slots', bar: SLOTS, better: 'higher' },
    { label: 'least share', value: Math.min(...shares), unit: 'of fair', bar: 0.85, better: 'higher' },
    { label: 'largest share', value: Math.max(...shares), unit: 'of fair', bar: 1.2, better: 'lower' },
  ];
}

async function besideLarge(bench: BenchStack, say: (text: string) => void): Promise<Row> {
  await setLoad(bench, { slots: SLOTS, carrier: { callLength: { is: 'fixed', ms: CALL_MS_MEAN } } });
  const timeSmall = async (name: string): Promise<number> => {
    const sentMs = performance.now();
    await untilCompleted(bench, await startBatch(bench, name, SMALL_CALLS, LARGE_CALLS), TIMEOUT_MS);
    return performance.now() - sentMs;
  };
  const aloneMs = await timeSmall('alone');
  const large = await startBatch(bench, 'large', LARGE_CALLS);
  await sleep(LARGE_ALONE_MS);
  const besideMs = await timeSmall('beside');
  await bench.call('POST', `/v1/batches/${large.id}/cancel`);
  say(
    `${SMALL_CALLS} recipients alone ${(aloneMs / 1000).toFixed(2)} s, beside ${LARGE_CALLS} ${(besideMs / 1000).toFixed(2)} s`,
  );
  return { label: 'small beside large', value: besideMs / aloneMs, unit: 'times alone', bar: 1.7, better: 'lower' };
}

type Held = { batch: string; dialMs: number; freedMs: number };

/** When each slot was taken and freed, by PostgreSQL's clock. */
async function readSlots({ pool }: BenchStack, batches: readonly BenchBatch[]): Promise<Held[]> {
  const { rows } = await pool.query<Held>(
    `SELECT a.batch_id AS batch, extract(epoch FROM a.dialing_at)::float8 * 1000 AS "dialMs",
       coalesce(extract(epoch FROM min(e.received_at)), extract(epoch FROM a.ended_at))::float8 * 1000 AS "freedMs"
     FROM attempts a LEFT JOIN call_events e ON e.attempt_id = a.id AND e.kind = 'ENDED' WHERE a.batch_id = ANY ($1) GROUP BY a.id`,
    [batches.map((batch) => batch.uuid)],
  );
  return rows;
}

function dialsOf(calls: readonly Held[], batch: string): number[] {
  return calls.filter((call) => call.batch === batch).map((call) => call.dialMs);
}

function peakOf(calls: readonly Held[]): number {
  const changes = calls.flatMap(({ dialMs, freedMs }) => [
    { atMs: dialMs, by: 1 },
    { atMs: freedMs, by: -1 },
  ]);
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by);
  let held = 0;
  return Math.max(...changes.map(({ by }) => (held += by)));
}
