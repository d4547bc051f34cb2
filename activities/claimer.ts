import type { Logger } from '../platform/logger.js';
import { restAfter } from '../platform/rest.js';
import type { Database } from '../store/database.js';
import type { LaneWakeups } from '../store/calls/listen-for-lanes.js';
import { claimOnce, endIdle, endLeaving, type Entry, type Workspace } from './claim-round.js';
import type { LaneOutcome, WaitingLane } from './waiting-lane.js';

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
/**
 * The one claimer of a process: asks once per workspace for all its waiting lanes, one claim at a time, whenever a lane
 * arrives, a slot is freed (NOTIFY), the pace allows another call, or the interval passes. Rests a moment after each claim.
 */
export function createClaimer({ wakeups, settings, ...deps }: ClaimerDeps): Claimer {
  const workspaces = new Map<string, Workspace>();
  let stopped = false;
  const roundDeps = { ...deps, settings, isStopped: () => stopped };
  const timer = setInterval(() => workspaces.forEach(look), settings.claimIntervalMs);
  wakeups.onWake((workspaceId) => look(workspaces.get(workspaceId)));

  function look(workspace: Workspace | undefined): void {
    if (!workspace) return;
    workspace.again = true;
    if (workspace.claiming || stopped) return;
    clearTimeout(workspace.nextLook);
    workspace.claiming = claimAll(workspace).finally(() => {
      workspace.claiming = null;
      if (workspace.lanes.size === 0) workspaces.delete(workspace.id);
      else if (workspace.again) look(workspace);
      else if (workspace.nextLookMs !== null && workspace.nextLookMs < settings.claimIntervalMs) {
        workspace.nextLook = setTimeout(look, workspace.nextLookMs, workspace);
      }
    });
  }

  async function claimAll(workspace: Workspace): Promise<void> {
    while (workspace.again && workspace.lanes.size > 0 && !stopped) {
      const startedMs = performance.now();
      await claimOnce(roundDeps, workspace);
      await restAfter(startedMs);
      endLeaving(workspace);
    }
  }

  /** A lane whose claim is under way stays until the claim is answered: it may have a call to place. */
  function leave(workspace: Workspace, lane: Entry, reason: string): void {
    lane.leaving = reason;
    if (!workspace.claiming) endIdle(workspace, lane, reason);
  }

  function wait(lane: WaitingLane, resolve: (outcome: LaneOutcome) => void): void {
    const known = workspaces.get(lane.workspaceId);
    const workspace = known ?? {
      id: lane.workspaceId,
      lanes: new Set<Entry>(),
      claiming: null,
      again: false,
      nextLookMs: null,
    };
    workspaces.set(lane.workspaceId, workspace);
    const cancel = (): void => leave(workspace, entry, 'CANCELLED');
    const deadline = setTimeout(() => leave(workspace, entry, 'WAITED_LONG_ENOUGH'), lane.waitMaxMs);
    const entry: Entry = {
      ...lane,
      leaving: null,
      end(outcome) {
        clearTimeout(deadline);
        lane.cancelled.removeEventListener('abort', cancel);
        resolve(outcome);
      },
    };
    lane.cancelled.addEventListener('abort', cancel, { once: true });
    for (const other of workspace.lanes) if (isReplacedBy(other, lane)) leave(workspace, other, 'REPLACED');
    workspace.lanes.add(entry);
    if (stopped) endIdle(workspace, entry, 'WORKER_STOPPING');
    else look(workspace);
  }

  return {
    wait: (lane) => new Promise((resolve) => wait(lane, resolve)),
    async stop() {
      stopped = true;
      clearInterval(timer);
      const open = [...workspaces.values()];
      for (const workspace of open) for (const lane of workspace.lanes) leave(workspace, lane, 'WORKER_STOPPING');
      for (const workspace of open) await workspace.claiming;
    },
  };
}

/** A repeated activity takes the place of its first execution, whose time-out has passed; lanes of a new run that of older ones. */
function isReplacedBy(waiting: WaitingLane, lane: WaitingLane): boolean {
  if (waiting.claimKey === lane.claimKey) return true;
  return waiting.batchId === lane.batchId && waiting.laneEpoch < lane.laneEpoch;
}
