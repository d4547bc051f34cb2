import { isRemembered, publicHolidays } from '../../domain/hours/holidays.js';
import { prepareHolidays } from './prepare-holidays.js';

const TIMEOUT_MS = 60_000;
const IN_2027 = Date.parse('2027-06-01T00:00:00Z');

describe('prepareHolidays', () => {
  it(
    'computes the holidays of lunar calendars while others are served',
    async () => {
      const calendars = [{ country: 'CN' }, { country: 'DE', region: 'BY' }];
      let served = 0;
      const timer = setInterval(() => served++, 1);
      expect(await prepareHolidays(calendars, IN_2027, TIMEOUT_MS)).toBe(true);
      clearInterval(timer);
      expect(served).toBeGreaterThan(10);
      for (const calendar of calendars)
        expect([2026, 2027, 2028].map((year) => isRemembered(calendar, year))).toEqual([true, true, true]);
      expect(publicHolidays({ country: 'CN' }, 2027).map(({ date }) => date)).toContain('2027-02-06');
      expect(publicHolidays({ country: 'DE', region: 'BY' }, 2027).map(({ date }) => date)).toContain('2027-01-06');
    },
    2 * TIMEOUT_MS,
  );

  it(
    'says when they are not there in time, and goes on computing them',
    async () => {
      const calendars = [{ country: 'VN' }];
      expect(await prepareHolidays(calendars, IN_2027, 0)).toBe(false);
      expect(await prepareHolidays(calendars, IN_2027, TIMEOUT_MS)).toBe(true);
    },
    2 * TIMEOUT_MS,
  );
});
