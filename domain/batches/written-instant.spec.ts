import { describe, expect, it } from '@jest/globals';
import { readWrittenInstant } from './written-instant.js';

const read = (text: string, zone: string | null = 'Europe/Madrid'): string => {
  const instant = readWrittenInstant(text, zone);
  return instant.ok ? new Date(instant.ms).toISOString() : instant.code;
};

describe('a time in a file', () => {
  it.each([
    ['2026-12-01T08:00:00Z', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T08:00Z', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01 08:00:00 UTC', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01 08:00:00 GMT', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T08:00:00+05:30', '2026-12-01T02:30:00.000Z'],
    ['2026-12-01 08:00:00+0530', '2026-12-01T02:30:00.000Z'],
    ['2026-12-01 08:00:00.123456-03', '2026-12-01T11:00:00.123Z'],
    ['2026-12-01 09:00', '2026-12-01T08:00:00.000Z'],
    [' 2026-07-01T09:00:30 ', '2026-07-01T07:00:30.000Z'],
    ['2026-12-01 09:00 Asia/Tokyo', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01T09:00[America/New_York]', '2026-12-01T14:00:00.000Z'],
    ['2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
  ])('%s is %s in a batch of Madrid', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each([
    ['2026-03-29 02:30', 'time_skipped'],
    ['2026-03-08 02:30 America/New_York', 'time_skipped'],
    ['2026-02-30 09:00', 'not_a_time'],
    ['2026-12-01', 'not_a_time'],
    ['01/12/2026 09:00', 'not_a_time'],
    ['tomorrow', 'not_a_time'],
    ['46000.5', 'not_a_time'],
    ['2026-12-01 09:00 EST5', 'not_a_time'],
    ['2026-12-01 09:00 Nowhere/City', 'not_a_time'],
    ['2026-12-01 25:00', 'not_a_time'],
    [`2026-12-01 09:00${' '.repeat(10_000)}x`, 'not_a_time'],
    ['', 'not_a_time'],
  ])('%j is none: %s', (text, code) => {
    expect(read(text)).toBe(code);
  });

  it('needs an offset where no zone is known', () => {
    expect([read('2026-12-01T09:00', null), read('2026-12-01T09:00Z', null)]).toEqual([
      'not_a_time',
      '2026-12-01T09:00:00.000Z',
    ]);
  });
});
