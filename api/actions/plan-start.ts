import {
  planHours,
  type BatchHoursSpec,
  type PlannedFor,
  type PlannedOpenings,
} from '../../domain/hours/batch-hours.js';
import {
  resolveEnd,
  resolveStart,
  START_PAST_TOLERANCE_MS,
  type BatchEnd,
  type BatchStart,
} from '../../domain/batches/start-time.js';
import type { ZoneSetOpening } from '../../domain/hours/openings-written.js';
import type { CallWindow } from '../../domain/hours/window.js';
import { createPause } from '../../platform/pause.js';
import { zoneDataVersion } from '../../platform/zone-data.js';
import { refused } from './check-caller.js';
import { requireHolidays } from './require-holidays.js';

/** When a batch starts; null is now. @throws ApiError for a time that does not exist, or is not ahead */
export function planStart(start: BatchStart, timeZone: string | null, nowMs: number): Date | null {
  if (start === 'now') return null;
  const resolved = resolveStart({ start, timeZone, nowMs });
  if (resolved.ok) return new Date(resolved.startMs);
  throw refused(resolved.code, 'start', `${resolved.message}.`);
}

/** When a batch ends; null is never. @throws ApiError for a time that does not exist, or is not ahead */
export function planEnd(end: BatchEnd | null, timeZone: string | null, nowMs: number): Date | null {
  if (end === null) return null;
  const resolved = resolveEnd({ end, timeZone, nowMs });
  if (resolved.ok) return new Date(resolved.ms);
  throw refused(resolved.code, 'end', `${resolved.message}.`);
}

/** @throws ApiError when a batch would end before it starts */
export function checkEndAfterStart(endAt: Date | null, startAt: Date | null): void {
  if (endAt === null || startAt === null || endAt > startAt) return;
  const message = `The end ${endAt.toISOString()} is not later than the start ${startAt.toISOString()}. Choose a later end, or an earlier start.`;
  throw refused('end_before_start', 'end', message);
}

/** A draft's start, which may have passed since it was written. */
export function checkStartAhead(startAt: Date | null, nowMs: number): void {
  if (startAt === null || startAt.getTime() >= nowMs - START_PAST_TOLERANCE_MS) return;
  throw refused(
    'start_in_past',
    'start',
    `The start ${startAt.toISOString()} has passed. Change it to a later time, or to "now", then submit.`,
  );
}

type PlannedHours = BatchHoursSpec &
  PlannedFor & {
    window: CallWindow;
    timeZone: string;
    startAt: Date | null;
    endAt: Date | null;
    zoneSets: readonly string[];
    rulePacks: readonly string[] | null;
    nowMs: number;
  };

/**
 * The openings to write with the hours of a batch: from now, or from the start when that is later. One zone set after the other, since
 * those of hundreds take seconds where the hours hardly ever open.
 * @throws ApiError when there is none, or none before the end
 */
export async function planOpenings({
  startAt,
  endAt,
  nowMs,
  hoursVersion,
  rulePacksVersion,
  ...hours
}: PlannedHours): Promise<PlannedOpenings & PlannedFor> {
  const fromMs = Math.max(nowMs, startAt?.getTime() ?? 0);
  await requireHolidays(hours.holidays, fromMs);
  const pause = createPause();
  const planned = planHours({ ...hours, zoneSets: [], nowMs: fromMs, zoneData: zoneDataVersion() });
  const openings: ZoneSetOpening[] = [];
  for (const zoneSet of hours.zoneSets) {
    openings.push(...planHours({ ...hours, zoneSets: [zoneSet], nowMs: fromMs, zoneData: planned.zoneData }).openings);
    await pause();
  }
  if (openings.some(({ opensAtMs }) => endAt === null || opensAtMs < endAt.getTime()))
    return { ...planned, zoneSets: hours.zoneSets, openings, hoursVersion, rulePacksVersion };
  if (openings.length > 0 && endAt !== null)
    throw refused(
      'window_never_opens',
      'end',
      `The window does not open in ${hours.timeZone} before the end ${endAt.toISOString()}. Choose a later end, or other hours.`,
    );
  throw refused(
    'window_never_opens',
    'window',
    `The window never opens in ${hours.timeZone} within 400 days, with the blackout dates, holidays and lawful hours that apply. Choose hours that occur there.`,
  );
}
