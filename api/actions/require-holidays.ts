import type { HolidayCalendar } from '../../domain/hours/holidays.js';
import { prepareHolidays } from '../../store/hours/prepare-holidays.js';
import { ERRORS } from '../http/error-table.js';
import { ApiError } from '../http/errors.js';

const WAIT_MS = 20_000;
const RETRY_AFTER_S = 5;

/** Waits until the holidays of some calendars are known from an instant on. @throws ApiError when that takes too long */
export async function requireHolidays(calendars: readonly HolidayCalendar[], fromMs: number): Promise<void> {
  if (await prepareHolidays(calendars, fromMs, WAIT_MS)) return;
  throw new ApiError('holidays_not_ready', ERRORS.holidays_not_ready.advice, {
    headers: { 'Retry-After': String(RETRY_AFTER_S) },
  });
}
