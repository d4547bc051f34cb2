import { paceOf } from './pace.js';

const [FIRST, SECOND, THIRD] = ['2026-12-01T09:00:00Z', '2026-12-01T09:15:00Z', '2026-12-01T09:30:00Z'] as const;
const at = (time: string): number => new Date(`2026-12-01T${time}Z`).getTime();

describe('the pace of a batch', () => {
  it('counts calls that have ended since it began', () => {
    const quarters = [{ at: THIRD, sent: 60, live: 20 }];

    expect(paceOf({ quarters, startedAt: '2026-12-01T09:31:00Z', nowMs: at('09:35:00') })).toEqual({
      perMinute: 10,
      overMs: 240_000,
    });
  });

  it('of an older one counts from the end of the first quarter on', () => {
    const quarters = [
      { at: FIRST, sent: 500, live: 18 },
      { at: SECOND, sent: 300, live: 20 },
      { at: THIRD, sent: 102, live: 0 },
    ];

    expect(paceOf({ quarters, startedAt: '2026-12-01T08:00:00Z', nowMs: at('09:36:00') })).toEqual({
      perMinute: 20,
      overMs: 1_260_000,
    });
  });

  it.each([
    ['few calls have ended', [{ at: THIRD, sent: 29, live: 20 }], '09:35:00'],
    ['it has just begun', [{ at: THIRD, sent: 200, live: 20 }], '09:31:29'],
    ['nothing is there', [], '09:35:00'],
  ])('is not told when %s', (_, quarters, now) => {
    expect(paceOf({ quarters, startedAt: '2026-12-01T09:31:00Z', nowMs: at(now) })).toBeNull();
  });
});
