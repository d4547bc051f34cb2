import { setTimeout } from 'node:timers/promises';
import type { Logger } from '../platform/logger.js';
import { releaseCall } from '../store/calls/answer-call.js';
import { claimCalls, type ClaimAnswer } from '../store/claims/claim-calls.js';
import { isLockBusy, type Connection, type Database } from '../store/database.js';
import type { Turns } from '../platform/turns.js';
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
  inTurn: Turns;
  isStopped: () => boolean;
};

/** Calls per claim: all of their requests must leave within one dial budget. */
const CLAIMS_MAX = 16;
/** Lanes per claim: some of every batch, so that each gets its share. */
const LANES_PER_CLAIM_MAX = 64;
/** A claim that waited longer for its workspace would leave its calls too little of the dial budget. */
const LOCK_WAIT_SHARE = 0.5;
const RETRY_MS = 200;

/**
 * One claim for the lanes that have waited longest, when it is this workspace's turn. Every lane that got an answer other
 * than "wait on" is ended.
 * @returns when the claim began, on the clock of `performance.now()`
 */
export async function claimOnce(deps: ClaimRoundDeps, workspace: Workspace): Promise<number> {
  const { fate, lanes, startedMs } = await deps.inTurn(() => claimInTurn(deps, workspace));
  if (fate === 'known') return startedMs;
  workspace.again = true;
  // The turn is given back before this: releasing takes as long as PostgreSQL is away.
  if (fate === 'unknown') await releaseAll(deps, workspace, lanes);
  // What made it fail may last: not at full speed.
  await setTimeout(RETRY_MS);
  return performance.now();
}

/** What became of a claim. `none`: it did not begin, or the server has taken all of it back. */
type Claimed = { fate: 'known' | 'none' | 'unknown'; lanes: Entry[]; startedMs: number };

async function claimInTurn(deps: ClaimRoundDeps, workspace: Workspace): Promise<Claimed> {
  const { db, logger, settings } = deps;
  let connection: Connection;
  try {
    connection = await db.pool.connect();
  } catch (err) {
    logger.warn({ err, workspaceId: workspace.id }, 'there is no connection for a claim');
    return { fate: 'none', lanes: [], startedMs: performance.now() };
  }
  endLeaving(workspace);
  workspace.again = false;
  workspace.nextLookMs = null;
  const lanes = chooseLanes(workspace.lanes);
  // The dial budget counts from here, when the wait for a turn and for a connection is over.
  const startedMs = performance.now();
  let broken: Error | undefined;
  try {
    const answers = await claimFor(deps, { connection, workspaceId: workspace.id, lanes });
    const sendBeforeMs = startedMs + settings.dialBudgetMs;
    lanes.forEach((lane, index) => takeAnswer(workspace, { lane, answer: answers[index], sendBeforeMs }));
    return { fate: 'known', lanes, startedMs };
  } catch (err) {
    if (isLockBusy(err)) return { fate: 'none', lanes, startedMs };
    broken = err as Error; // pg rejects with errors only
    logger.warn(
      { err, workspaceId: workspace.id, lanes: lanes.length },
      'claim failed; releasing what it may have claimed',
    );
    return { fate: 'unknown', lanes, startedMs };
  } finally {
    connection.release(broken);
  }
}

type ClaimFor = { connection: Connection; workspaceId: string; lanes: Entry[] };

async function claimFor(
  { process, settings }: ClaimRoundDeps,
  { connection, workspaceId, lanes }: ClaimFor,
): Promise<ClaimAnswer[]> {
  if (lanes.length === 0) return [];
  const { dialBudgetMs, requestTimeoutMs } = settings;
  return claimCalls(connection, {
    workspaceId,
    process,
    dialBudgetMs,
    requestTimeoutMs,
    claimsMax: CLAIMS_MAX,
    lockWaitMaxMs: dialBudgetMs * LOCK_WAIT_SHARE,
    lanes,
  });
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
      await setTimeout(RETRY_MS);
    }
  }
  return false;
}
