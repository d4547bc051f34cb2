import { parseInstant } from './instant.js';

describe('parseInstant', () => {
  it.each([
    ['2026-12-01T08:00:00Z', Date.parse('2026-12-01T08:00:00Z')],
    ['2026-12-01T08:00+02:00', Date.parse('2026-12-01T06:00:00Z')],
    ['2026-12-01T08:00', null],
    ['2026-02-30T08:00Z', null],
    ['', null],
    ['2026-12-01T24:00Z', null],
    ['2026-12-31T23:59:60Z', null],
    ['2026-12-01T08:00+24:00', null],
    ['2026-12-01T08:00+23:59', Date.parse('2026-11-30T08:01:00Z')],
    ['0000-12-31T23:59:59Z', null],
    ['0001-01-01T00:00:00+00:01', null],
    ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
    ['9999-12-31T23:59:59-00:01', null],
  ])('reads %j as %s', (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });
});
