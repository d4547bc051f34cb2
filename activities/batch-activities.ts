import { Context } from '@temporalio/activity';
import { ALLOWED_WHEN, isTerminal } from '../domain/batches/status.js';
import { planHours, type PlannedOpenings } from '../domain/hours/batch-hours.js';
import { UnknownTimeZoneError } from '../domain/hours/openings.js';
import { reasonOf } from '../domain/reasons.js';
import { zoneDataVersion } from '../platform/zone-data.js';
import { prepareHolidays } from '../store/hours/prepare-holidays.js';
import { changeBatch } from '../store/changes/change-batch.js';
import type { Database } from '../store/database.js';
import {
  findBatchesToExtend,
  replanOpenings,
  writeOpenings,
  type BatchToExtend,
} from '../store/hours/extend-openings.js';
import { settleUncallable } from '../store/batches/sweep-rows.js';
import { lookAtBatch, raiseLaneEpoch, type BatchView } from '../store/batches/look-at-batch.js';
import type { HandMadeCommand, NextStep, RunBatchInput } from '../workflows/contract.js';
import type { LaneEpochs } from './lane-epochs.js';
import type { NoteStatus } from './status-log.js';

export type BatchActivities = ReturnType<typeof createBatchActivities>;

type BatchDeps = {
  db: Database;
  laneEpochs: LaneEpochs;
  settings: { dialBudgetMs: number };
  noteStatus: NoteStatus;
};

/** The time between two heartbeats. Most activities end before their first heartbeat. */
const HEARTBEAT_MS = 500;

/** What the run of a batch asks and changes between calls. Each is safe to repeat. */
export function createBatchActivities({ db, laneEpochs, settings, noteStatus }: BatchDeps) {
  return withHeartbeats({
    /** Starts the batch if its time has come, sees to it that openings are known, and says what the run does next. */
    async decideNext({ batchId }: RunBatchInput): Promise<NextStep> {
      await extendOpenings(db, { batchId });
      const view = await lookAtBatch(db.pool, batchId, settings.dialBudgetMs);
      noteStatus(batchId, view.status);
      return toNextStep(isUncallable(view) ? await settleAndLook(db, batchId, settings.dialBudgetMs) : view);
    },

    /** A signal made by hand takes the same path as the API. Applied once; not allowed now means recorded and ignored. */
    async applyCommand(
      { workspaceId, batchId }: RunBatchInput,
      { action, commandId }: HandMadeCommand,
    ): Promise<string> {
      const from = ALLOWED_WHEN[action];
      const { result } = await changeBatch(db.pool, {
        workspaceId,
        batchId,
        action,
        from,
        actor: 'temporal',
        commandId,
      });
      return result;
    },

    /** COMPLETED, if every recipient is settled and nothing is outstanding at this instant; else nothing changes. */
    async finishBatch({ workspaceId, batchId }: RunBatchInput, generation: number): Promise<string> {
      const commandId = `${batchId}/finish/${generation}`;
      const { result } = await changeBatch(db.pool, {
        workspaceId,
        batchId,
        action: 'finish',
        from: ['RUNNING'],
        actor: 'dialwright',
        commandId,
      });
      if (result === 'CHANGED') noteStatus(batchId, 'COMPLETED');
      return result;
    },

    /**
     * Leaves the lanes of a run behind that continues as new: they report nothing any more, and go on only until lanes of
     * the new run are there. Repeating it ends them a little earlier.
     * @returns the epoch of the new run's lanes
     */
    async leaveLanesBehind({ batchId }: RunBatchInput): Promise<number> {
      const laneEpoch = await raiseLaneEpoch(db.pool, batchId);
      laneEpochs.raise(batchId, laneEpoch);
      return laneEpoch;
    },
  });
}

type Activities = Record<string, (...args: never[]) => Promise<unknown>>;

/** Tells Temporal that the process is alive, so that what a dead one was doing is done again within seconds. */
function withHeartbeats<T extends Activities>(activities: T): T {
  const beating = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: never[]) => {
      const context = Context.current();
      const heartbeat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      try {
        return await activity(...args);
      } finally {
        clearInterval(heartbeat);
      }
    },
  ]);
  return Object.fromEntries(beating) as T; // the same names, arguments and results
}

/** Open batches that are looked at in one query. */
const EXTENDED_MAX = 100;
/**
 * How long to wait for the thread that computes holidays. After that this process computes the holidays itself, because
 * openings must be written.
 */
