import { FULL, PARTS, planChaos, planClosing, rangesWithout, SMALL } from './plan.js';

const at = (clock: string, day = 1): number => Date.parse(`2026-09-0${day}T${clock}Z`);

it('plans the same kills, faults and numbers for the same seed, and others for another', () => {
  expect(planChaos(7, FULL)).toEqual(planChaos(7, FULL));
  expect(planChaos(8, FULL).kills).not.toEqual(planChaos(7, FULL).kills);
});

it.each([FULL, SMALL])(
  'kills every part as often as promised, and the last one before the batch is done',
  (profile) => {
    const { kills, phones } = planChaos(7, profile);
    for (const part of PARTS)
      expect(kills.filter(({ parts }) => parts.includes(part)).length).toBeGreaterThanOrEqual(profile.killsOfEach);
    expect(Math.max(...kills.map(({ atCalls }) => atCalls))).toBeLessThan(0.9 * profile.recipients);
    expect(phones).toHaveLength(profile.recipients);
  },
);

it('closes at full minutes: while calls are made in a long run, from the start in a short one', () => {
  const midway = planClosing(planChaos(7, FULL), at('10:20:30'));
  expect(midway!.fromMs).toBeGreaterThan(at('10:21:10'));
  expect((midway!.untilMs - midway!.fromMs) % 60_000).toBe(0);
  expect(planClosing(planChaos(7, SMALL), at('10:20:55'))).toEqual({ fromMs: at('10:20:00'), untilMs: at('10:22:00') });
});

it.each([
  [
    '10:00:00',
    '10:02:00',
    1,
    [
      ['00:00', '10:00'],
      ['10:02', '24:00'],
    ],
  ],
  ['00:00:00', '00:01:00', 1, [['00:01', '24:00']]],
  ['23:58:00', '00:00:00', 2, [['00:00', '23:58']]],
  ['23:59:00', '00:01:00', 2, [['00:01', '23:59']]],
])('leaves out from %s until %s', (from, until, day, ranges) => {
  expect(rangesWithout({ fromMs: at(from), untilMs: at(until, day) })).toEqual(ranges);
});
