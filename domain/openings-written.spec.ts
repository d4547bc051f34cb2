import { openingsToWrite } from './openings-written.js';

const at = (text: string): number => Date.parse(text);
const window = { monday: [['09:00', '17:00']], friday: [['09:00', '17:00']] } as const;
const write = (now: string) =>
  openingsToWrite({ window: JSON.parse(JSON.stringify(window)), timeZone: 'UTC', nowMs: at(now) });

it('ends with an opening that begins after the time until which they are complete', () => {
  for (const now of [
    '2026-09-04T16:59:00Z',
    '2026-09-04T17:00:00Z',
    '2026-09-05T12:00:00Z',
    '2026-09-06T12:00:00Z',
    '2026-09-07T08:00:00Z',
  ]) {
    const { openings, untilMs } = write(now);
    expect(untilMs).toBe(at(now) + 48 * 3_600_000);
    expect(openings.at(-1)!.opensAtMs).toBeGreaterThan(at(now));
  }
});

it('has the current opening and the one after the weekend when it is written late on Friday', () => {
  expect(write('2026-09-04T16:59:00Z').openings).toEqual([
    { opensAtMs: at('2026-09-04T09:00:00Z'), closesAtMs: at('2026-09-04T17:00:00Z') },
    { opensAtMs: at('2026-09-07T09:00:00Z'), closesAtMs: at('2026-09-07T17:00:00Z') },
  ]);
});
