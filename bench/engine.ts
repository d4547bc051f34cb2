import path from 'node:path';
import { startProcess } from '../dev/child-process.js';
import type { SettingsPatch } from '../carrier/settings.js';
import { BARE_READY, BARE_TASK_QUEUE } from './baselines/bare-loop.js';
import type { BareLoopInput } from './baselines/bare-workflow.js';
import { readDials, startBatch, untilCompleted, withStack, type BenchStack } from './bench-stack.js';
import { cpuSecondsOf } from './machine-load.js';
import { steadyRate } from './percentile.js';
import { activityEnds, readChain } from './read-history.js';
import { median, type Story } from './story.js';

/** Calls so short, and slots so many, that the engine is all there is to wait for. */
export const SATURATED: { slots: number; carrier: SettingsPatch } = {
  slots: 1_000,
  carrier: { callLength: { is: 'exponential', meanMs: 20 } },
};
const ROUNDS = 3;
/** Of a batch whose rate counts, and of the one before the first of them. */
export const CALLS = 2_500;
export const WARM_UP_CALLS = 300;
const BARE_ACTIVITIES = 4_000;
/** As many as a batch has lanes. */
const BARE_IN_FLIGHT = 40;
const TIMEOUT_MS = 180_000;

export const engine: Story = {
  name: 'engine',
  what: `calls per second, saturated and steady, against a bare loop of empty activities on the same Temporal server; ${ROUNDS} rounds of ${CALLS} calls, then ${BARE_ACTIVITIES} activities`,
  run: ({ dir, say }) =>
    withStack({ dir, ...SATURATED }, async (bench) => {
      const bareWorker = await startProcess({
        name: 'bare worker',
        command: ['bench/baselines/bare-loop.ts'],
        environment: { ...process.env, TEMPORAL_ADDRESS: bench.stack.temporalAddress },
        logFile: path.join(dir, 'bare-worker.log'),
        readyText: BARE_READY,
      });
      try {
        await placeCalls(bench, 'warm-up', WARM_UP_CALLS);
        await runBare(bench, 'bench-bare-warm-up', WARM_UP_CALLS);
        say('Warm');
        const rounds: { ours: number; bare: number }[] = [];
        for (let round = 1; round <= ROUNDS; round++) {
          const before = readCpu(bench);
          const ours = await placeCalls(bench, `round ${round}`, CALLS);
          const cpu = describeCpu(before, readCpu(bench));
          const bare = await runBare(bench, `bench-bare-${round}`, BARE_ACTIVITIES);
          rounds.push({ ours, bare });
          say(
            `Round ${round}: ${ours.toFixed(0)} calls/s, bare loop ${bare.toFixed(0)} activities/s, ratio ${(ours / bare).toFixed(2)}; ${cpu}`,
          );
        }
        return [
          { value: median(rounds.map(({ ours, bare }) => ours / bare)), unit: 'ratio', bar: 0.7, better: 'higher' },
          { value: median(rounds.map(({ ours }) => ours)), unit: 'calls/s', bar: 250, better: 'higher' },
        ];
      } finally {
        await bareWorker.stop();
      }
    }),
};

/** A batch of so many calls from its start to its end. @returns its calls per second, steady */
export async function placeCalls(bench: BenchStack, name: string, calls: number): Promise<number> {
  const batch = await startBatch(bench, name, calls);
  await untilCompleted(bench, batch, TIMEOUT_MS);
  return steadyRate(await readDials(bench, batch));
}

async function runBare({ temporal }: BenchStack, workflowId: string, activities: number): Promise<number> {
  const input: BareLoopInput = { activities, inFlight: BARE_IN_FLIGHT };
  const handle = await temporal.workflow.start('runBareLoop', {
    taskQueue: BARE_TASK_QUEUE,
    workflowId,
    args: [input],
  });
  await handle.result();
  return steadyRate(activityEnds(await readChain(temporal, workflowId, handle.firstExecutionRunId)));
}

type Cpu = Record<string, number | null>;

function readCpu({ stack }: BenchStack): Cpu {
  const pids = {
    worker: stack.worker.pid,
    api: stack.api.pid,
    carrier: stack.carrier.pid,
    Temporal: stack.temporal?.pid,
    PostgreSQL: stack.database?.pid,
  };
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, pid ? cpuSecondsOf(pid) : null]));
}

function describeCpu(before: Cpu, after: Cpu): string {
  const parts = Object.entries(after).map(([name, seconds]) =>
    seconds === null ? '' : `${name} ${(((seconds - (before[name] ?? 0)) * 1000) / CALLS).toFixed(1)}`,
  );
  return `CPU ms per call: ${parts.filter(Boolean).join(', ')}`;
}
