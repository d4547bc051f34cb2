import type { Client } from '@temporalio/client';
import type { Logger } from '../platform/logger.js';
import { startLoop, type Loop } from '../platform/loop.js';
import { ALLOWED_WHEN } from '../domain/batches/status.js';
import { describeBreaker, findOpenBreaker, toCircuitBreakers } from '../domain/batches/circuit-breakers.js';
import { refreshStoredCounts } from '../store/batches/batch-counts.js';
import { changeBatch } from '../store/batches/change-batch.js';
import { countRecentCalls, type RecentCalls } from '../store/attempts/count-recent-calls.js';
import type { Database } from '../store/database.js';
import {
  doChunkWork,
  expireRecipients,
  findOutstandingRows,
  forgetLeftovers,
  moveImportRows,
  settleUncallable,
} from '../store/batches/sweep-rows.js';
import { takeNeglectedBatches, takeWake, type NeglectedBatch } from '../store/batches/wake-batches.js';
import { describeRun, isBroken, wakeRun } from '../workflows/wake-run.js';
import { extendOpenings } from './batch-activities.js';

type SweeperDeps = {
  db: Database;
  logger: Logger;
  temporal: Client;
  settings: { dialBudgetMs: number; sweepIntervalMs: number; runCheckIntervalMs: number };
};

/** A wake that was not answered for this long is sent again. */
const WAKE_LOST_MS = 10_000;
/** A lane that was not seen for this long is not there: a waiting one is seen at every claim interval. */
const LANE_LOST_MS = 1_500;
const NEGLECTED_MAX = 50;
/** How long rows follow one batch or import before it is the next one's turn. */
const FOLLOW_TIME_MS = 1_000;

/**
 * Repeats, from state, what a crash left undone: wakes that were not sent, runs that are gone, lanes that died with their
 * worker, recipients that still have to follow their batch. Any number of sweepers may run; each step is safe to repeat.
 */
export function startSweeper(deps: SweeperDeps): Loop {
  const { db, logger, temporal, settings } = deps;
  const report = (err: unknown): void => logger.warn({ err }, 'sweeping failed; it will be tried again');
  let stopping = false;
  // Rows have a loop of their own: a million take half a minute, and no wake may wait for them.
  const loops = [
    startLoop(settings.sweepIntervalMs, sweep, report),
    startLoop(settings.sweepIntervalMs, () => followRows(deps, () => stopping), report),
  ];
  return {
    async stop() {
      stopping = true;
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };

  async function sweep(): Promise<void> {
    const options = {
      dialBudgetMs: settings.dialBudgetMs,
      wakeLostMs: WAKE_LOST_MS,
      laneLostMs: LANE_LOST_MS,
      runCheckMs: settings.runCheckIntervalMs,
      limit: NEGLECTED_MAX,
    };
    const neglected = await takeNeglectedBatches(db.pool, options);
    await Promise.all(
      neglected.map((batch) =>
        attend(batch).catch((err) => logger.warn({ err, batchId: batch.batchId }, 'could not attend to a batch')),
      ),
    );
    // Each by itself: one that fails keeps no other from being done.
    const steps = [
      () => openBreakers(deps),
      () => expireRecipients(db.pool),
      extendAll,
      () => forgetLeftovers(db.pool),
      () => refreshStoredCounts(db),
    ];
    for (const step of steps) await step().catch(report);
  }

  async function extendAll(): Promise<void> {
    for (const batchId of await extendOpenings(db, { report })) await wake(batchId).catch(report);
  }

  async function attend(batch: NeglectedBatch): Promise<void> {
    const run = await describeRun(temporal, batch.batchId);
    if (run && isBroken(run, batch)) return pauseForBrokenRun(deps, batch, run);
    if (run?.status === 'RUNNING' && !batch.wakeWanted) return;
    await wakeRun(temporal, batch, { lanesLost: batch.lanesLost, startsRun: true });
  }

  /** A run that waits for a time which is no longer right looks again. */
  async function wake(batchId: string): Promise<void> {
    const taken = await takeWake(db.pool, batchId);
    if (taken) await wakeRun(temporal, taken);
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
 * Pauses batches whose last calls went too wrong. Calls that start before the pause is committed are within the sample's
 * tolerance: a breaker looks once per sweep.
 */
async function openBreakers(deps: SweeperDeps): Promise<void> {
  for (const counted of await countRecentCalls(deps.db.pool)) {
    await openBreakerOf(deps, counted).catch((err: unknown) =>
      deps.logger.warn({ err, batchId: counted.batchId }, 'could not look at the circuit breakers of a batch'),
    );
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
 * Every batch and import has its turn, until none has more. What others are moving just now is left to them, and one whose
 * rows cannot be moved keeps no other waiting.
 */
async function followRows({ db, logger, settings }: SweeperDeps, isStopping: () => boolean): Promise<void> {
  for (let isMore = true; isMore && !isStopping();) {
    isMore = false;
    const { batchIds, importIds, endedIds } = await findOutstandingRows(db.pool);
    const work = [
      ...batchIds.map((id) => ({ id, moveChunk: () => doChunkWork(db.pool, id) })),
      ...endedIds.map((id) => ({ id, moveChunk: () => settleUncallable(db.pool, id, settings.dialBudgetMs) })),
      ...importIds.map((id) => ({ id, moveChunk: () => moveImportRows(db.pool, id) })),
    ];
    for (const { id, moveChunk } of work) {
      const isLeft = await inChunks(moveChunk).catch((err: unknown) => {
        logger.warn({ err, id }, 'rows could not follow their batch or import; it will be tried again');
        return false;
      });
      isMore ||= isLeft;
    }
  }
}

/** Repeats while more is left and there is time. @returns whether more is left */
async function inChunks(moveChunk: () => Promise<boolean>): Promise<boolean> {
  const endMs = performance.now() + FOLLOW_TIME_MS;
  while (await moveChunk()) if (performance.now() > endMs) return true;
  return false;
}
