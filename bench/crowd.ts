import {
  addBenchWorkspace,
  readDials,
  setLoad,
  startBatch,
  untilCompleted,
  withStack,
  type BenchBatch,
  type BenchStack,
} from './bench-stack.js';
import { pollUntil } from '../dev/processes.js';
import { readBatchEvents } from './events.js';
import { percentileOf } from './percentile.js';
import type { Row, Story } from './story.js';

const BATCHES = 120;
const SLOTS = 40;
const CALLS_EACH = 20;
const CALL_MS = 1_000;
/** Every one of these has a lane that waits for a slot. */
const WAITING_BATCHES = 300;
const LONG_CALL_MS = 3_600_000;
/** Fewer than the other workspace has slots. */
const STARTS = 35;
/** Numbers that no other batch of the story has. */
const FIRST_BESIDE = 500_000;
const TIMEOUT_MS = 300_000;

export const crowd: Story = {
  name: 'crowd',
  what: `${BATCHES} batches on ${SLOTS} slots: events per call; then send now in a workspace beside ${WAITING_BATCHES} batches of another that wait for a slot`,
  run: ({ dir, say }) =>
    withStack({ dir, slots: SLOTS, carrier: { callLength: { is: 'exponential', meanMs: CALL_MS } } }, async (bench) => [
      await countEvents(bench, say),
      await sendBesideWaiting(bench, say),
    ]),
};

async function countEvents(bench: BenchStack, say: (text: string) => void): Promise<Row> {
  const batches = await startBatches(bench, BATCHES, CALLS_EACH);
  for (const batch of batches) await untilCompleted(bench, batch, TIMEOUT_MS);
  let events = 0;
  let runs = 0;
  for (const batch of batches) {
    const history = await readBatchEvents(bench, batch);
    events += history.length;
    runs += history.filter((event) => event.workflowExecutionStartedEventAttributes).length;
  }
  const calls = BATCHES * CALLS_EACH;
  say(`${BATCHES} batches, ${calls} calls: ${events} events in ${runs} runs`);
  return { label: 'events', value: events / calls, unit: 'events/call', bar: 10, better: 'lower' };
}

/** All slots of the first workspace are taken for as long as the story lasts. */
async function sendBesideWaiting(bench: BenchStack, say: (text: string) => void): Promise<Row> {
  const other = await addBenchWorkspace(bench, 'Beside', '+12025550150');
  await setLoad(bench, { slots: SLOTS, carrier: { callLength: { is: 'fixed', ms: LONG_CALL_MS } } });
  const waiting = await startBatches(bench, WAITING_BATCHES, 2);
  const isRunning = async (): Promise<boolean> =>
    (await bench.pool.query(`SELECT FROM batches WHERE status = 'RUNNING'`)).rowCount === WAITING_BATCHES;
  if (!(await pollUntil(isRunning, { timeoutMs: TIMEOUT_MS, intervalMs: 500 })))
    throw new Error('not all batches that should wait were started');
  await setLoad(bench, { slots: SLOTS, carrier: { callLength: { is: 'fixed', ms: 50 } } });
  const tookMs: number[] = [];
  for (let sent = 0; sent < STARTS; sent++) tookMs.push(await untilDialled(other, sent));
  const [p50, p95] = [percentileOf(tookMs, 50), percentileOf(tookMs, 95)];
  say(`beside ${waiting.length} batches that wait for a slot: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`);
  return { label: 'start p95', value: p95, unit: 'ms', bar: 150, better: 'lower' };
}

/** Both ends by the machine's clock. The carrier tells the ends of these calls to the other account: they hold their slots. */
async function untilDialled(bench: BenchStack, sent: number): Promise<number> {
  const sentMs = Date.now();
  const batch = await startBatch(bench, 'send now', 1, FIRST_BESIDE + sent);
  let dialMs: number | undefined;
  const isDialled = async (): Promise<boolean> => ([dialMs] = await readDials(bench, batch)).length > 0;
  if (!(await pollUntil(isDialled, { timeoutMs: TIMEOUT_MS, intervalMs: 20 })) || dialMs === undefined)
    throw new Error('a batch beside those that wait was never dialled');
  return dialMs - sentMs;
}

async function startBatches(bench: BenchStack, count: number, calls: number): Promise<BenchBatch[]> {
  const batches: BenchBatch[] = [];
  for (let index = 0; index < count; index++)
    batches.push(await startBatch(bench, `crowd ${index}`, calls, index * calls));
  return batches;
}
