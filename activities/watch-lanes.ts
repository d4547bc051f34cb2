import type { Database } from '../store/database.js';
import { findBatchesWithNews, keepLanes } from '../store/lanes/keep-lanes.js';
import type { Workspace } from './claim-round.js';

type WatchDeps = {
  db: Database;
  process: string;
  settings: { dialBudgetMs: number };
  workspaces: ReadonlyMap<string, Workspace>;
  look: (workspace: Workspace | undefined) => void;
};

/** Batches that one look asks about: 16 take some 5 ms of a core. All of 300 have had their turn after 10 seconds. */
const WATCHED_MAX = 16;

/**
 * What a process does about its waiting lanes at every claim interval, in two queries however many wait. It says that it
 * is alive and for which batches it has lanes, so that nobody takes these for lost. And it asks which of a few batches have
 * news that nobody told: all of them in turn.
 */
export function createLaneWatch({ db, process, settings, workspaces, look }: WatchDeps): () => Promise<void> {
  let turn = 0;
  return async () => {
    const workspaceOf = new Map<string, Workspace>();
    for (const workspace of workspaces.values())
      for (const { batchId } of workspace.lanes) workspaceOf.set(batchId, workspace);
    const batchIds = [...workspaceOf.keys()];
    await keepLanes(db.pool, process, batchIds);
    if (batchIds.length === 0) return;
    turn %= batchIds.length;
    const watched = [...batchIds.slice(turn), ...batchIds.slice(0, turn)].slice(0, WATCHED_MAX);
    turn += watched.length;
    for (const batchId of await findBatchesWithNews(db.pool, watched, settings.dialBudgetMs))
      look(workspaceOf.get(batchId));
  };
}
