import { condition, workflowInfo } from '@temporalio/workflow';
import { placeNextCalls } from './batch-activities.js';
import { LANES_MAX, RUN_EVENTS_MAX, type LaneAnswer, type LaneInput } from './contract.js';

/** Lanes whose activity has not come back, those of dead workers included. */
const LANES_PENDING_MAX = 200;
/** A new run starts with so many lanes at least, if the one before it had them: enough for slots that are freed together. */
const LANES_CARRIED_MIN = 10;
const FIT_MAX_MS = 5_000;
/** The server puts off the first task of a run that follows a younger one, until this much has passed (history.continueAsNewMinInterval). */
const RUN_MS_MIN = 1_000;

type Lane = { lost: boolean };

/** The place-call activities of one run. */
export type Lanes = {
  pending: Set<Lane>;
  answers: LaneAnswer[];
  /** How many more calls could start, as the last answers said. */
  couldStart: number;
  callsPlaced: number;
};

export function noLanes(callsPlaced: number): Lanes {
  return { pending: new Set(), answers: [], couldStart: 0, callsPlaced };
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
 * Takes the answers that came, and says how many lanes should be alive after them: each that placed calls is followed by
 * another, and there are as many as calls could start. A lane that found nothing is not replaced.
 */
export function takeAnswers(lanes: Lanes): number {
  const answers = lanes.answers.splice(0);
  const replaced = answers.filter((answer) => answer.is !== 'idle').length;
  lanes.couldStart = Math.max(0, ...answers.map((answer) => (answer.is === 'placed' ? answer.couldStart : 0)));
  return Math.max(aliveLanes(lanes) + replaced, lanes.couldStart);
}

/**
 * With how many lanes a new run begins: as many as calls could start, or half of those that only waited. Each costs events
 * in every run, and an answer that says that more calls could start brings them back.
 */
export function lanesToCarry({ couldStart }: Lanes, wanted: number): number {
  return Math.max(Math.ceil(wanted / 2), Math.min(wanted, Math.max(couldStart, LANES_CARRIED_MIN)));
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
