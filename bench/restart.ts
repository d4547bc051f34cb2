import { sleep } from '../dev/processes.js';
import { readDials, startBatch, withStack } from './bench-stack.js';
import type { Story } from './story.js';

const SLOTS = 60;
const CALL_MS_MEAN = 5_000;
/** More than the story lasts: the batch must never run out. */
const CALLS = 3_000;
/** Until calls end evenly; then the rate before the restart is taken. */
const WARM_UP_MS = 15_000;
const MEASURED_MS = 15_000;
const AWAY_MS = 18_000;
/** A rate is taken over so long: two call lengths, so that a burst of freed slots with silence after it is no rate. */
const WINDOW_MS = 10_000;
const WINDOW_STEP_MS = 100;
const RATE_SHARE = 0.8;
/** How long after the API is ready the story goes on: longer than live calls are polled without a webhook. */
const AFTER_MS = 150_000;
const LOOK_MS = 2_000;

export const restart: Story = {
  name: 'restart',
  what: `the only API stopped for ${AWAY_MS / 1000} s while a batch dials, ${SLOTS} slots, calls of ${CALL_MS_MEAN / 1000} s on average: until dialling is at ${RATE_SHARE} of its rate again`,
  run: ({ dir, say }) =>
    withStack(
      { dir, slots: SLOTS, carrier: { callLength: { is: 'exponential', meanMs: CALL_MS_MEAN } } },
      async (bench) => {
        const batch = await startBatch(bench, 'restart', CALLS);
        await sleep(WARM_UP_MS + MEASURED_MS);
        const stoppedMs = Date.now();
        await bench.stack.api.stop();
        await sleep(AWAY_MS - (Date.now() - stoppedMs));
        await bench.stack.startApi();
        const readyMs = Date.now();
        const before = (await readDials(bench, batch)).filter(
          (dialMs) => dialMs >= stoppedMs - MEASURED_MS && dialMs < stoppedMs,
        );
        const callsPerSecond = before.length / (MEASURED_MS / 1000);
        say(`${callsPerSecond.toFixed(1)} dials/s before; the API was away for ${seconds(readyMs - stoppedMs)} s`);
        for (;;) {
          await sleep(LOOK_MS);
          const nowMs = Date.now();
          const dials = await readDials(bench, batch);
          const againMs = startOfRate(dials, { fromMs: readyMs, untilMs: nowMs, callsPerSecond });
          if (againMs === null && nowMs < readyMs + AFTER_MS) continue;
          const away = dials.filter((dialMs) => dialMs >= stoppedMs && dialMs < readyMs).length;
          say(`${(away / ((readyMs - stoppedMs) / 1000)).toFixed(1)} dials/s while it was away`);
          const waitedMs = (againMs ?? nowMs) - readyMs;
          return [{ value: waitedMs / 1000, unit: 's', bar: 10, better: 'lower' }];
        }
      },
    ),
};

type Rate = { fromMs: number; untilMs: number; callsPerSecond: number };

/** The first moment after which a whole window has the share of the rate; null when there is none yet. */
function startOfRate(dials: readonly number[], { fromMs, untilMs, callsPerSecond }: Rate): number | null {
  const wanted = RATE_SHARE * callsPerSecond * (WINDOW_MS / 1000);
  for (let startMs = fromMs; startMs + WINDOW_MS <= untilMs; startMs += WINDOW_STEP_MS) {
    const inWindow = dials.filter((dialMs) => dialMs >= startMs && dialMs < startMs + WINDOW_MS);
    if (inWindow.length >= wanted) return startMs;
  }
  return null;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
