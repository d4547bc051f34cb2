import type { Client } from '@temporalio/client';
import type { Logger } from '../platform/logger.js';
import { startLoop, type Loop } from '../platform/loop.js';
import { ALLOWED_WHEN } from '../domain/batches/status.js';
import { describeBreaker, findOpenBreaker, toCircuitBreakers } from '../domain/batches/circuit-breakers.js';
import { refreshStoredCounts } from '../store/batches/batch-counts.js';
import { changeBatch } from '../store/changes/change-batch.js';
import { countRecentCalls, findBatchesWithBreakers, type RecentCalls } from '../store/attempts/count-recent-calls.js';
import type { Database } from '../store/database.js';
import {
  doChunkWork,
  expireRecipients,
  findOutstandingRows,
  forgetLeftovers,
  moveImportRows,
  settleUncallable,
} from '../store/batches/sweep-rows.js';
import { deriveZones } from '../store/hours/derive-zones.js';
import { doJobWork } from '../store/jobs/do-job-work.js';
import { addFigures } from '../store/figures/add-figures.js';
import { takeStep } from '../store/batches/sweep-steps.js';
import {
  forgetWake,
  lookAfterBatch,
  takeDueBatches,
  takeWake,
  type NeglectedBatch,
} from '../store/batches/wake-batches.js';
import { forgetDeadLanes } from '../store/lanes/keep-lanes.js';
import { describeRun, isBroken, wakeRun } from '../workflows/wake-run.js';
import { extendOpenings } from './batch-activities.js';
import { followFixes } from './follow-fixes.js';

type SweeperDeps = {
  db: Database;
  logger: Logger;
  temporal: Client;
  settings: { dialBudgetMs: number; sweepIntervalMs: number; runCheckIntervalMs: number };
};

/** A process that was not seen for this long is gone, and its lanes with it: it says at every claim interval that it is there. */
const LANE_LOST_MS = 1_500;
/** Batches that are looked at, and whose runs are asked for, at a time. */
const DUE_MAX = 50;
/** How soon figures show what calls have done. */
const FIGURES_MS = 250;
/** How long rows follow one batch or import before it is the next one's turn. */
const FOLLOW_TIME_MS = 1_000;

/**
 * Repeats, from state, what a crash left undone: wakes that were not sent, runs that are gone, lanes that died with their
 * worker, recipients that still have to follow their batch. The sweepers of all processes share the work: each batch is due
 * at a time of its own, and each step for all of them is done by one. Each is safe to repeat.
 */
