import { demoHours } from './demo-hours.js';

it('finds office hours at every quarter of an hour, all through the year, with at least half an hour left', () => {
  const days = Array.from({ length: 26 }, (_, fortnight) => Date.UTC(2026, 0, 1 + fortnight * 14));
  for (const atMs of days.flatMap((day) => Array.from({ length: 96 }, (_, quarter) => day + quarter * 15 * 60_000))) {
    const { isAllowedAt } = demoHours(atMs);
    if (!isAllowedAt(atMs) || !isAllowedAt(atMs + 29 * 60_000))
      throw new Error(`no office hours at ${new Date(atMs).toISOString()}`);
  }
});

it('does not allow what is outside nine to six in its zone', () => {
  const { isAllowedAt, timeZone } = demoHours(Date.UTC(2026, 8, 1, 10));
  expect(timeZone).toBe('Europe/Madrid');
  expect(isAllowedAt(Date.UTC(2026, 8, 1, 6, 59))).toBe(false);
  expect(isAllowedAt(Date.UTC(2026, 8, 1, 7))).toBe(true);
  expect(isAllowedAt(Date.UTC(2026, 8, 1, 16))).toBe(false);
});
