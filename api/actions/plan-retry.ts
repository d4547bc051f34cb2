import type { RetryBatchRequest } from '../../domain/batches/request.js';
import type { BatchPatch, ChangeRequest } from '../../store/changes/change-batch.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import type { Database } from '../../store/database.js';
import { readHoursContext } from '../../store/hours/batch-zones.js';
import { readClock } from '../../store/read-clock.js';
import type { Auth } from '../http/operation.js';
import type { BatchWarning } from '../schemas/batch-schemas.js';
import { planTimes } from './plan-times.js';
import { changesHours, checkOverride, planHoursChange } from './plan-hours.js';

type Retry = {
  action: 'retry';
  patch: BatchPatch;
  openings?: NonNullable<ChangeRequest['openings']>;
  /** What the answer says of an end that nobody named and that has moved. */
  notes: BatchWarning[];
};

/** What a batch retry does to the row and the openings of its batch. @throws ApiError for hours that never open */
export async function planRetry(db: Database, auth: Auth, batch: BatchRow, request: RetryBatchRequest): Promise<Retry> {
  const nowMs = await readClock(db.pool);
  // It begins at once: the old start is over.
  const { notes, ...times } = planTimes({ ...batch, startAt: null }, request, nowMs);
  if (!changesHours(request)) return { action: 'retry', notes, patch: times.patch };
  checkOverride(auth, batch, request);
  const context = await readHoursContext(db.pool, auth.workspaceId, batch.id);
  const { patch, openings } = await planHoursChange(auth, batch, request, { ...context, ...times, nowMs });
  const whole = { ...times.patch, ...patch, readVersion: batch.version };
  return { action: 'retry', notes, patch: whole, ...(openings && { openings }) };
}
