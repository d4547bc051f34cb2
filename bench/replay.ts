import { Worker } from '@temporalio/worker';
import { workflowBundlePath } from '../worker/workflow-bundle.js';
import { setLoad, startBatch, untilCompleted, withStack, type BenchStack } from './bench-stack.js';
import { SATURATED } from './engine.js';
import { findFirstRun, readRuns, type History } from './read-history.js';
import { median, type Story } from './story.js';

/** One that nothing holds up, and one that makes the most events a second: a call is an activity of its own there. */
const LOADS = [
  { name: 'saturated', ...SATURATED, calls: 2_500 },
  {
    name: '100x1s',
    slots: 100,
    carrier: { callLength: { is: 'exponential', meanMs: 1_000 } },
    calls: 1_500,
  },
] as const;
/** Replays of the longest history; the median counts. */
const REPLAYS = 9;
const TIMEOUT_MS = 400_000;

export const replay: Story = {
  name: 'replay',
  what: 'processor time of replaying the longest history of a run, which a worker that starts cold must do within one workflow task',
  async run({ dir, say }) {
    const histories = await withStack({ dir, ...SATURATED }, async (bench) => {
      const all: History[] = [];
      for (const load of LOADS) all.push(...(await readHistories(bench, load)));
      return all.toSorted((a, b) => lengthOf(b) - lengthOf(a));
    });
    const lengths = histories.map(lengthOf);
    say(`${histories.length} runs of at most ${lengths[0]} events, median ${median(lengths)}`);
    // The servers have stopped, so that this process's time is that of the replays.
    const times = await replayMs([histories.at(-1)!, ...Array.from({ length: REPLAYS }, () => histories[0]!)]);
    say(`CPU ms of each replay, the warm-up first: ${times.map((time) => time.toFixed(0)).join(', ')}`);
    return [{ value: median(times.slice(1)), unit: 'ms', bar: 150, better: 'lower' }];
  },
};

async function readHistories(bench: BenchStack, load: (typeof LOADS)[number]): Promise<History[]> {
  await setLoad(bench, load);
  const batch = await startBatch(bench, load.name, load.calls);
  await untilCompleted(bench, batch, TIMEOUT_MS);
  // The run closes a moment after the batch is completed.
  await bench.temporal.workflow.getHandle(batch.id).result();
  return readRuns(bench.temporal, batch.id, await findFirstRun(bench.temporal, batch.id));
}

/** Processor time of each replay, all threads, one after the other in one worker, whose start is not counted. */
async function replayMs(histories: readonly History[]): Promise<number[]> {
  const times: number[] = [];
  let before = process.cpuUsage();
  const oneByOne = async function* () {
    for (const history of histories) {
      before = process.cpuUsage();
      yield { workflowId: 'replay', history };
    }
  };
  const options = { workflowBundle: { codePath: await workflowBundlePath() } };
  for await (const { error } of Worker.runReplayHistories(options, oneByOne())) {
    const { user, system } = process.cpuUsage(before);
    if (error) throw error;
    times.push((user + system) / 1000);
  }
  return times;
}

function lengthOf(history: History): number {
  return history.events?.length ?? 0;
}
