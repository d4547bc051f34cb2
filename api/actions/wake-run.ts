import { setTimeout } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { takeWake, type BatchToWake } from '../../store/batches/wake-batches.js';
import { RUN_BATCH, wakeOptions } from '../../workflows/contract.js';
import type { RequestDeps } from '../http/operation.js';
import { loggable } from '../http/problem.js';
import { within } from '../http/within.js';

const WAKE_TIMEOUT_MS = 1_000;
const RETRY_MS = 100;

type WakeDeps = Pick<RequestDeps, 'db' | 'temporal' | 'logger' | 'wakes'>;

/**
 * Sees to it that the batch's run looks again, or is started. The change is committed already, so nobody waits for
 * Temporal: the signal is on its way when this returns, a failure is logged and no more, and the sweeper repeats the wake
 * from state.
 */
export async function wakeRun({ db, temporal, logger, wakes }: WakeDeps, batchId: string): Promise<void> {
  const failed = (err: unknown): void =>
    logger.warn({ batchId, err: loggable(err) }, 'could not wake the run of a batch; the sweeper will');
  const wake = await takeWake(db.pool, batchId).catch(failed);
  if (!wake) return;
  const sent = within(WAKE_TIMEOUT_MS, signal(temporal.client, wake, Date.now() + WAKE_TIMEOUT_MS))
    .catch(failed)
    .finally(() => wakes.delete(sent));
  wakes.add(sent);
}

/** Tries again while there is time: a connection that was just lost is there again soon. Repeating a wake does no harm. */
async function signal(client: Client, wake: BatchToWake, deadlineMs: number): Promise<void> {
  for (;;) {
    try {
      await client.withDeadline(deadlineMs, () => client.workflow.signalWithStart(RUN_BATCH, wakeOptions(wake)));
      return;
    } catch (err) {
      if (Date.now() + RETRY_MS >= deadlineMs) throw err;
      await setTimeout(RETRY_MS);
    }
  }
}
