import { RULE_PACKS } from '../../domain/hours/rule-packs/rule-packs.js';
import { ALWAYS, rangesOf, WEEKDAYS, windowSchema } from '../../domain/hours/window.js';
import { openingsForZoneSet } from '../../domain/hours/zone-sets.js';
import { repoFiles } from './repo-files.js';

const MINUTE_MS = 60_000;
const NO_RULES = ['lawful-rule', 'rule-packs'];

/** The first and the last minute in UTC that each range of each rule allows, written by hand, at a place where it holds. */
const EDGES: Record<string, { zone: string; ranges: [first: string, last: string][] }> = {
  'us-federal-telemarketing': {
    zone: 'America/New_York',
    ranges: [
      ['2026-06-01T12:00Z', '2026-06-02T00:59Z'],
      ['2026-06-02T12:00Z', '2026-06-03T00:59Z'],
      ['2026-06-03T12:00Z', '2026-06-04T00:59Z'],
      ['2026-06-04T12:00Z', '2026-06-05T00:59Z'],
      ['2026-06-05T12:00Z', '2026-06-06T00:59Z'],
      ['2026-06-06T12:00Z', '2026-06-07T00:59Z'],
      ['2026-06-07T12:00Z', '2026-06-08T00:59Z'],
    ],
  },
};

it.each(RULE_PACKS.map((rule) => [rule.id, rule] as const))('%s says where it comes from', (_id, rule) => {
  expect(rule.source).toMatch(/\d/);
  expect(rule.sourceUrl).toMatch(/^https:\/\/[^/]+\/./);
  expect(rule.country).toMatch(/^[A-Z]{2}$/);
  expect(windowSchema.parse(rule.hours)).toEqual(rule.hours);
  if (rule.verifiedAt === null) expect(rule.enabledByDefault).toBe(false);
  else expect(new Date(rule.verifiedAt).toISOString().slice(0, 10)).toBe(rule.verifiedAt);
});

it.each(RULE_PACKS.map((rule) => [rule.id, rule] as const))(
  '%s allows the first and the last minute of each range, and not the minutes beside them',
  (id, rule) => {
    const { zone, ranges } = EDGES[id]!;
    expect(ranges.length).toBe(WEEKDAYS.reduce((sum, _, day) => sum + rangesOf(rule.hours, day + 1).length, 0));
    expect(new Set(ranges.flat()).size).toBe(2 * ranges.length);
    const isOpen = (atMs: number) =>
      openingsForZoneSet({ rule: { window: ALWAYS }, zones: [zone], lawful: [rule], fromMs: atMs, untilMs: atMs + 1 })
        .length > 0;
    for (const [first, last] of ranges) {
      const [firstMs, lastMs] = [Date.parse(first), Date.parse(last)] as const;
      const asked = [firstMs - 1, firstMs, lastMs, lastMs + MINUTE_MS - 1, lastMs + MINUTE_MS];
      expect([first, asked.map(isOpen)]).toEqual([first, [false, true, true, true, false]]);
    }
  },
);

it('every rule has an id of its own, and every file of rules is in the list', () => {
  const files = repoFiles().flatMap((file) => /^domain\/hours\/rule-packs\/([\w-]+)\.ts$/.exec(file)?.[1] ?? []);
  expect(files.filter((name) => !NO_RULES.includes(name)).sort()).toEqual(RULE_PACKS.map(({ id }) => id).sort());
  expect(Object.keys(EDGES).sort()).toEqual(RULE_PACKS.map(({ id }) => id).sort());
});
