import { CancellationScope, condition, continueAsNew, setHandler } from '@temporalio/workflow';
import { applyCommand, decideNext, leaveLanesBehind, finishBatch } from './batch-activities.js';
import { stateQuery, type NextStep, type RunBatchInput } from './contract.js';
import { hasNews, openInbox } from './inbox.js';
import {
  aliveLanes,
  isTimeForNewRun,
  lanesToCarry,
  loseLanes,
  noLanes,
  startLanes,
  takeAnswers,
  untilLanesFit,
} from './lanes.js';
import { describeRun, show, type Run } from './run-description.js';

/** A run that wakes before its time asks again after at least this long. */
const WAIT_MIN_MS = 1_000;

/**
 * One batch, from its start until every recipient is settled. PostgreSQL owns status and recipients; the run decides what
 * happens next and when, and holds nothing that PostgreSQL lacks, so it may be lost and started again at any time. Live
 * calls end and are recorded without it.
 */
export async function runBatch(input: RunBatchInput): Promise<string> {
  const run: Run = { input, inbox: openInbox(input), lanes: noLanes(input.carried?.callsPlaced ?? 0), next: null };
  setHandler(stateQuery, () => describeRun(run));

  return CancellationScope.nonCancellable(async () => {
    for (let carried = input.carried?.next; ; carried = undefined) {
      const next = carried ? goOnWith(run, carried) : await lookWhatIsNext(run);
      if (next.is === 'over' && !hasNews(run.inbox)) return next.status;
      if (next.is === 'settled') await finishBatch(input, next.generation);
      if (next.is === 'wait') await waitUntilAllowed(run, next);
      const unfinished = next.is === 'dial' ? await keepLanesGoing(run, next) : null;
      if (isTimeForNewRun()) await continueInNewRun(run, unfinished);
    }
  });
}

/** What the run before this one was doing needs no look: lanes start in the first task of the new run. */
function goOnWith(run: Run, carried: NextStep): NextStep {
  run.next = carried;
  show(run, carried);
  return carried;
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

/**
 * Keeps as many lanes as calls may start, until the last one found nothing to do.
 * @returns what a new run has to go on with, when it is time for one; else nothing
 */
async function keepLanesGoing(run: Run, first: NextStep): Promise<NextStep | null> {
  const { inbox, lanes } = run;
  let next = first;
  let wanted = first.lanes;
  for (;;) {
    if (isTimeForNewRun()) return { ...next, lanes: lanesToCarry(lanes, wanted) };
    startLanes(lanes, wanted, {
      batchId: run.input.batchId,
      workspaceId: run.input.workspaceId,
      ...generationOf(next),
    });
    if (aliveLanes(lanes) === 0) await untilLanesFit(lanes);
    if (aliveLanes(lanes) === 0) return null;
    await condition(() => lanes.answers.length > 0 || hasNews(inbox));
    wanted = takeAnswers(lanes);
    if (!hasNews(inbox)) continue;
    next = await lookWhatIsNext(run);
    wanted = next.is === 'dial' ? Math.max(wanted, next.lanes) : 0;
  }
}

/**
 * Leaves its lanes behind: they report nothing any more, because the server refuses to close a run while an event comes in
 * that the run has not seen, and go on until the new run's lanes are there. Commands that are not applied yet are carried
 * along; after any other news the new run looks where the batch stands.
 */
async function continueInNewRun(run: Run, unfinished: NextStep | null): Promise<never> {
  const laneEpoch = await leaveLanesBehind(run.input);
  const { commands, signalsSeen } = run.inbox;
  const canGoOn = unfinished?.is === 'dial' && unfinished.lanes > 0 && !hasNews(run.inbox);
  return continueAsNew<typeof runBatch>({
    ...run.input,
    carried: {
      commands,
      signalsSeen,
      callsPlaced: run.lanes.callsPlaced,
      ...(canGoOn && { next: { ...unfinished, laneEpoch } }),
    },
  });
}

function generationOf({ generation, laneEpoch }: NextStep): { generation: number; laneEpoch: number } {
  return { generation, laneEpoch };
}
