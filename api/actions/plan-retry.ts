import type { RetryBatchRequest } from '../../domain/batches/request.js';
import type { BatchPatch, ChangeRequest } from '../../store/batches/change-batch.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import type { Database } from '../../store/database.js';
import { readHoursContext } from '../../store/hours/batch-zones.js';
import { readClock } from '../../store/read-clock.js';
import type { Auth } from '../http/operation.js';
import { changesHours, checkOverride, planHoursChange } from './plan-hours.js';

type Retry = { action: 'retry'; patch?: BatchPatch; openings?: NonNullable<ChangeRequest['openings']> };

/** What a batch retry does to the row and the openings of its batch. @throws ApiError for hours that never open */
export async function planRetry(db: Database, auth: Auth, batch: BatchRow, request: RetryBatchRequest): Promise<Retry> {
  if (!changesHours(request)) return { action: 'retry' };
  checkOverride(auth, batch, request);
  const context = await readHoursContext(db.pool, auth.workspaceId, batch.id);
  const nowMs = await readClock(db.pool);
  // It begins at once: the old start is over.
  const { patch, openings } = planHoursChange(auth, batch, request, { ...context, startAt: null, nowMs });
  return { action: 'retry', patch: { ...patch, readVersion: batch.version }, ...(openings && { openings }) };
}
