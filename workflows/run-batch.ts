import { CancellationScope, condition, continueAsNew, setHandler } from '@temporalio/workflow';
import { applyCommand, decideNext, endWaitingLanes, finishBatch } from './batch-activities.js';
import { stateQuery, type NextStep, type RunBatchInput } from './contract.js';
import { hasNews, isFull, openInbox } from './inbox.js';
import {
  aliveLanes,
  drainLanes,
  lanesWantedAfter,
  loseLanes,
  noLanes,
  shouldContinueAsNew,
  startLanes,
  untilLanesFit,
} from './lanes.js';
import { describeRun, show, type Run } from './run-description.js';

/** A run that wakes before its time asks again after at least this long. */
const WAIT_MIN_MS = 1_000;
/** How long a run that continues as new waits for its lanes; those still out are safe in PostgreSQL. */
const DRAIN_MS = 3_000;

/**
 * One batch, from its start until every recipient is settled. PostgreSQL owns status and recipients; the run decides what
 * happens next and when, and holds nothing that PostgreSQL lacks, so it may be lost and started again at any time. Live
 * calls end and are recorded without it.
 */
export async function runBatch(input: RunBatchInput): Promise<string> {
  const run: Run = { input, inbox: openInbox(input), lanes: noLanes(input.carried?.callsPlaced ?? 0), next: null };
  setHandler(stateQuery, () => describeRun(run));

  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      const next = await lookWhatIsNext(run);
      if (next.is === 'over' && !hasNews(run.inbox)) return next.status;
      if (next.is === 'settled') await finishBatch(input, next.generation);
      if (next.is === 'wait') await waitUntilAllowed(run, next);
      if (next.is === 'dial') await keepLanesGoing(run, next);
      if (isTimeForNewRun(run)) await continueInNewRun(run);
    }
  });
}

/** Applies what was signalled by hand, then asks where the batch stands; that starts it when its time has come. */
async function lookWhatIsNext(run: Run): Promise<NextStep> {
  const { inbox, input } = run;
  for (let command = inbox.commands[0]; command; command = inbox.commands[0]) {
    await applyCommand(input, command);
    inbox.commands.shift();
  }
  inbox.woken = false;
  if (inbox.lanesLost) loseLanes(run.lanes);
  inbox.lanesLost = false;
  run.next = await decideNext(input);
  show(run, run.next);
  return run.next;
}

/** Until the start, the next opening, the next retry, or until somebody resumes: one timer, or a wake. */
async function waitUntilAllowed({ inbox }: Run, next: NextStep): Promise<void> {
  if (next.untilMs === null) await condition(() => hasNews(inbox));
  else
    await condition(() => hasNews(inbox), Math.max(next.untilMs, WAIT_MIN_MS), { summary: next.reason.toLowerCase() });
}

/** Keeps as many lanes as calls may start, until the last one found nothing to do. */
async function keepLanesGoing(run: Run, first: NextStep): Promise<void> {
  const { inbox, lanes } = run;
  let next = first;
  let wanted = first.lanes;
  for (;;) {
    startLanes(lanes, wanted, {
      batchId: run.input.batchId,
      workspaceId: run.input.workspaceId,
      ...generationOf(next),
    });
    if (aliveLanes(lanes) === 0) await untilLanesFit(lanes);
    if (aliveLanes(lanes) === 0 || isTimeForNewRun(run)) return;
    await condition(() => lanes.answers.length > 0 || hasNews(inbox));
    wanted = lanesWantedAfter(aliveLanes(lanes), lanes.answers.splice(0));
    if (!hasNews(inbox)) continue;
    next = await lookWhatIsNext(run);
    wanted = next.is === 'dial' ? Math.max(wanted, next.lanes) : 0;
  }
}

function isTimeForNewRun(run: Run): boolean {
  return shouldContinueAsNew() || isFull(run.inbox);
}

/** Waiting lanes end at their next claim; commands not applied yet are carried along. */
async function continueInNewRun(run: Run): Promise<never> {
  await endWaitingLanes(run.input);
  await drainLanes(run.lanes, DRAIN_MS);
  const { commands, signalsSeen } = run.inbox;
  return continueAsNew<typeof runBatch>({
    ...run.input,
    carried: { commands, signalsSeen, callsPlaced: run.lanes.callsPlaced },
  });
}

function generationOf({ generation, laneEpoch }: NextStep): { generation: number; laneEpoch: number } {
  return { generation, laneEpoch };
}
