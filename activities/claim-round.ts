import { setTimeout } from 'node:timers/promises';
import type { Logger } from '../platform/logger.js';
import { releaseCall } from '../store/calls/answer-call.js';
import { claimCalls, type ClaimAnswer } from '../store/calls/claim-calls.js';
import type { Database } from '../store/database.js';
import type { LaneOutcome, WaitingLane } from './waiting-lane.js';

/** A lane that waits. `leaving` says why it goes home after the claim that is under way, unless that gives it a call. */
export type Entry = WaitingLane & { leaving: string | null; end: (outcome: LaneOutcome) => void };
/** The waiting lanes of one workspace, longest waiting first; `again` asks for another claim after the one under way. */
export type Workspace = {
  id: string;
  lanes: Set<Entry>;
  claiming: Promise<void> | null;
  again: boolean;
  /** How long until something can start by the passing of time alone, as the last claim said. */
  nextLookMs: number | null;
  nextLook?: NodeJS.Timeout;
};

export type ClaimRoundDeps = {
  db: Database;
  logger: Logger;
  process: string;
  settings: { dialBudgetMs: number; requestTimeoutMs: number };
  isStopped: () => boolean;
};

/** Calls per claim: all of their requests must leave within one dial budget. */
const CLAIMS_MAX = 16;
/** Lanes per claim: some of every batch, so that each gets its share. */
const LANES_PER_CLAIM_MAX = 64;
const RELEASE_RETRY_MS = 200;

/** One claim for the lanes that have waited longest. Every lane that got an answer other than "wait on" is ended. */
export async function claimOnce(deps: ClaimRoundDeps, workspace: Workspace): Promise<void> {
  workspace.again = false;
  workspace.nextLookMs = null;
  const { dialBudgetMs, requestTimeoutMs } = deps.settings;
  const lanes = chooseLanes(workspace.lanes);
  const sendBeforeMs = performance.now() + dialBudgetMs;
  try {
    const answers = await claimCalls(deps.db.pool, {
      workspaceId: workspace.id,
      process: deps.process,
      dialBudgetMs,
      requestTimeoutMs,
      claimsMax: CLAIMS_MAX,
      lanes,
    });
    lanes.forEach((lane, index) => takeAnswer(workspace, { lane, answer: answers[index], sendBeforeMs }));
  } catch (err) {
    deps.logger.warn(
      { err, workspaceId: workspace.id, lanes: lanes.length },
      'claim failed; releasing what it may have claimed',
    );
    await releaseAll(deps, workspace, lanes);
  }
}

export function endLeaving(workspace: Workspace): void {
  for (const lane of workspace.lanes) if (lane.leaving) endIdle(workspace, lane, lane.leaving);
}

/** The longest waiting lanes of every batch, in turn. */
function chooseLanes(waiting: ReadonlySet<Entry>): Entry[] {
  const byBatch = new Map<string, Entry[]>();
  for (const lane of waiting) {
    const lanes = byBatch.get(lane.batchId);
    if (lanes) lanes.push(lane);
    else byBatch.set(lane.batchId, [lane]);
  }
  const chosen: Entry[] = [];
  for (let turn = 0; turn < CLAIMS_MAX && chosen.length < LANES_PER_CLAIM_MAX; turn++) {
    for (const lanes of byBatch.values()) {
      const lane = lanes[turn];
      if (lane && chosen.length < LANES_PER_CLAIM_MAX) chosen.push(lane);
    }
  }
  return chosen;
}

export function endIdle(workspace: Workspace, lane: Entry, reason: string): void {
  if (workspace.lanes.delete(lane)) lane.end({ is: 'idle', reason });
}

type Answered = { lane: Entry; answer: ClaimAnswer | undefined; sendBeforeMs: number };

function takeAnswer(workspace: Workspace, { lane, answer, sendBeforeMs }: Answered): void {
  if (!answer || answer.verdict === 'WAIT') {
    // To the end of the queue, so that lanes beyond the first claim's size get their turn.
    if (workspace.lanes.size > LANES_PER_CLAIM_MAX && workspace.lanes.delete(lane)) workspace.lanes.add(lane);
    if (!answer) return;
    workspace.again ||= answer.couldStart > 0;
    if (answer.untilMs !== null) workspace.nextLookMs = Math.min(workspace.nextLookMs ?? Infinity, answer.untilMs);
    return;
  }
  workspace.again = true;
  if (answer.verdict === 'END') return endIdle(workspace, lane, answer.reason);
  workspace.lanes.delete(lane);
  if (answer.verdict === 'REPEATED') lane.end({ is: 'repeated', attempt: answer.attempt });
  else lane.end({ is: 'claimed', call: answer.call, couldStart: answer.couldStart, sendBeforeMs });
}

/** The claim's fate is unknown: nothing was sent, so what it may have committed is released before these lanes go on. */
async function releaseAll(deps: ClaimRoundDeps, workspace: Workspace, lanes: Entry[]): Promise<void> {
  for (const lane of lanes) {
    // Its key is spent: the run starts another lane, with another key.
    if (await releaseUnsent(deps, workspace.id, lane)) endIdle(workspace, lane, 'CLAIM_NOT_CONFIRMED');
  }
  workspace.again = true;
  // What made it fail may last: not at full speed.
  await setTimeout(RELEASE_RETRY_MS);
}

/** Tried until PostgreSQL answers. A process that stops leaves it to the settler. */
async function releaseUnsent(
  { db, isStopped }: ClaimRoundDeps,
  workspaceId: string,
  { claimKey, dialToken }: Entry,
): Promise<boolean> {
  while (!isStopped()) {
    try {
      return await releaseCall(db.pool, {
        workspaceId,
        claimKey,
        dialToken,
        why: 'claim not confirmed',
        isOwnDelay: true,
      });
    } catch {
      await setTimeout(RELEASE_RETRY_MS);
    }
  }
  return false;
}
