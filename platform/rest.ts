import { setTimeout } from 'node:timers/promises';

/** A rest is so many times as long as the work before it. With 2 a freed slot waited longer, and a busy engine was no faster. */
const REST_FACTOR = 1;
/** No rest is longer: it is what one piece of work may wait for company. */
const REST_MAX_MS = 25;

/**
 * Rests after work that began at `startedMs` on the clock of `performance.now()`, so that more comes together for the next
 * turn. The busier the database, the longer its answers and the rests: larger and fewer transactions when they matter, and
 * next to no delay when it is calm.
 */
export async function restAfter(startedMs: number): Promise<void> {
  const restMs = Math.min((performance.now() - startedMs) * REST_FACTOR, REST_MAX_MS);
  if (restMs >= 1) await setTimeout(restMs);
}
