/**
 * Loaded into a process that is measured (`NODE_OPTIONS=--import`): writes down when its event loop was held for long, as
 * `<end in ms since 1970> <held for ms>`. In that time the process serves nobody.
 */
import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const TICK_MS = 1;
const WRITTEN_MIN_MS = 8;

if (isMainThread && process.env.LOOP_METER_FILE) {
  const file = `${process.env.LOOP_METER_FILE}.${process.pid}`;
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const heldMs = nowMs - lastMs - TICK_MS;
    if (heldMs >= WRITTEN_MIN_MS) appendFileSync(file, `${Date.now()} ${heldMs.toFixed(1)}\n`);
    lastMs = performance.now();
  }, TICK_MS);
  timer.unref();
}
