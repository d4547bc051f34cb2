import { condition, workflowInfo } from '@temporalio/workflow';
import { placeNextCalls } from './batch-activities.js';
import { RUN_EVENTS_MAX, type LaneAnswer, type LaneInput } from './contract.js';

/** Lanes believed alive. More activities in flight lose workflow tasks now and then: the server buffers 100 events. */
const LANES_MAX = 40;
/** Lanes whose activity has not come back, those of dead workers included. */
const LANES_PENDING_MAX = 200;
const FIT_MAX_MS = 5_000;
/** The server puts off the first task of a run that follows a younger one, until this much has passed (history.continueAsNewMinInterval). */
const RUN_MS_MIN = 1_000;

type Lane = { lost: boolean };

/** The place-call activities of one run. */
export type Lanes = { pending: Set<Lane>; answers: LaneAnswer[]; callsPlaced: number };

export function noLanes(callsPlaced: number): Lanes {
  return { pending: new Set(), answers: [], callsPlaced };
}

/** Lanes believed to be waiting in a live worker. */
export function aliveLanes(lanes: Lanes): number {
  return [...lanes.pending].filter((lane) => !lane.lost).length;
}

/** Starts lanes until `wanted` are alive, within the bounds. */
export function startLanes(lanes: Lanes, wanted: number, input: LaneInput): void {
  const alive = aliveLanes(lanes);
  const room = LANES_PENDING_MAX - lanes.pending.size;
  const missing = Math.min(Math.min(wanted, LANES_MAX) - alive, room);
  for (let started = 0; started < missing; started++) startLane(lanes, input);
}

/** No lane has been seen for a while: those that are pending died with their worker. */
export function loseLanes(lanes: Lanes): void {
  for (const lane of lanes.pending) lane.lost = true;
}

/**
 * How many lanes should be alive after these answers: each that placed calls is followed by another, and there are as many
 * as calls could start. A lane that found nothing is not replaced.
 */
export function lanesWantedAfter(alive: number, answers: readonly LaneAnswer[]): number {
  const replaced = answers.filter((answer) => answer.is !== 'idle').length;
  const couldStart = answers.map((answer) => (answer.is === 'placed' ? answer.couldStart : 0));
  return Math.max(alive + replaced, ...couldStart);
}

/** While so many lanes of dead workers are pending that no other fits: waits, for a bounded time, for one to be given up. */
export async function untilLanesFit(lanes: Lanes): Promise<void> {
  if (lanes.pending.size >= LANES_PENDING_MAX)
    await condition(() => lanes.pending.size < LANES_PENDING_MAX, FIT_MAX_MS);
}

/** Whether the history is as long as one may become. Signals are events too. */
export function isTimeForNewRun(): boolean {
  const { continueAsNewSuggested, historyLength, runStartTime } = workflowInfo();
  const isLong = historyLength >= RUN_EVENTS_MAX && Date.now() - runStartTime.getTime() >= RUN_MS_MIN;
  return isLong || continueAsNewSuggested;
}

function startLane(lanes: Lanes, input: LaneInput): void {
  const lane: Lane = { lost: false };
  lanes.pending.add(lane);
  const answered = (answer: LaneAnswer): void => {
    lanes.pending.delete(lane);
    lanes.answers.push(answer);
    if (answer.is === 'placed') lanes.callsPlaced += answer.calls.length;
  };
  placeNextCalls(input).then(answered, () => answered({ is: 'idle', reason: 'LANE_FAILED' }));
}
