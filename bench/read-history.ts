import type { Client } from '@temporalio/client';
import type { Workflow } from '@temporalio/common';

export type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];

/** Runs of one workflow id; a bench that makes more has gone wrong. */
const RUNS_MAX = 200;

/** The histories of a workflow's runs, through the whole chain from the first one, oldest first. */
export async function readRuns(client: Client, workflowId: string, firstRunId: string): Promise<History[]> {
  const runs: History[] = [];
  let runId: string | null | undefined = firstRunId;
  while (runId && runs.length < RUNS_MAX) {
    const history: History = await client.workflow.getHandle<Workflow>(workflowId, runId).fetchHistory();
    runs.push(history);
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
}

/** Every event of a workflow, through the whole chain of runs from the first one, oldest first. */
export async function readChain(client: Client, workflowId: string, firstRunId: string): Promise<HistoryEvent[]> {
  const runs = await readRuns(client, workflowId, firstRunId);
  return runs.flatMap((run) => run.events ?? []);
}

/** The first run of a chain, found from its newest one. */
export async function findFirstRun(client: Client, workflowId: string): Promise<string> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const first = raw.workflowExecutionInfo?.firstRunId;
  if (!first) throw new Error(`Temporal does not say which was the first run of ${workflowId}`);
  return first;
}

/** When each activity of a chain completed, in milliseconds since 1970. */
export function activityEnds(events: readonly HistoryEvent[]): number[] {
  return events
    .filter((event) => event.activityTaskCompletedEventAttributes)
    .map(({ eventTime }) => Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6);
}
