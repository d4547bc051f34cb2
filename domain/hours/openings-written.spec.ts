import { openingsToWrite } from './openings-written.js';
import { RULE_PACKS } from './rule-packs/rule-packs.js';

const at = (text: string): number => Date.parse(text);
const window = { monday: [['09:00', '17:00']], friday: [['09:00', '17:00']] } as const;
const write = (now: string) =>
  openingsToWrite({
    rule: { window: JSON.parse(JSON.stringify(window)) },
    zoneSets: [''],
    batchZone: 'UTC',
    lawful: [],
    nowMs: at(now),
  });

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
    { zoneSet: '', opensAtMs: at('2026-09-04T09:00:00Z'), closesAtMs: at('2026-09-04T17:00:00Z') },
    { zoneSet: '', opensAtMs: at('2026-09-07T09:00:00Z'), closesAtMs: at('2026-09-07T17:00:00Z') },
  ]);
});

describe('for the zone sets of a batch', () => {
  const zoneSets = ['', 'America/Los_Angeles|America/New_York', 'Asia/Tokyo', 'Atlantic/Azores|Pacific/Auckland'];
  const hours = {
    rule: { window: JSON.parse(JSON.stringify(window)), blackoutDates: ['2026-09-07'] },
    zoneSets,
    batchZone: 'Europe/Madrid',
    lawful: [],
    nowMs: at('2026-09-04T06:00:00Z'),
  };

  it('has the openings of each, the batch’s own zone for the empty key, and one that begins after 48 hours', () => {
    const { openings, untilMs } = openingsToWrite(hours);
    expect(untilMs).toBe(at('2026-09-06T06:00:00Z'));
    const shown = openings.map(({ zoneSet, opensAtMs }) => [zoneSet, new Date(opensAtMs).toISOString().slice(0, 16)]);
    expect(shown).toEqual([
      ['', '2026-09-04T07:00'],
      ['', '2026-09-11T07:00'],
      ['America/Los_Angeles|America/New_York', '2026-09-04T16:00'],
      ['America/Los_Angeles|America/New_York', '2026-09-11T16:00'],
      ['Asia/Tokyo', '2026-09-04T00:00'],
      ['Asia/Tokyo', '2026-09-11T00:00'],
    ]);
  });

  it('has none for zones that are never open together', () => {
    const { openings } = openingsToWrite({ ...hours, zoneSets: ['Atlantic/Azores|Pacific/Auckland'] });
    expect(openings).toEqual([]);
  });

  it('reads the rule in the batch’s zone when told so, and the law at the recipients’ place', () => {
    const { openings } = openingsToWrite({
      ...hours,
      hoursIn: 'batch',
      lawful: RULE_PACKS,
      zoneSets: ['America/New_York', 'Asia/Tokyo'],
    });
    // 09:00 to 17:00 in Madrid ends at 15:00 UTC; the law begins at 12:00 UTC in New York and holds nothing in Tokyo.
    expect(openings.slice(0, 1).concat(openings.slice(2, 3))).toEqual([
      { zoneSet: 'America/New_York', opensAtMs: at('2026-09-04T12:00:00Z'), closesAtMs: at('2026-09-04T15:00:00Z') },
      { zoneSet: 'Asia/Tokyo', opensAtMs: at('2026-09-04T07:00:00Z'), closesAtMs: at('2026-09-04T15:00:00Z') },
    ]);
  });
});
