import { lawfulHoursOf, PLAIN_HOURS, planHours, UNKNOWN_ZONE_SET, zoneSetOf } from './batch-hours.js';
import { ALWAYS } from './window.js';

const NEW_YORK = { phone: '+12125550123', timeZone: null };
const NOWHERE = { phone: '12345678', timeZone: null };
const zoneSet = (recipient: { phone: string; timeZone: string | null }, spec: Partial<typeof PLAIN_HOURS>) =>
  zoneSetOf(recipient, { ...PLAIN_HOURS, ...spec });

it.each([
  ['hours of the batch need no zone', NEW_YORK, {}, ''],
  ['a purpose without rules needs none either', NEW_YORK, { purpose: 'informational' as const }, ''],
  ['hours of the recipient are those of its number', NEW_YORK, { hoursIn: 'recipient' as const }, 'America/New_York'],
  [
    'or of its own zone, which outranks it',
    { ...NEW_YORK, timeZone: 'Asia/Tokyo' },
    { hoursIn: 'recipient' as const },
    'Asia/Tokyo',
  ],
  ['laws are read at its place', NEW_YORK, { purpose: 'telemarketing' as const }, 'America/New_York'],
  ['nobody knows where: held', NOWHERE, { hoursIn: 'recipient' as const }, UNKNOWN_ZONE_SET],
  ["or called in the batch's zone", NOWHERE, { hoursIn: 'recipient' as const, unknownZone: 'batch' as const }, ''],
])('%s', (_what, recipient, spec, expected) => {
  expect(zoneSet(recipient, spec)).toBe(expected);
});

it('plans no opening for those of whom nobody knows where they are', () => {
  const { openings, zoneSets } = planHours({
    ...PLAIN_HOURS,
    hoursIn: 'recipient',
    window: ALWAYS,
    timeZone: 'UTC',
    zoneSets: ['', UNKNOWN_ZONE_SET, 'Asia/Tokyo'],
    rulePacks: null,
    nowMs: 0,
    zoneData: 'x',
  });
  expect(new Set(openings.map((opening) => opening.zoneSet))).toEqual(new Set(['', 'Asia/Tokyo']));
  expect(zoneSets).toContain(UNKNOWN_ZONE_SET);
});

it('lifts lawful hours by an override or by switching packs off, and by nothing else', () => {
  const purpose = 'telemarketing';
  expect(lawfulHoursOf({ purpose, lawfulOverride: null }, null).map(({ id }) => id)).toEqual([
    'us-federal-telemarketing',
  ]);
  expect(lawfulHoursOf({ purpose, lawfulOverride: null }, [])).toEqual([]);
  expect(
    lawfulHoursOf(
      { purpose, lawfulOverride: { name: 'Ada', by: 'key_1', at: '2026-11-29T09:00:00Z', reason: 'x' } },
      null,
    ),
  ).toEqual([]);
  expect(lawfulHoursOf({ purpose: null, lawfulOverride: null }, null)).toEqual([]);
});
