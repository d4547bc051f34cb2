import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import { placeNextCall } from './batch-activities.js';
import type { LaneAnswer, LaneInput } from './contract.js';

/** More activities in flight lose workflow tasks now and then: the server buffers 100 events. */
const LANES_MAX = 40;

/** The place-call activities of one run: those believed to be waiting in a live worker, and the answers not looked at yet. */
export type Lanes = { alive: Set<CancellationScope>; answers: LaneAnswer[]; callsPlaced: number };

export function noLanes(callsPlaced: number): Lanes {
  return { alive: new Set(), answers: [], callsPlaced };
}

/** Starts lanes until `wanted` are alive, at most 40. */
export function startLanes(lanes: Lanes, wanted: number, input: LaneInput): void {
  while (lanes.alive.size < Math.min(wanted, LANES_MAX)) startLane(lanes, input);
}

/**
 * No lane has been seen for a while: those believed alive died with their worker, and are given up instead of being
 * waited for until their heartbeat times out. One that lives after all ends, or places the call it has and is not listened to.
 */
export function loseLanes(lanes: Lanes): void {
  for (const lane of lanes.alive) lane.cancel();
  lanes.alive.clear();
}

/**
 * How many lanes should be alive after these answers: each call placed is followed by another lane, and there are as many
 * as calls could start. A lane that found nothing is not replaced.
 */
export function lanesWantedAfter(alive: number, answers: readonly LaneAnswer[]): number {
  const replaced = answers.filter((answer) => answer.is !== 'idle').length;
  const couldStart = answers.map((answer) => (answer.is === 'placed' ? answer.couldStart : 0));
  return Math.max(alive + replaced, ...couldStart);
}

/** Waits, for a bounded time, for the lanes to come back. */
export async function drainLanes(lanes: Lanes, timeoutMs: number): Promise<void> {
  await condition(() => lanes.alive.size === 0, timeoutMs);
}

export function shouldContinueAsNew(): boolean {
  return workflowInfo().continueAsNewSuggested;
}

function startLane(lanes: Lanes, input: LaneInput): void {
  const lane = new CancellationScope();
  lanes.alive.add(lane);
  const answered = (answer: LaneAnswer): void => {
    if (!lanes.alive.delete(lane)) return;
    lanes.answers.push(answer);
    if (answer.is === 'placed') lanes.callsPlaced += 1;
  };
  lane.run(() => placeNextCall(input)).then(answered, () => answered({ is: 'idle', reason: 'LANE_FAILED' }));
}
