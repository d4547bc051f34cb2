import { setTimeout } from 'node:timers/promises';
import { claimCalls, type ClaimAnswer, type ClaimedCall, type LaneClaim } from '../store/claim-calls.js';
import { releaseCall } from '../store/answer-call.js';
import type { Database } from '../store/database.js';
import type { LaneWakeups } from '../store/listen-for-lanes.js';
import type { Logger } from '../platform/logger.js';

/** A lane that waits in this process. */
export type WaitingLane = LaneClaim & { workspaceId: string; waitMaxMs: number; cancelled: AbortSignal };

/** The end of a lane's wait. `sendBeforeMs` is on the clock of `performance.now()`: the dial budget counts from before the claim. */
export type LaneOutcome =
  | { is: 'claimed'; call: ClaimedCall; couldStart: number; sendBeforeMs: number }
  | { is: 'repeated'; attempt: { id: string; state: string; phone: string } }
  | { is: 'idle'; reason: string };

export type Claimer = {
  /** Waits until the lane has a call to place, has nothing to wait for, has waited its time, or is cancelled. */
  wait(lane: WaitingLane): Promise<LaneOutcome>;
  stop(): Promise<void>;
};

type ClaimerDeps = {
  db: Database;
  logger: Logger;
  process: string;
  wakeups: LaneWakeups;
  settings: { dialBudgetMs: number; requestTimeoutMs: number; claimIntervalMs: number };
};
type Entry = WaitingLane & { leaving: string | null; end: (outcome: LaneOutcome) => void };
type Workspace = { id: string; lanes: Set<Entry>; claiming: Promise<void> | null; again: boolean };

/** Lanes per claim call: all of their requests must leave within one dial budget. */
const LANES_PER_CLAIM_MAX = 16;
const RELEASE_RETRY_MS = 200;

/**
 * The one claimer of a process: asks once per workspace for all its waiting lanes, one claim at a time, whenever a lane
 * arrives, a slot is freed (NOTIFY), or the interval passes.
 */
export function createClaimer({ db, logger, process, wakeups, settings }: ClaimerDeps): Claimer {
  const workspaces = new Map<string, Workspace>();
  let stopped = false;
  const timer = setInterval(() => workspaces.forEach(look), settings.claimIntervalMs);
  wakeups.onWake((workspaceId) => {
    const workspace = workspaces.get(workspaceId);
    if (workspace) look(workspace);
  });

  function look(workspace: Workspace): void {
    workspace.again = true;
    if (workspace.claiming || stopped) return;
    workspace.claiming = claimAll(workspace).finally(() => {
      workspace.claiming = null;
      if (workspace.lanes.size === 0) workspaces.delete(workspace.id);
      else if (workspace.again) look(workspace);
    });
  }

  async function claimAll(workspace: Workspace): Promise<void> {
    while (workspace.again && workspace.lanes.size > 0 && !stopped) {
      workspace.again = false;
      const lanes = [...workspace.lanes].slice(0, LANES_PER_CLAIM_MAX);
      const sendBeforeMs = performance.now() + settings.dialBudgetMs;
      const answers = await claim(workspace.id, lanes);
      if (answers) lanes.forEach((lane, index) => take(workspace, lane, answers[index], sendBeforeMs));
      else await releaseAll(workspace, lanes);
      for (const lane of workspace.lanes) if (lane.leaving) endIdle(workspace, lane, lane.leaving);
    }
  }

  async function claim(workspaceId: string, lanes: Entry[]): Promise<ClaimAnswer[] | null> {
    const { dialBudgetMs, requestTimeoutMs } = settings;
    try {
      return await claimCalls(db.pool, { workspaceId, process, dialBudgetMs, requestTimeoutMs, lanes });
    } catch (err) {
      logger.warn({ err, workspaceId, lanes: lanes.length }, 'claim failed; releasing what it may have claimed');
      return null;
    }
  }

  function take(workspace: Workspace, lane: Entry, answer: ClaimAnswer | undefined, sendBeforeMs: number): void {
    if (!answer || answer.verdict === 'WAIT') {
      // To the end of the queue, so that lanes beyond the first claim's size get their turn.
      if (workspace.lanes.size > LANES_PER_CLAIM_MAX && workspace.lanes.delete(lane)) workspace.lanes.add(lane);
      workspace.again ||= answer !== undefined && answer.couldStart > 0;
      return;
    }
    workspace.again = true;
    if (answer.verdict === 'END') return endIdle(workspace, lane, answer.reason);
    workspace.lanes.delete(lane);
    if (answer.verdict === 'REPEATED') lane.end({ is: 'repeated', attempt: answer.attempt });
    else lane.end({ is: 'claimed', call: answer.call, couldStart: answer.couldStart, sendBeforeMs });
  }

  /** The claim's fate is unknown: nothing was sent, so what it may have committed is released before these lanes go on. */
  async function releaseAll(workspace: Workspace, lanes: Entry[]): Promise<void> {
    for (const lane of lanes) {
      // Its key is spent: the run starts another lane, with another key.
      if (await release(workspace.id, lane)) endIdle(workspace, lane, 'CLAIM_NOT_CONFIRMED');
    }
    workspace.again = true;
  }

  async function release(workspaceId: string, { claimKey, dialToken }: Entry): Promise<boolean> {
    while (!stopped) {
      try {
        return await releaseCall(db.pool, { workspaceId, claimKey, dialToken, why: 'claim not confirmed' });
      } catch {
        await setTimeout(RELEASE_RETRY_MS);
      }
    }
    return false;
  }

  function endIdle(workspace: Workspace, lane: Entry, reason: string): void {
    if (workspace.lanes.delete(lane)) lane.end({ is: 'idle', reason });
  }

  /** A lane whose claim is under way stays until the claim is answered: it may have a call to place. */
  function leave(workspace: Workspace, lane: Entry, reason: string): void {
    lane.leaving = reason;
    if (!workspace.claiming) endIdle(workspace, lane, reason);
  }

  return {
    wait(lane) {
      return new Promise((resolve) => {
        const workspace = workspaces.get(lane.workspaceId) ?? { id: lane.workspaceId, lanes: new Set<Entry>(), claiming: null, again: false };
        workspaces.set(lane.workspaceId, workspace);
        const cancel = (): void => leave(workspace, entry, 'CANCELLED');
        const deadline = globalThis.setTimeout(() => leave(workspace, entry, 'WAITED_LONG_ENOUGH'), lane.waitMaxMs);
        const entry: Entry = {
          ...lane,
          leaving: stopped ? 'WORKER_STOPPING' : null,
          end(outcome) {
            clearTimeout(deadline);
            lane.cancelled.removeEventListener('abort', cancel);
            resolve(outcome);
          },
        };
        lane.cancelled.addEventListener('abort', cancel, { once: true });
        workspace.lanes.add(entry);
        if (entry.leaving) endIdle(workspace, entry, entry.leaving);
        else look(workspace);
      });
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      const open = [...workspaces.values()];
      for (const workspace of open) for (const lane of workspace.lanes) leave(workspace, lane, 'WORKER_STOPPING');
      await Promise.all(open.map((workspace) => workspace.claiming));
    },
  };
}
