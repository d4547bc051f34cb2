import type { Client } from '@temporalio/client';
import type { BatchToWake } from '../domain/batches/batch-to-wake.js';
import { RUN_BATCH, wakeOptions } from './contract.js';

/** Whoever wakes waits no longer; the sweeper repeats a wake that was lost. */
export const WAKE_TIMEOUT_MS = 1_000;
const RETRY_MS = 100;

/**
 * The only way by which a run is started or woken, for API and worker; not part of the workflow's own code. Tries again
 * while there is time: a connection that was just lost is there again soon. Repeating a wake does no harm.
 * @throws the last error of Temporal's client, after `WAKE_TIMEOUT_MS`
 */
export async function wakeRun(client: Client, batch: BatchToWake, { lanesLost = false } = {}): Promise<void> {
  const deadlineMs = Date.now() + WAKE_TIMEOUT_MS;
  for (;;) {
    try {
      await client.withDeadline(deadlineMs, () =>
        client.workflow.signalWithStart(RUN_BATCH, wakeOptions(batch, lanesLost)),
      );
      return;
    } catch (err) {
      if (Date.now() + RETRY_MS >= deadlineMs) throw err;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
