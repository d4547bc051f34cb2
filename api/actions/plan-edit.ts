import type { UpdateBatchRequest } from '../../domain/batches/request.js';
import { allowedActions, isAllowed, type BatchStatus } from '../../domain/batches/status.js';
import { toStoredBreakers } from '../../domain/batches/circuit-breakers.js';
import { DECIDES_ZONES, plainSettings, REMEMBERED_BY } from '../../domain/batches/settings.js';
import { publicId } from '../../domain/ids.js';
import { toStoredRetries } from '../../domain/batches/retry-policy.js';
import { toStoredCriterion } from '../../domain/batches/success-criterion.js';
import type { BatchPatch, ChangeRequest } from '../../store/changes/change-batch.js';
import { readHoursContext, type HoursContext } from '../../store/hours/batch-zones.js';
import { readClock } from '../../store/read-clock.js';
import type { Database } from '../../store/database.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import { mergeSettings, type MergedSettings } from '../../domain/batches/merge-settings.js';
import { notAllowed, uploadsChecked } from './change-batch.js';
import { checkDraftCaller } from './check-caller.js';
import { ApiError } from '../http/errors.js';
import type { Auth } from '../http/operation.js';
import { toFieldErrors } from '../http/problem.js';
import { changesHours, checkOverride, planHoursChange } from './plan-hours.js';
import type { BatchWarning } from '../schemas/batch-schemas.js';
import { planTimes } from './plan-times.js';

type Edit = {
  action: 'edit' | 'rename';
  patch: BatchPatch;
  openings?: NonNullable<ChangeRequest['openings']>;
  /** What the answer says of times that nobody named and that have moved. */
  notes: BatchWarning[];
};

const REMEMBERED_AND_VERSION: readonly string[] = [...REMEMBERED_BY, 'version'];
const PLAIN = Object.keys(plainSettings) as (keyof typeof plainSettings)[];
const LOCKED_AFTER_DRAFT = ['fromNumberId', 'agentId'] as const;

/** A change with the objects that it names as a whole. */
type WholeRequest = Omit<UpdateBatchRequest, keyof MergedSettings> & MergedSettings;

/**
 * What a change of a batch does to its row and its openings. Holds for the version that was read only, because what the
 * change leaves out is taken from there. @throws ApiError for what its status, or its number and agent, do not allow
 */
export async function planEdit(db: Database, auth: Auth, batch: BatchRow, asked: UpdateBatchRequest): Promise<Edit> {
  const { workspaceId } = auth;
  const request = wholeRequest(batch, asked);
  const given = Object.keys(request).filter((field) => request[field as keyof WholeRequest] !== undefined);
  const isRemembered = given.every((field) => REMEMBERED_AND_VERSION.includes(field));
  const base: BatchPatch = {
    ...Object.fromEntries(PLAIN.filter((name) => given.includes(name)).map((name) => [name, request[name]])),
    ...(request.name !== undefined && { name: request.name }),
    ...(request.labels && { readVersion: batch.version }),
    ...(request.version !== undefined && { expectedVersion: request.version }),
  };
  const allowing = isRemembered ? 'rename' : 'edit';
  if (!isAllowed(allowing, batch.status, batch.kind)) throw notAllowed(batch, allowing);
  if (isRemembered) return { action: given.includes('name') ? 'rename' : 'edit', patch: base, notes: [] };
  base.readVersion = batch.version;
  const context = await readHoursContext(db.pool, workspaceId, batch.id);
  checkLocks(batch, request, context);
  if (changesWhen(request)) checkOverride(auth, batch, request);

  const nowMs = await readClock(db.pool);
  const { notes, ...times } = planTimes(batch, request, nowMs);
  const caller = await planCaller(db, workspaceId, batch, request);
  const patch: BatchPatch = { ...base, ...caller, ...planDialling(request), ...times.patch };
  if (!changesWhen(request)) return { action: 'edit', patch, notes };
  const { openings, ...change } = await planHoursChange(auth, batch, request, { ...context, ...times, nowMs });
  return { action: 'edit', patch: { ...patch, ...change.patch }, notes, ...(openings && { openings }) };
}

function wholeRequest(batch: BatchRow, asked: UpdateBatchRequest): WholeRequest {
  const merged = mergeSettings(batch, asked);
  if (merged.success) {
    const { retryPolicy, successCriterion, circuitBreakers, labels } = merged.data;
    return { ...asked, retryPolicy, successCriterion, circuitBreakers, labels };
  }
  const errors = toFieldErrors(merged.error);
  const problems = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new ApiError('validation_failed', `With this change the batch would not be valid: ${problems}.`, { errors });
}

function changesWhen(request: WholeRequest): boolean {
  return request.start !== undefined || request.end !== undefined || changesHours(request);
}

const NO_LIMITS = { concurrency: null, reservedConcurrency: null, callsPerSecond: null };

function planDialling(request: WholeRequest): BatchPatch {
  const { limits: asked, retryPolicy, successCriterion, circuitBreakers } = request;
  const limits = asked === null ? NO_LIMITS : asked;
  return {
    ...(limits?.concurrency !== undefined && { concurrencyLimit: limits.concurrency }),
    ...(limits?.reservedConcurrency !== undefined && { reservedConcurrency: limits.reservedConcurrency ?? 0 }),
    ...(limits?.callsPerSecond !== undefined && { callsPerSecond: limits.callsPerSecond }),
    ...(retryPolicy && toStoredRetries(retryPolicy)),
    ...(successCriterion && { successCriterion: toStoredCriterion(successCriterion) }),
    ...(circuitBreakers && { breakers: toStoredBreakers(circuitBreakers) }),
  };
}

async function planCaller(
  db: Database,
  workspaceId: string,
  batch: BatchRow,
  request: WholeRequest,
): Promise<BatchPatch> {
  if (request.fromNumberId === undefined && request.agentId === undefined) return {};
  const agentId = request.agentId === undefined ? batch.agentId : request.agentId;
  const caller = await checkDraftCaller(db, workspaceId, {
    fromNumberId: request.fromNumberId ?? batch.fromNumberId,
    agentId,
  });
  return { fromNumberId: caller.fromNumberId, agentId: caller.agentId };
}

function checkLocks(batch: BatchRow, request: WholeRequest, { hasRecipients, hasUploads }: HoursContext): void {
  const ofZones = DECIDES_ZONES.filter((field) => request[field] !== undefined && request[field] !== batch[field]);
  if (hasUploads && ofZones.length > 0) throw uploadsChecked(batch.id);
  const byRecipients = hasRecipients && batch.status !== 'DRAFT' ? ofZones : [];
  const locked = [...lockedFields(batch.status).filter((field) => request[field] !== undefined), ...byRecipients];
  if (locked.length === 0) return;
  const why = byRecipients.length > 0 ? `${batch.status} and has recipients` : batch.status;
  const message = `The batch ${publicId('batch', batch.id)} is ${why}: ${locked.join(', ')} can no longer be changed. Leave out what is locked.`;
  throw new ApiError('field_locked', message, {
    errors: locked.map((field) => ({
      field,
      code: 'locked',
      message: `${field} is locked while the batch is ${why}`,
    })),
    members: { batchStatus: batch.status, allowedNow: allowedActions(batch.status) },
  });
}

function lockedFields(status: BatchStatus): (keyof WholeRequest)[] {
  if (status === 'DRAFT') return [];
  return status === 'SCHEDULED' ? [...LOCKED_AFTER_DRAFT] : [...LOCKED_AFTER_DRAFT, 'start'];
}
