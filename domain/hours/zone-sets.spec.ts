import type { HoursRule } from './openings.js';
import { RULE_PACKS } from './rule-packs/rule-packs.js';
import { ALWAYS, WEEKDAYS, type CallWindow } from './window.js';
import {
  nextOpeningForZoneSet,
  openingsAheadForZoneSet,
  openingsForZoneSet,
  zoneSetKey,
  zonesOfKey,
} from './zone-sets.js';

const at = (text: string) => Date.parse(`${text}Z`);
const DAY: CallWindow = { monday: [['09:00', '17:00']] };
const monday = { fromMs: at('2026-06-01T00:00'), untilMs: at('2026-06-03T00:00') };

function shown(openings: readonly { opensAtMs: number; closesAtMs: number }[]): string[] {
  return openings.map((opening) =>
    [opening.opensAtMs, opening.closesAtMs].map((ms) => new Date(ms).toISOString().slice(5, 16)).join(' to '),
  );
}

it('writes a set of zones in one way only', () => {
  expect(zoneSetKey(['Europe/Madrid', 'Atlantic/Canary', 'Europe/Madrid'])).toBe('Atlantic/Canary|Europe/Madrid');
  expect(zonesOfKey('Atlantic/Canary|Europe/Madrid', 'UTC')).toEqual(['Atlantic/Canary', 'Europe/Madrid']);
  expect(zonesOfKey('', 'Europe/Paris')).toEqual(['Europe/Paris']);
});

describe('openingsForZoneSet', () => {
  it('is open when every zone of the set is', () => {
    const zones = ['America/New_York', 'America/Los_Angeles'];
    expect(shown(openingsForZoneSet({ rule: { window: DAY }, zones, ...monday }))).toEqual([
      '06-01T16:00 to 06-01T21:00',
    ]);
  });

  it('intersects several ranges a day with several', () => {
    const window: CallWindow = {
      monday: [
        ['09:00', '13:00'],
        ['15:00', '20:00'],
      ],
    };
    const zones = ['Europe/Madrid', 'Atlantic/Canary'];
    expect(shown(openingsForZoneSet({ rule: { window }, zones, ...monday }))).toEqual([
      '06-01T08:00 to 06-01T11:00',
      '06-01T14:00 to 06-01T18:00',
    ]);
  });

  it('reads a blackout date in each zone: it closes the day of all', () => {
    const rule = { window: ALWAYS, blackoutDates: ['2026-06-02'] };
    const zones = ['Pacific/Auckland', 'America/Los_Angeles'];
    const [before, after] = openingsForZoneSet({ rule, zones, fromMs: monday.fromMs, untilMs: at('2026-06-04T00:00') });
    expect(shown([{ opensAtMs: before!.closesAtMs, closesAtMs: after!.opensAtMs }])).toEqual([
      '06-01T12:00 to 06-03T07:00',
    ]);
  });

  it('is never open for zones that are never open together, and for no zone', () => {
    const zones = ['Pacific/Auckland', 'Atlantic/Azores'];
    expect(nextOpeningForZoneSet({ rule: { window: DAY }, zones, nowMs: monday.fromMs })).toBeNull();
    expect(openingsForZoneSet({ rule: { window: ALWAYS }, zones: [], ...monday })).toEqual([]);
    expect(openingsForZoneSet({ rule: { window: ALWAYS }, zones: ['UTC'], ruleZones: [], ...monday })).toEqual([]);
  });

  it('throws for a zone that does not exist, rather than calling at the wrong hour', () => {
    expect(() => openingsForZoneSet({ rule: { window: DAY }, zones: ['Europe/Atlantis'], ...monday })).toThrow(
      RangeError,
    );
  });

  it('reads the rule in one zone and the law in the others when told so', () => {
    const input = { rule: { window: { monday: [['06:00', '23:00']] } as CallWindow }, lawful: RULE_PACKS, ...monday };
    const ruleZones = ['Europe/Madrid'];
    expect(shown(openingsForZoneSet({ ...input, ruleZones, zones: ['America/New_York'] }))).toEqual([
      '06-01T12:00 to 06-01T21:00',
    ]);
    expect(shown(openingsForZoneSet({ ...input, ruleZones, zones: ['Europe/Paris'] }))).toEqual([
      '06-01T04:00 to 06-01T21:00',
    ]);
  });

  it('keeps a law in its country, its territories, and wherever nobody knows the country', () => {
    const opensAt = (zone: string) => {
      const [opening] = openingsForZoneSet({ rule: { window: ALWAYS }, zones: [zone], lawful: RULE_PACKS, ...monday });
      return opening!.closesAtMs - opening!.opensAtMs <= 13 * 3_600_000;
    };
    expect(['America/Chicago', 'US/Central', 'America/Puerto_Rico', 'Pacific/Guam', 'UTC'].map(opensAt)).toEqual(
      Array.from({ length: 5 }, () => true),
    );
    expect(['America/Toronto', 'Europe/London', 'America/Mexico_City'].map(opensAt)).toEqual([false, false, false]);
  });

  it('lets the strictest of the rule and every law win', () => {
    const [law] = RULE_PACKS;
    const stricter = { ...law!, id: 'state', hours: { monday: [['10:00', '20:00']] } as CallWindow };
    const window: CallWindow = { monday: [['07:00', '19:00']] };
    const input = { rule: { window }, zones: ['America/New_York'], lawful: [law!, stricter], ...monday };
    expect(shown(openingsForZoneSet(input))).toEqual(['06-01T14:00 to 06-01T23:00']);
  });
});

