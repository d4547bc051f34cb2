import { preflight, type PreflightInput } from './preflight.js';

const HOUR_MS = 3_600_000;
const start = Date.parse('2026-06-01T09:00:00Z');
const hour = (index: number) => start + index * HOUR_MS;
const opening = (from: number, until: number) => ({ opensAtMs: hour(from), closesAtMs: hour(until) });

function plan(overrides: Partial<PreflightInput>) {
  return preflight({
    groups: [{ zoneSet: '', recipients: 100, openings: [opening(0, 8)] }],
    concurrency: 2,
    callsPerSecond: null,
    callLengthMs: 120_000,
    fromMs: start,
    untilMs: hour(72),
    ...overrides,
  });
}

const shown = ({ hours }: ReturnType<typeof plan>) =>
  hours.map(({ startMs, callable, calls }) => [(startMs - start) / HOUR_MS, callable, calls]);

describe('preflight', () => {
  it('lets each slot take a call after the other, and ends a call length after the last start', () => {
    // Two slots and two minutes each: 60 calls an hour.
    const result = plan({});
    expect(shown(result)).toEqual([
      [0, 100, 60],
      [1, 40, 40],
    ]);
    expect(result.finishMs).toBe(hour(1) + 40 * 60_000 + 120_000);
    expect(result.leftOver).toEqual({ neverOpen: 0, tooMany: 0 });
  });

  it('goes no faster than the calls per second', () => {
    const result = plan({
      groups: [{ zoneSet: '', recipients: 3_600, openings: [opening(0, 8)] }],
      concurrency: 1_000,
      callsPerSecond: 0.5,
    });
    expect(shown(result)).toEqual([
      [0, 3_600, 1_800],
      [1, 1_800, 1_800],
    ]);
  });

  it('waits for the next opening, and shows the hours between', () => {
    const groups = [{ zoneSet: '', recipients: 100, openings: [opening(0, 1), opening(3, 4)] }];
    expect(shown(plan({ groups }))).toEqual([
      [0, 100, 60],
      [1, 0, 0],
      [2, 0, 0],
      [3, 40, 40],
    ]);
  });

  it('counts a part of an hour as that part', () => {
    const groups = [{ zoneSet: '', recipients: 100, openings: [opening(0.25, 0.5), opening(2, 3)] }];
    expect(shown(plan({ groups }))).toEqual([
      [0, 100, 15],
      [1, 0, 0],
      [2, 85, 60],
    ]);
    expect(shown(plan({ groups, fromMs: hour(0.5) }))).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [2, 100, 60],
    ]);
  });

  it('serves groups that are open together in proportion to their number', () => {
    const groups = [
      { zoneSet: 'A', recipients: 90, openings: [opening(0, 1)] },
      { zoneSet: 'B', recipients: 30, openings: [opening(0, 8)] },
    ];
    // 45 of A and 15 of B in the first hour; then A is closed for good.
    const result = plan({ groups });
    expect(shown(result)).toEqual([
      [0, 120, 60],
      [1, 15, 15],
    ]);
    expect(result).toMatchObject({ finishMs: null, leftOver: { neverOpen: 0, tooMany: 45 } });
  });

  it('says how many are never open, and does not wait for them', () => {
    const groups = [
      { zoneSet: '', recipients: 10, openings: [opening(0, 8)] },
      { zoneSet: '?', recipients: 7, openings: [] },
    ];
    const result = plan({ groups });
    expect(result.hours.length).toBe(1);
    expect(result).toMatchObject({ finishMs: null, leftOver: { neverOpen: 7, tooMany: 0 } });
  });

  it('loses and invents nobody, whatever the sizes', () => {
    for (let size = 1; size < 400; size += 7) {
      const groups = [
        { zoneSet: 'A', recipients: size, openings: [opening(0, 2.5), opening(24, 28)] },
        { zoneSet: 'B', recipients: size * 2, openings: [opening(1.1, 4.7), opening(26, 30)] },
        { zoneSet: 'C', recipients: 3, openings: [opening(2.2, 2.3)] },
      ];
      const { hours, leftOver } = plan({ groups, callLengthMs: 97_000 });
      const calls = hours.reduce((sum, { calls }) => sum + calls, 0);
      expect(calls + leftOver.neverOpen + leftOver.tooMany).toBe(size * 3 + 3);
    }
  });

  it('is done at once without recipients', () => {
    expect(plan({ groups: [] })).toEqual({ hours: [], finishMs: start, leftOver: { neverOpen: 0, tooMany: 0 } });
  });

  it('takes milliseconds for hundreds of zone sets over two weeks', () => {
    const openings = Array.from({ length: 14 }, (_, day) => opening(day * 24, day * 24 + 8));
    const groups = Array.from({ length: 300 }, (_, index) => ({ zoneSet: String(index), recipients: 4_000, openings }));
    const startedMs = performance.now();
    plan({ groups, untilMs: hour(14 * 24) });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
