import type { SettingsPatch } from '../carrier/settings.js';
import { setLoad, startBatch, untilCompleted, withStack, type BenchBatch, type BenchStack } from './bench-stack.js';
import { SATURATED } from './engine.js';
import { findFirstRun, readChain, type HistoryEvent } from './read-history.js';
import type { Story } from './story.js';

type Load = { label: string; slots: number; carrier: SettingsPatch; calls: number; bar: number };

const LOADS: readonly Load[] = [
  { label: 'saturated', ...SATURATED, calls: 2_500, bar: 1 },
  {
    label: '100x1s',
    slots: 100,
    carrier: { callLength: { is: 'exponential', meanMs: 1_000 } },
    calls: 2_000,
    bar: 4,
  },
  { label: '20x6s', slots: 20, carrier: { callLength: { is: 'exponential', meanMs: 6_000 } }, calls: 150, bar: 7 },
];
const TIMEOUT_MS = 180_000;

export const events: Story = {
  name: 'events',
  what: "events in Temporal's history per call, over the whole chain of runs; what a batch costs the server and its database",
  run: ({ dir, say }) =>
    withStack({ dir, ...SATURATED }, async (bench) => {
      const rows = [];
      for (const load of LOADS) {
        const { perCall, counts } = await countEvents(bench, load);
        say(`${load.label}, ${load.calls} calls: ${perCall.toFixed(2)} events per call; ${counts}`);
        rows.push({ label: load.label, value: perCall, unit: 'events/call', bar: load.bar, better: 'lower' as const });
      }
      return rows;
    }),
};

/** Every event of a batch, over the whole chain of its runs. The batch is over. */
export async function readBatchEvents({ temporal }: BenchStack, batch: BenchBatch): Promise<HistoryEvent[]> {
  // The run closes a moment after the batch is completed.
  await temporal.workflow.getHandle(batch.id).result();
  return readChain(temporal, batch.id, await findFirstRun(temporal, batch.id));
}

async function countEvents(bench: BenchStack, load: Load): Promise<{ perCall: number; counts: string }> {
  await setLoad(bench, load);
  const batch = await startBatch(bench, load.label, load.calls);
  await untilCompleted(bench, batch, TIMEOUT_MS);
  const history = await readBatchEvents(bench, batch);
  const activities = history.filter((event) => event.activityTaskScheduledEventAttributes).length;
  const tasks = history.filter((event) => event.workflowTaskScheduledEventAttributes).length;
  const runs = history.filter((event) => event.workflowExecutionStartedEventAttributes).length;
  return {
    perCall: history.length / load.calls,
    counts: `${activities} activities, ${tasks} workflow tasks, ${runs} runs`,
  };
}
