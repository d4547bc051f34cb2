import { ALLOWED_WHEN, isTerminal } from '../domain/batches/status.js';
import { planHours } from '../domain/hours/batch-hours.js';
import { zoneDataVersion } from '../platform/zone-data.js';
import { changeBatch } from '../store/batches/change-batch.js';
import type { Database } from '../store/database.js';
import { findBatchesToExtend, replanOpenings, writeOpenings } from '../store/hours/extend-openings.js';
import { lookAtBatch, raiseLaneEpoch, type BatchView } from '../store/batches/look-at-batch.js';
import type { HandMadeCommand, NextStep, RunBatchInput } from '../workflows/contract.js';

export type BatchActivities = ReturnType<typeof createBatchActivities>;

/** What the run of a batch asks and changes between calls. Each is safe to repeat. */
export function createBatchActivities({ db, settings }: { db: Database; settings: { dialBudgetMs: number } }) {
  return {
    /** Starts the batch if its time has come, sees to it that openings are known, and says what the run does next. */
    async decideNext({ batchId }: RunBatchInput): Promise<NextStep> {
      await extendOpenings(db, { batchId });
      return toNextStep(await lookAtBatch(db.pool, batchId, settings.dialBudgetMs));
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
      return result;
    },

    /** Ends the waiting lanes of a run that continues as new. Repeating it ends newer ones too, which costs nothing. */
    async endWaitingLanes({ batchId }: RunBatchInput): Promise<number> {
      return raiseLaneEpoch(db.pool, batchId);
    },
  };
}

/**
 * Writes the openings of open batches that will run out of them, or were computed by older zone data: the given one, or any.
 * @returns the batches whose openings have become others
 */
export async function extendOpenings(db: Database, options: { batchId?: string } = {}): Promise<string[]> {
  const zoneData = zoneDataVersion();
  const replanned: string[] = [];
  for (const batch of await findBatchesToExtend(db.pool, { ...options, zoneData })) {
    const planned = planHours({ ...batch, zoneData });
    if (batch.isOutdated) {
      await replanOpenings(db.pool, batch, planned);
      replanned.push(batch.batchId);
    } else await writeOpenings(db.pool, batch, planned);
  }
  return replanned;
}

/** What an event changes, or a short time: lanes wait for it in their worker. */
const DIAL_REASONS = [
  'READY',
  'WORKSPACE_LIMIT',
  'BATCH_LIMIT',
  'NUMBER_LIMIT',
  'NUMBER_BACKOFF',
  'NOT_SENT',
  'PACE',
  'CALLS_IN_PROGRESS',
];
/** Something will change without a time that is known, and without a wake: one lane waits for it. */
const WATCH_REASONS = ['NOT_DUE', 'ROWS_OUTSTANDING'];

function toNextStep(view: BatchView): NextStep {
  const { status, reason, untilMs, generation, laneEpoch } = view;
  const step = { status, reason, untilMs, generation, laneEpoch, lanes: Math.max(view.couldStart, 1) };
  if (status === 'DELETED' || isTerminal(status)) return { ...step, is: 'over' };
  if (reason === 'SETTLED') return { ...step, is: 'settled' };
  const dials = DIAL_REASONS.includes(reason) || (WATCH_REASONS.includes(reason) && untilMs === null);
  return { ...step, is: dials ? 'dial' : 'wait' };
}
