import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { reasonOf } from '../domain/reasons.js';
import { statusAttribute, type NextStep, type RunBatchInput, type RunState } from './contract.js';
import type { Inbox } from './inbox.js';
import { aliveLanes, type Lanes } from './lanes.js';

/** Everything that a run knows. */
export type Run = { input: RunBatchInput; inbox: Inbox; lanes: Lanes; next: NextStep | null };

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
    doing: next ? wordsOf(next.reason) : 'Looking at the batch for the first time.',
    reason: next?.reason ?? null,
    until: next?.untilMs == null ? null : new Date(Date.now() + next.untilMs).toISOString(),
    lanes: aliveLanes(lanes),
    callsPlaced: lanes.callsPlaced,
    commandsWaiting: inbox.commands.length,
  };
}

/** For the person who looks at the run in Temporal's UI. */
function wordsOf(reason: string): string {
  const known = reasonOf(reason);
  return known?.saysInTemporal ?? known?.says ?? reason;
}