describe('openingsAheadForZoneSet', () => {
  const NINE_TO_FIVE = Object.fromEntries(WEEKDAYS.map((day) => [day, [['09:00', '17:00']]])) as CallWindow;
  const ahead = (rule: HoursRule, now: string, zones = ['UTC']) =>
    shown(openingsAheadForZoneSet({ rule, zones, nowMs: at(now) }));

  it('covers 48 hours and starts with the current opening', () => {
    expect(ahead({ window: NINE_TO_FIVE }, '2026-06-01T12:00')).toEqual([
      '06-01T09:00 to 06-01T17:00',
      '06-02T09:00 to 06-02T17:00',
      '06-03T09:00 to 06-03T17:00',
    ]);
  });

  it('finds the next opening of a set a week away', () => {
    const zones = ['Europe/Madrid', 'Atlantic/Canary'];
    expect(ahead({ window: DAY }, '2026-06-01T14:59', zones)).toEqual(['06-01T08:00 to 06-01T15:00']);
    expect(ahead({ window: DAY }, '2026-06-01T15:00', zones)).toEqual(['06-08T08:00 to 06-08T15:00']);
  });

  it('looks further when the only opening of the week falls in a skipped hour', () => {
    const rule: HoursRule = { window: { sunday: [['02:15', '02:45']] } };
    expect(ahead(rule, '2026-03-24T00:00', ['Europe/Madrid'])).toEqual(['04-05T00:15 to 04-05T00:45']);
  });

  it('looks beyond a month of blackout dates', () => {
    const blackoutDates = Array.from({ length: 31 }, (_, day) => `2026-08-${String(day + 1).padStart(2, '0')}`);
    expect(ahead({ window: NINE_TO_FIVE, blackoutDates }, '2026-07-31T17:00')).toEqual(['09-01T09:00 to 09-01T17:00']);
  });

  it('says the current opening is the next, and after it the following one', () => {
    const input = { rule: { window: NINE_TO_FIVE }, zones: ['UTC'] };
    expect(nextOpeningForZoneSet({ ...input, nowMs: at('2026-06-01T16:59') })?.opensAtMs).toBe(at('2026-06-01T09:00'));
    expect(nextOpeningForZoneSet({ ...input, nowMs: at('2026-06-01T17:00') })?.opensAtMs).toBe(at('2026-06-02T09:00'));
  });

  it('takes a few milliseconds at most', () => {
    const zones = ['Europe/Madrid', 'Atlantic/Canary', 'America/New_York'];
    const input = { rule: { window: NINE_TO_FIVE }, zones, nowMs: at('2026-03-28T00:00') };
    openingsAheadForZoneSet(input);
    const startedMs = performance.now();
    for (let i = 0; i < 20; i++) openingsAheadForZoneSet(input);
    expect((performance.now() - startedMs) / 20).toBeLessThan(5);
  });
});
