import { continueAsNew, proxyActivities, workflowInfo } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1m' });

export type BareLoopInput = { activities: number; inFlight: number };

/** Keeps empty activities in flight and does nothing else: the most that a workflow can get out of its server. */
export async function runBareLoop({ activities, inFlight }: BareLoopInput): Promise<void> {
  let started = 0;
  const goOn = async (): Promise<void> => {
    while (started < activities && !workflowInfo().continueAsNewSuggested) {
      started += 1;
      await nothing();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, goOn));
  if (started < activities) await continueAsNew<typeof runBareLoop>({ activities: activities - started, inFlight });
}
