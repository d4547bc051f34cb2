import { retryAfterMsOf } from './retry-after.js';

const NOW_MS = Date.parse('2026-11-26T12:00:00Z');

describe('retryAfterMsOf', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['soon', null],
    ['0', 0],
    ['2', 2_000],
    ['1.5', 1_500],
    ['Thu, 26 Nov 2026 12:00:30 GMT', 30_000],
    ['Thu, 26 Nov 2026 11:00:00 GMT', 0],
  ])('reads %j as %j ms', (header, expected) => expect(retryAfterMsOf(header, NOW_MS)).toBe(expected));
});
