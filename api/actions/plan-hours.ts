import type { UpdateBatchRequest } from '../../domain/batches/request.js';
import { HOURS_SETTINGS } from '../../domain/batches/settings.js';
import type { BatchHoursSpec, LawfulOverride } from '../../domain/hours/batch-hours.js';
import type { BatchPatch, ChangeRequest } from '../../store/changes/change-batch.js';
import type { BatchRow } from '../../store/batches/read-batches.js';
import type { HoursContext } from '../../store/hours/batch-zones.js';
import { requireRole } from '../http/gate/authenticate.js';
import type { Auth } from '../http/operation.js';
import { planOpenings } from './plan-start.js';
import { takeOverride } from './take-override.js';

export type HoursRequest = Pick<UpdateBatchRequest, (typeof HOURS_SETTINGS)[number]>;

type HoursChange = { patch: BatchPatch; openings?: NonNullable<ChangeRequest['openings']> };

export function changesHours(request: HoursRequest): boolean {
  return HOURS_SETTINGS.some((field) => request[field] !== undefined);
}

/** Hours above which an admin has lifted the law are not made wider by anybody else. @throws ApiError forbidden */
export function checkOverride(auth: Auth, { lawfulOverride }: BatchRow, request: { lawfulOverride?: unknown }): void {
  if (lawfulOverride && request.lawfulOverride !== null)
    requireRole(auth, 'admin', 'The batch has an override of lawful hours: a change of its hours');
}

/**
 * What a change of hours does to the row of a batch and to its openings. Only what was asked for: another change at the same
 * time keeps what it has changed. @throws ApiError for hours that never open, or an override that the key may not make
 */
export async function planHoursChange(
  auth: Auth,
  batch: BatchRow,
  request: HoursRequest,
  { startAt, endAt, nowMs, ...context }: HoursContext & { startAt: Date | null; endAt: Date | null; nowMs: number },
): Promise<HoursChange> {
  const override = takeOverride(auth, request.lawfulOverride ?? null, nowMs);
  const given = HOURS_SETTINGS.filter((field) => request[field] !== undefined);
  const patch: BatchPatch = {
    ...Object.fromEntries(given.map((field) => [field, request[field]])),
    ...(request.lawfulOverride !== undefined && { lawfulOverride: override }),
  };
  const window = request.window ?? batch.window;
  const timeZone = request.timeZone ?? batch.timeZone;
  if (batch.status === 'DRAFT' || window === null || timeZone === null) return { patch };
  const hours = { ...hoursAfter(batch, request, override), window, timeZone };
  const { hoursVersion } = batch;
  return { patch, openings: await planOpenings({ ...hours, ...context, hoursVersion, startAt, endAt, nowMs }) };
}

function hoursAfter(batch: BatchRow, request: HoursRequest, asked: LawfulOverride | null): BatchHoursSpec {
  return {
    hoursIn: request.hoursIn ?? batch.hoursIn,
    unknownZone: request.unknownZone ?? batch.unknownZone,
    blackoutDates: request.blackoutDates ?? batch.blackoutDates,
    holidays: request.holidays ?? batch.holidays,
    purpose: request.purpose === undefined ? batch.purpose : request.purpose,
    lawfulOverride: request.lawfulOverride === undefined ? batch.lawfulOverride : asked,
  };
}
