import type { Logger } from '../platform/logger.js';
import { startLoop } from '../platform/loop.js';
import { restAfter } from '../platform/rest.js';
import { createTurns } from '../platform/turns.js';
import type { Database } from '../store/database.js';
import type { Notices } from '../store/listen.js';
import { claimOnce, endIdle, endLeaving, type Entry, type Workspace } from './claim-round.js';
import { createLaneWatch } from './watch-lanes.js';
import type { LaneOutcome, WaitingLane } from './waiting-lane.js';

export type Claimer = {
  /** Waits until the lane has a call to place, has nothing to wait for, has waited its time, or is cancelled. */
  wait(lane: WaitingLane): Promise<LaneOutcome>;
  stop(): Promise<void>;
};

type ClaimerDeps = {
  /** With more connections than claims at once: what is claimed has to be dialled and written down too. */
  db: Database;
  logger: Logger;
  process: string;
  wakeups: Notices;
  settings: { dialBudgetMs: number; requestTimeoutMs: number; claimIntervalMs: number };
};

/** More would only take longer each: the requests of all of them have to leave within a dial budget. */
const CLAIMS_AT_ONCE_MAX = 8;
/** Below the activity slots of a worker, so that the short activities never queue behind lanes that wait. */
export const LANES_WAITING_MAX = 4_000;
/** The claimer asks again after this long at most, also when the time that the last claim named is further away. */
const NEXT_LOOK_MAX_MS = 60_000;

/**
 * The one claimer of a process: asks for the waiting lanes of a workspace, one claim of a workspace at a time, when
 * something can start there: a lane arrives, a slot is freed or something changes (NOTIFY), the time comes that the last
 * claim named. After the notifications were away it asks for every workspace. Workspaces take turns, a few at once, and
 * rest a moment after each claim. A watch makes up for what nobody told: see `createLaneWatch`.
 */
export function createClaimer({ wakeups, settings, ...deps }: ClaimerDeps): Claimer {
  const workspaces = new Map<string, Workspace>();
  let stopped = false;
  const inTurn = createTurns(CLAIMS_AT_ONCE_MAX);
  const roundDeps = { ...deps, settings, inTurn, isStopped: () => stopped };
  const watch = createLaneWatch({ ...deps, settings, workspaces, look });
  const watching = startLoop(settings.claimIntervalMs, watch, (err) =>
    deps.logger.warn({ err }, 'could not watch the waiting lanes; it will be tried again'),
  );
  wakeups.onNotice((workspaceId) => look(workspaces.get(workspaceId)));
  wakeups.onListening(() => workspaces.forEach(look));

  function look(workspace: Workspace | undefined): void {
    if (!workspace) return;
    workspace.again = true;
    if (workspace.claiming || stopped) return;
    clearTimeout(workspace.nextLook);
    workspace.claiming = claimAll(workspace).finally(() => {
      workspace.claiming = null;
      if (workspace.lanes.size === 0) workspaces.delete(workspace.id);
      else if (workspace.again) look(workspace);
      else if (workspace.nextLookMs !== null)
        workspace.nextLook = setTimeout(look, Math.min(workspace.nextLookMs, NEXT_LOOK_MAX_MS), workspace);
    });
  }

  async function claimAll(workspace: Workspace): Promise<void> {
    while (workspace.again && workspace.lanes.size > 0 && !stopped) {
      const startedMs = await claimOnce(roundDeps, workspace);
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
    const workspace = workspaces.get(lane.workspaceId) ?? noLanesOf(lane.workspaceId);
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
    const isOneTooMany = isFull(workspaces) && [...workspace.lanes].some(({ batchId }) => batchId === lane.batchId);
    workspace.lanes.add(entry);
    if (stopped) endIdle(workspace, entry, 'WORKER_STOPPING');
    else if (isOneTooMany) endIdle(workspace, entry, 'ENOUGH_LANES');
    else look(workspace);
  }

  return {
    wait: (lane) => new Promise((resolve) => wait(lane, resolve)),
    async stop() {
      stopped = true;
      const open = [...workspaces.values()];
      for (const workspace of open) clearTimeout(workspace.nextLook);
      for (const workspace of open) for (const lane of workspace.lanes) leave(workspace, lane, 'WORKER_STOPPING');
      for (const workspace of open) await workspace.claiming;
      await watching.stop();
    },
  };
}

function isFull(workspaces: ReadonlyMap<string, Workspace>): boolean {
  let waiting = 0;
  for (const { lanes } of workspaces.values()) waiting += lanes.size;
  return waiting >= LANES_WAITING_MAX;
}

function noLanesOf(id: string): Workspace {
  return { id, lanes: new Set(), claiming: null, again: false, nextLookMs: null };
}

/** A repeated activity takes the place of its first execution, whose time-out has passed; lanes of a new run that of older ones. */
function isReplacedBy(waiting: WaitingLane, lane: WaitingLane): boolean {
  if (waiting.claimKey === lane.claimKey) return true;
  return waiting.batchId === lane.batchId && waiting.laneEpoch < lane.laneEpoch;
}
