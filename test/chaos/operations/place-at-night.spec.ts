import { placeAtNight } from './place-at-night.js';

const HALF_AN_HOUR_MS = 1_800_000;

it.each([
  ['2026-11-29T17:00:00Z', '+1808221'],
  ['2026-11-29T12:00:00Z', '+1212331'],
  ['2026-11-29T15:00:00Z', '+1213221'],
  ['2026-11-29T19:00:00Z', '+1671647'],
  ['2026-11-29T21:29:00Z', '+1671647'],
  ['2026-11-29T21:31:00Z', null],
  ['2026-11-29T23:30:00Z', null],
])('at %s it is night for half an hour more at numbers with %s', (at, prefix) => {
  expect(placeAtNight(Date.parse(at), HALF_AN_HOUR_MS)).toBe(prefix);
});
