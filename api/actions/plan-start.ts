import {
  planHours,
  type BatchHoursSpec,
  type PlannedFor,
  type PlannedOpenings,
} from '../../domain/hours/batch-hours.js';
import { resolveStart, START_PAST_TOLERANCE_MS, type BatchStart } from '../../domain/batches/start-time.js';
import type { CallWindow } from '../../domain/hours/window.js';
import { zoneDataVersion } from '../../platform/zone-data.js';
import { refused } from './check-caller.js';

/** When a batch starts; null is now. @throws ApiError for a time that does not exist, or is not ahead */
export function planStart(start: BatchStart, timeZone: string, nowMs: number): Date | null {
  if (start === 'now') return null;
  const resolved = resolveStart({ start, timeZone, nowMs });
  if (resolved.ok) return new Date(resolved.startMs);
  throw refused(resolved.code, 'start', `${resolved.message}.`);
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
    zoneSets: readonly string[];
    rulePacks: readonly string[] | null;
    nowMs: number;
  };

/** The openings to write with the hours of a batch: from now, or from the start when that is later. @throws ApiError when there is none */
export function planOpenings({
  startAt,
  nowMs,
  hoursVersion,
  rulePacksVersion,
  ...hours
}: PlannedHours): PlannedOpenings & PlannedFor {
  const planned = planHours({
    ...hours,
    nowMs: Math.max(nowMs, startAt?.getTime() ?? 0),
    zoneData: zoneDataVersion(),
  });
  if (planned.openings.length > 0) return { ...planned, hoursVersion, rulePacksVersion };
  throw refused(
    'window_never_opens',
    'window',
    `The window never opens in ${hours.timeZone} within 400 days, with the blackout dates, holidays and lawful hours that apply. Choose hours that occur there.`,
  );
}
