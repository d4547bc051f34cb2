import { takeWake } from '../../store/batches/wake-batches.js';
import { WAKE_TIMEOUT_MS, wakeRun } from '../../workflows/wake-run.js';
import type { RequestDeps } from '../http/operation.js';
import { within } from '../http/within.js';

type WakeDeps = Pick<RequestDeps, 'db' | 'temporal' | 'logger' | 'wakes'>;

/**
 * Sees to it that the batch's run looks again, or is started. The change is committed already, so nobody waits for
 * Temporal: the signal is on its way when this returns, a failure is logged and no more, and the sweeper repeats the wake
 * from state. `startsRun`: the request asked for a run; anything else starts none after one that broke.
 */
export async function wakeBatch(
  { db, temporal, logger, wakes }: WakeDeps,
  batchId: string,
  { startsRun = false } = {},
): Promise<void> {
  const failed = (err: unknown): void =>
    logger.warn({ batchId, err }, 'could not wake the run of a batch; the sweeper will');
  const wake = await takeWake(db.pool, batchId).catch(failed);
  if (!wake) return;
  const sent = within(WAKE_TIMEOUT_MS, wakeRun(temporal.client, wake, { startsRun }))
    .catch(failed)
    .finally(() => wakes.delete(sent));
  wakes.add(sent);
}
