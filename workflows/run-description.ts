import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { statusAttribute, type NextStep, type RunBatchInput, type RunState } from './contract.js';
import type { Inbox } from './inbox.js';
import { aliveLanes, type Lanes } from './lanes.js';

/** Everything that a run knows. */
export type Run = { input: RunBatchInput; inbox: Inbox; lanes: Lanes; next: NextStep | null };

/** What each reason means, for the person who looks at the run in Temporal's UI. */
const WORDS: Record<string, string> = {
  READY: 'Calls can start now.',
  STARTS_LATER: 'Sleeping until the start.',
  SCHEDULED: 'About to start.',
  PENDING: 'About to start again after a retry.',
  PAUSED: 'Paused. Resume it with the API, or with the signal `resume`.',
  WORKSPACE_STOPPED: 'The emergency stop of the workspace is on.',
  NUMBER_DISABLED: 'The from-number is disabled.',
  CREDENTIALS_NEEDED: 'The credentials of the provider account cannot be read. Enter both again.',
  AGENT_DISABLED: 'The agent is disabled.',
  NOT_SENT: 'The last calls could not be sent. The next one is tried soon.',
  OUTSIDE_HOURS: 'Outside the allowed days and hours. Calls wait; none is skipped.',
  WORKSPACE_LIMIT: 'All slots of the workspace are in use. The next call starts as soon as one ends.',
  BATCH_LIMIT: 'All slots of the batch are in use. The next call starts as soon as one ends.',
  NUMBER_LIMIT: 'All slots of the from-number are in use. The next call starts as soon as one ends.',
  NUMBER_BACKOFF: 'The provider takes no more calls from the from-number just now. It is tried again soon.',
  PACE: 'The limit of calls per second is reached. The next call starts in a moment.',
  NOT_DUE:
    'Recipients wait for their time: a retry, a number that is in another call, or proof that a call was not placed.',
  BATCH_ENDED: 'The batch ends before the next call may start. Those who wait fail then.',
  NEVER_OPEN: 'Only recipients are left whose hours never open. They are about to be settled.',
  CALLS_IN_PROGRESS: 'Every recipient has been called. Waiting for the last calls to end.',
  ROWS_OUTSTANDING: 'Recipients are still being added.',
  SETTLED: 'Every recipient is settled.',
};

/** Puts the status where Temporal can search it, and what the batch waits for where its UI shows it. */
export function show(run: Run, next: NextStep): void {
  const shown = workflowInfo().typedSearchAttributes.get(statusAttribute);
  if (shown !== next.status) upsertSearchAttributes([{ key: statusAttribute, value: next.status }]);
  const { doing, until } = describeRun(run);
  setCurrentDetails(`**${next.status}** ${doing}${until ? ` Until ${until}.` : ''}`);
}

/** The answer to the query `state`. */
export function describeRun({ next, lanes, inbox }: Run): RunState {
  return {
    doing: next ? (WORDS[next.reason] ?? next.reason) : 'Looking at the batch for the first time.',
    reason: next?.reason ?? null,
    until: next?.untilMs == null ? null : new Date(Date.now() + next.untilMs).toISOString(),
    lanes: aliveLanes(lanes),
    callsPlaced: lanes.callsPlaced,
    commandsWaiting: inbox.commands.length,
  };
}