export function startSweeper(deps: SweeperDeps): Loop {
  const { db, logger, temporal, settings } = deps;
  const report = (err: unknown): void => logger.warn({ err }, 'sweeping failed; it will be tried again');
  let stopping = false;
  const isStopping = (): boolean => stopping;
  // Each has a loop of its own: moving a million rows takes half a minute, checking them again takes longer, and counting
  // them takes seconds. No wake may wait for that.
  const follow = [() => followRows(deps, isStopping), () => followFixes(deps, isStopping)];
  const work = [sweep, doSteps, () => refreshStoredCounts(db, report), ...follow];
  const loops = [
    ...work.map((turn) => startLoop(settings.sweepIntervalMs, turn, report)),
    startLoop(FIGURES_MS, () => addFigures(db.pool), report),
  ];
  return {
    async stop() {
      stopping = true;
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };

  async function sweep(): Promise<void> {
    await forgetDeadLanes(db.pool, LANE_LOST_MS);
    for (let isMore = true; isMore && !stopping;) {
      const batchIds = await takeDueBatches(db.pool, DUE_MAX);
      await lookAfterAll(batchIds);
      isMore = batchIds.length === DUE_MAX;
    }
  }

  /** One that fails keeps no other from being looked at: it is due again when its lease is over. */
  async function lookAfterAll(batchIds: readonly string[]): Promise<void> {
    const reportBatch = (batchId: string) => (err: unknown) =>
      logger.warn({ err, batchId }, 'could not look after a batch');
    const options = {
      dialBudgetMs: settings.dialBudgetMs,
      laneLostMs: LANE_LOST_MS,
      runCheckMs: settings.runCheckIntervalMs,
    };
    const attended: Promise<void>[] = [];
    for (const batchId of batchIds) {
      const neglected = await lookAfterBatch(db.pool, batchId, options).catch(reportBatch(batchId));
      if (neglected) attended.push(attend(deps, neglected).catch(reportBatch(batchId)));
    }
    await Promise.all(attended);
  }

  /** What one sweeper does for all. Each by itself: one that fails keeps no other from being done. */
  async function doSteps(): Promise<void> {
    const steps = {
      breakers: () => openBreakers(deps),
      expire: () => expireRecipients(db.pool),
      openings: extendAll,
      leftovers: () => forgetLeftovers(db.pool),
    };
    for (const [name, step] of Object.entries(steps)) {
      try {
        if (await takeStep(db.pool, name, settings.sweepIntervalMs)) await step();
      } catch (err) {
        report(err);
      }
    }
  }

  async function extendAll(): Promise<void> {
    for (const batchId of await extendOpenings(db, { report })) await wake(batchId).catch(report);
  }

  /** A run that waits for a time which is no longer right looks again. */
  async function wake(batchId: string): Promise<void> {
    const taken = await takeWake(db.pool, batchId);
    if (taken) await wakeRun(temporal, taken);
  }
}

async function attend(deps: SweeperDeps, batch: NeglectedBatch): Promise<void> {
  const { db, temporal } = deps;
  try {
    const run = await describeRun(temporal, batch.batchId);
    if (run && isBroken(run, batch)) return await pauseForBrokenRun(deps, batch, run);
    if (run?.status === 'RUNNING' && !batch.wakeWanted) return;
    await wakeRun(temporal, batch, { lanesLost: batch.lanesLost, startsRun: true });
  } catch (err) {
    await forgetWake(db.pool, batch);
    throw err;
  }
}

async function pauseForBrokenRun(
  { db, logger }: SweeperDeps,
  batch: NeglectedBatch,
  run: { status: string; runId: string },
): Promise<void> {
  const words = run.status.toLowerCase().replace('_', ' ');
  await changeBatch(db.pool, {
    workspaceId: batch.workspaceId,
    batchId: batch.batchId,
    action: 'pause',
    from: ['SCHEDULED', 'PENDING', 'RUNNING'],
    actor: 'dialwright',
    commandId: `${run.runId}/broken`,
    patch: {
      statusReason: `Its workflow run was ${words} in Temporal. Resume starts a new run.`,
      runHandled: run.runId,
    },
  });
  logger.error({ batchId: batch.batchId, run }, 'batch paused because its workflow run ended');
}

/**
 * Pauses batches whose last calls went too wrong: looks at all that run, page by page. Calls that start before the pause is
 * committed are within the sample's tolerance: a breaker looks once per sweep.
 */
async function openBreakers(deps: SweeperDeps): Promise<void> {
  for (let afterId: string | null = null; ;) {
    const batchIds = await findBatchesWithBreakers(deps.db.pool, afterId);
    const last = batchIds.at(-1);
    if (last === undefined) return;
    afterId = last;
    for (const counted of await countEach(deps, batchIds)) {
      await openBreakerOf(deps, counted).catch((err: unknown) =>
        deps.logger.warn({ err, batchId: counted.batchId }, BREAKERS_FAILED),
      );
    }
  }
}

const BREAKERS_FAILED = 'could not look at the circuit breakers of a batch';

/** In one query. When that fails, one by one: a batch that cannot be counted keeps no other from it. */
async function countEach({ db, logger }: SweeperDeps, batchIds: readonly string[]): Promise<RecentCalls[]> {
  try {
    return await countRecentCalls(db.pool, batchIds);
  } catch {
    const counted: RecentCalls[] = [];
    for (const batchId of batchIds) {
      const one = await countRecentCalls(db.pool, [batchId]).catch((err: unknown) => {
        logger.warn({ err, batchId }, BREAKERS_FAILED);
        return [];
      });
      counted.push(...one);
    }
    return counted;
  }
}

async function openBreakerOf(
  { db, logger, temporal }: SweeperDeps,
  { batchId, workspaceId, breakers, counts }: RecentCalls,
): Promise<void> {
  const breaker = findOpenBreaker(toCircuitBreakers(breakers), counts);
  if (!breaker) return;
  const { happened, advice } = describeBreaker(breaker);
  const { result, status, version } = await changeBatch(db.pool, {
    workspaceId,
    batchId,
    action: 'pause',
    from: ALLOWED_WHEN.pause,
    actor: 'dialwright',
    commandId: null,
    patch: { statusReason: `${happened} ${advice}`, breaker },
  });
  if (result !== 'CHANGED') return;
  logger.warn({ batchId, ...breaker }, 'batch paused by a circuit breaker');
  await wakeRun(temporal, { batchId, workspaceId, status, version, runHandled: null });
}

/**
 * Every batch and import has its turn, until none has more. What others are moving just now is left to them. One whose
 * rows cannot be moved is passed over until the next time, and keeps no other waiting.
 */
async function followRows(deps: SweeperDeps, isStopping: () => boolean): Promise<void> {
  const { db, logger, settings } = deps;
  const failed: string[] = [];
  for (let isMore = true; isMore && !isStopping();) {
    isMore = false;
    const { batchIds, importIds, endedIds, zoneIds, jobIds } = await findOutstandingRows(db.pool, failed);
    const work = [
      ...batchIds.map((id) => ({ id, moveChunk: () => doChunkWork(db.pool, id) })),
      ...endedIds.map((id) => ({ id, moveChunk: () => settleUncallable(db.pool, id, settings.dialBudgetMs) })),
      ...importIds.map((id) => ({ id, moveChunk: () => moveImportRows(db.pool, id) })),
      ...zoneIds.map((id) => ({ id, moveChunk: () => deriveZones(db.pool, id) })),
      ...jobIds.map((id) => ({ id, moveChunk: () => goOnWithJob(deps, id) })),
    ];
    for (const { id, moveChunk } of work) {
      const isLeft = await inChunks(moveChunk).catch((err: unknown) => {
        logger.warn({ err, id }, 'rows could not follow their batch, import or job; it will be tried again');
        failed.push(id);
        return true;
      });
      isMore ||= isLeft;
    }
  }
}

/** One chunk of a job. After the last one the run of its batch looks again: it may wait for those who were there. */
async function goOnWithJob({ db, temporal }: SweeperDeps, jobId: string): Promise<boolean> {
  const { isMore, isOver, batchId } = await doJobWork(db.pool, jobId);
  const wake = isOver && batchId ? await takeWake(db.pool, batchId) : null;
  if (wake) await wakeRun(temporal, wake);
  return isMore;
}

/** Repeats while more is left and there is time. @returns whether more is left */
async function inChunks(moveChunk: () => Promise<boolean>): Promise<boolean> {
  const endMs = performance.now() + FOLLOW_TIME_MS;
  while (await moveChunk()) if (performance.now() > endMs) return true;
  return false;
}
