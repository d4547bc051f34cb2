import type { UpdateBatchRequest } from '../../domain/batches/request.js';
import { localTimeOf } from '../../domain/batches/start-time.js';
import type { BatchPatch } from '../../store/changes/change-batch.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import type { BatchWarning } from '../schemas/batch-schemas.js';
import { checkEndAfterStart, planEnd, planStart } from './plan-start.js';

type TimesRequest = Pick<UpdateBatchRequest, 'timeZone' | 'start' | 'end'>;
type PlannedTimes = {
  startAt: Date | null;
  endAt: Date | null;
  patch: BatchPatch;
  /** What the answer says of times that nobody named and that have moved. */
  notes: BatchWarning[];
};

/**
 * Start and end after a change. In another time zone those that were written as local times, and are ahead, are read again.
 * @throws ApiError for a time that does not exist, or is not ahead
 */
export function planTimes(batch: BatchRow, request: TimesRequest, nowMs: number): PlannedTimes {
  const { status } = batch;
  const timeZone = request.timeZone ?? batch.timeZone;
  const planned: PlannedTimes = { startAt: batch.startAt, endAt: batch.endAt, patch: {}, notes: [] };
  const isMoved = (at: Date | null) => timeZone !== batch.timeZone && at !== null && at.getTime() > nowMs;
  const startMayMove = status === 'DRAFT' || status === 'SCHEDULED';

  if (request.start !== undefined) {
    planned.startAt = planStart(request.start, timeZone, nowMs);
    planned.patch.startAt = planned.startAt ?? (status === 'DRAFT' ? null : new Date(nowMs));
    planned.patch.startLocal = localTimeOf(request.start);
  } else if (batch.startLocal !== null && startMayMove && isMoved(batch.startAt)) {
    planned.startAt = planStart({ at: batch.startLocal }, timeZone, nowMs);
    planned.patch.startAt = planned.startAt;
    planned.notes.push(readAgain('start', batch.startLocal, timeZone, planned.startAt));
  }
  if (request.end !== undefined) {
    planned.endAt = planEnd(request.end, timeZone, nowMs);
    planned.patch.endAt = planned.endAt;
    planned.patch.endLocal = localTimeOf(request.end);
  } else if (batch.endLocal !== null && isMoved(batch.endAt)) {
    planned.endAt = planEnd({ at: batch.endLocal }, timeZone, nowMs);
    planned.patch.endAt = planned.endAt;
    planned.notes.push(readAgain('end', batch.endLocal, timeZone, planned.endAt));
  }
  if (Object.keys(planned.patch).length > 0) checkEndAfterStart(planned.endAt, planned.startAt);
  return planned;
}

function readAgain(what: 'start' | 'end', local: string, timeZone: string | null, at: Date | null): BatchWarning {
  const message = `The ${what} ${local} is read in ${timeZone ?? 'no zone'} now: ${at?.toISOString() ?? 'now'}.`;
  return { code: `${what}_read_again`, message };
}
