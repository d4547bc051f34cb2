import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { BatchToWake } from '../domain/batches/batch-to-wake.js';
import { RUN_BATCH, wakeOptions, wakeSignal, workflowIdOf, type Wake } from './contract.js';

/** Whoever wakes waits no longer; the sweeper repeats a wake that was lost. */
export const WAKE_TIMEOUT_MS = 1_000;
const RETRY_MS = 100;
/** Ends of a run that nobody asked for: dialling goes on only when a person says so. */
const BROKEN = ['TERMINATED', 'FAILED', 'TIMED_OUT'];

type WakeOptions = {
  lanesLost?: boolean;
  /** A person has just asked for a run, or somebody has looked what became of the one before. */
  startsRun?: boolean;
};

/**
 * The only way by which a run is started or woken, for API and worker; not part of the workflow's own code. A run that is
 * gone is followed by another, but one that broke is left to the sweeper, which pauses the batch. Tries again while there is
 * time: a connection that was just lost is there again soon. Repeating a wake does no harm.
 * @throws the last error of Temporal's client, after `WAKE_TIMEOUT_MS`
 */
export async function wakeRun(client: Client, batch: BatchToWake, options: WakeOptions = {}): Promise<void> {
  const deadlineMs = Date.now() + WAKE_TIMEOUT_MS;
  for (;;) {
    try {
      return await client.withDeadline(deadlineMs, () => wakeOnce(client, batch, options));
    } catch (err) {
      if (Date.now() + RETRY_MS >= deadlineMs) throw err;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

export type DescribedRun = { status: string; runId: string };

/** Whether a batch's last run broke and nobody has been told. */
export function isBroken({ status, runId }: DescribedRun, { runHandled }: Pick<BatchToWake, 'runHandled'>): boolean {
  return BROKEN.includes(status) && runId !== runHandled;
}

/** @returns null when there is no run */
export async function describeRun(client: Client, batchId: string): Promise<DescribedRun | null> {
  try {
    const { status, runId } = await client.workflow.getHandle(workflowIdOf(batchId)).describe();
    return { status: status.name, runId };
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return null;
    throw err;
  }
}

async function wakeOnce(client: Client, batch: BatchToWake, { lanesLost, startsRun }: WakeOptions): Promise<void> {
  const options = wakeOptions(batch, lanesLost);
  if (!startsRun) {
    if (await isSignalled(client, batch.batchId, options.signalArgs)) return;
    const run = await describeRun(client, batch.batchId);
    if (run && isBroken(run, batch)) return;
  }
  await client.workflow.signalWithStart(RUN_BATCH, options);
}

/** @returns false when no run is there to hear it */
async function isSignalled(client: Client, batchId: string, args: [Wake?]): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowIdOf(batchId)).signal(wakeSignal, ...args);
    return true;
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return false;
    throw err;
  }
}