const HOLIDAYS_WAIT_MS = 20_000;

/**
 * Writes openings for open batches whose openings run out soon or were computed by older zone data: for `batchId` only,
 * or for all such batches. When this process cannot compute the hours of a batch, it pauses that batch with the reason
 * and goes on with the others. With `report` it also goes on when the openings of a batch cannot be written.
 * @returns the batches whose runs have to look again, because their openings were replaced or they were paused
 */
export async function extendOpenings(
  db: Database,
  { batchId, report }: { batchId?: string; report?: (err: unknown) => void } = {},
): Promise<string[]> {
  const zoneData = zoneDataVersion();
  const changed: string[] = [];
  let afterId: string | undefined;
  do {
    const batches = await findBatchesToExtend(db.pool, { batchId, afterId, limit: EXTENDED_MAX, zoneData });
    for (const batch of batches) {
      const isChanged = extendBatch(db, batch, zoneData);
      if (await (report ? isChanged.catch(report) : isChanged)) changed.push(batch.batchId);
    }
    afterId = batches.length === EXTENDED_MAX ? batches.at(-1)?.batchId : undefined;
  } while (afterId !== undefined);
  return changed;
}

/** @returns whether its run has something to look at */
async function extendBatch(db: Database, batch: BatchToExtend, zoneData: string): Promise<boolean> {
  await prepareHolidays(batch.holidays, batch.nowMs, HOLIDAYS_WAIT_MS);
  let planned: PlannedOpenings;
  try {
    planned = planHours({ ...batch, zoneData });
  } catch (err) {
    return pauseForHours(db, batch, whyNoHours(err, zoneData));
  }
  if (batch.isOutdated) await replanOpenings(db.pool, batch, planned);
  else await writeOpenings(db.pool, batch, planned);
  return batch.isOutdated;
}

/** Without openings nobody is called; the pause says why. A batch that is paused keeps the reason that it has. */
async function pauseForHours(db: Database, batch: BatchToExtend, statusReason: string): Promise<boolean> {
  if (batch.status === 'PAUSED') return false;
  const { result } = await changeBatch(db.pool, {
    workspaceId: batch.workspaceId,
    batchId: batch.batchId,
    action: 'pause',
    from: ['SCHEDULED', 'PENDING', 'RUNNING'],
    actor: 'dialwright',
    commandId: null,
    patch: { statusReason },
  });
  return result === 'CHANGED';
}

function whyNoHours(err: unknown, zoneData: string): string {
  if (err instanceof UnknownTimeZoneError)
    return `The workers' time zone data (${zoneData}) do not have the zone '${err.timeZone}'. Update the workers, or change the hours; then resume.`;
  return `Its hours cannot be computed: ${err instanceof Error ? err.message : String(err)}. Change them, then resume.`;
}

/** Nobody is left but those to whom no call may start any more, or the batch is past its end. */
function isUncallable({ reason, untilMs }: BatchView): boolean {
  return reason === 'NEVER_OPEN' || (reason === 'BATCH_ENDED' && untilMs === null);
}

/** At most this long in one activity; the run looks again for the rest. */
const SETTLE_TIME_MS = 3_000;
const LOOK_AGAIN_MS = 1_000;

async function settleAndLook(db: Database, batchId: string, dialBudgetMs: number): Promise<BatchView> {
  const endMs = performance.now() + SETTLE_TIME_MS;
  for (let isLeft = true; isLeft && performance.now() < endMs;)
    isLeft = await settleUncallable(db.pool, batchId, dialBudgetMs);
  const view = await lookAtBatch(db.pool, batchId, dialBudgetMs);
  return isUncallable(view) ? { ...view, untilMs: LOOK_AGAIN_MS } : view;
}

function toNextStep(view: BatchView): NextStep {
  const { status, reason, untilMs, generation, laneEpoch } = view;
  const step = { status, reason, untilMs, generation, laneEpoch, lanes: Math.max(view.couldStart, 1) };
  if (status === 'DELETED' || isTerminal(status)) return { ...step, is: 'over' };
  if (reason === 'SETTLED') return { ...step, is: 'settled' };
  const lanesDo = reasonOf(reason)?.lanes;
  const dials = lanesDo === 'dial' || (lanesDo === 'watch' && untilMs === null);
  return { ...step, is: dials ? 'dial' : 'wait' };
}
