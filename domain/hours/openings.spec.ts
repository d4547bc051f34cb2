import { computeOpenings, type Opening } from './openings.js';
import { WEEKDAYS, type CallWindow } from './window.js';

const SEED = 7;
const CASES = 300;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const MADRID = 'Europe/Madrid'; // forward 2026-03-29 01:00Z, back 2026-10-25 01:00Z
const NEW_YORK = 'America/New_York'; // forward 2026-03-08 07:00Z, back 2026-11-01 06:00Z
const LORD_HOWE = 'Australia/Lord_Howe'; // back half an hour 2026-04-04 15:00Z, forward 2026-10-03 15:30Z

function utc(text: string): number {
  return Date.parse(`${text}Z`);
}

function shown(openings: readonly Opening[]): string[] {
  return openings.map(({ opensAtMs, closesAtMs }) => `${iso(opensAtMs)} to ${iso(closesAtMs)}`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}

function everyDay(...ranges: [string, string][]): CallWindow {
  return Object.fromEntries(WEEKDAYS.map((day) => [day, ranges]));
}

describe('computeOpenings', () => {
  it.each([
    ['an ordinary day', MADRID, [['09:00', '13:00']], '2026-06-07', ['2026-06-07T07:00 to 2026-06-07T11:00']],
    [
      'several ranges a day',
      MADRID,
      [
        ['15:00', '20:00'],
        ['09:00', '13:00'],
      ],
      '2026-06-07',
      ['2026-06-07T07:00 to 2026-06-07T11:00', '2026-06-07T13:00 to 2026-06-07T18:00'],
    ],
    [
      'a range that spans the skipped hour',
      MADRID,
      [['01:00', '04:00']],
      '2026-03-29',
      ['2026-03-29T00:00 to 2026-03-29T02:00'],
    ],
    [
      'a range that starts in the skipped hour',
      MADRID,
      [['02:30', '04:00']],
      '2026-03-29',
      ['2026-03-29T01:00 to 2026-03-29T02:00'],
    ],
    [
      'a range that ends in the skipped hour',
      MADRID,
      [['01:00', '02:30']],
      '2026-03-29',
      ['2026-03-29T00:00 to 2026-03-29T01:00'],
    ],
    ['a range inside the skipped hour', MADRID, [['02:00', '03:00']], '2026-03-29', []],
    [
      'an overnight range into the spring day',
      NEW_YORK,
      [['23:00', '03:30']],
      '2026-03-08',
      ['2026-03-09T03:00 to 2026-03-09T07:30'],
    ],
    ['a New York spring', NEW_YORK, [['02:30', '09:00']], '2026-03-08', ['2026-03-08T07:00 to 2026-03-08T13:00']],
    [
      'a range inside the repeated hour',
      NEW_YORK,
      [['01:15', '01:45']],
      '2026-11-01',
      ['2026-11-01T05:15 to 2026-11-01T05:45', '2026-11-01T06:15 to 2026-11-01T06:45'],
    ],
    ['the whole repeated hour', NEW_YORK, [['01:00', '02:00']], '2026-11-01', ['2026-11-01T05:00 to 2026-11-01T07:00']],
    [
      'a range that ends in the repeated hour',
      MADRID,
      [['01:00', '02:30']],
      '2026-10-25',
      ['2026-10-24T23:00 to 2026-10-25T00:30', '2026-10-25T01:00 to 2026-10-25T01:30'],
    ],
    [
      'a half hour repeated',
      LORD_HOWE,
      [['01:30', '01:45']],
      '2026-04-05',
      ['2026-04-04T14:30 to 2026-04-04T14:45', '2026-04-04T15:00 to 2026-04-04T15:15'],
    ],
    ['a half hour skipped', LORD_HOWE, [['02:15', '02:45']], '2026-10-04', ['2026-10-03T15:30 to 2026-10-03T15:45']],
  ] as [string, string, [string, string][], string, string[]][])(
    'knows %s',
    (_what, timeZone, sunday, day, expected) => {
      const dayMs = utc(`${day}T00:00`);
      const openings = computeOpenings({
        window: { sunday },
        timeZone,
        fromMs: dayMs - 2 * DAY_MS,
        untilMs: dayMs + 2 * DAY_MS,
      });
      expect(shown(openings)).toEqual(expected);
    },
  );

  it('gives an overnight range to the day it starts on', () => {
    const window: CallWindow = { friday: [['22:00', '02:00']] };
    const openings = computeOpenings({
      window,
      timeZone: MADRID,
      fromMs: utc('2026-06-01T00:00'),
      untilMs: utc('2026-06-08T00:00'),
    });
    expect(shown(openings)).toEqual(['2026-06-05T20:00 to 2026-06-06T00:00']);
  });

  it('joins ranges that meet at midnight, also when one of them is overnight', () => {
    const window: CallWindow = {
      friday: [['22:00', '24:00']],
      saturday: [
        ['00:00', '01:00'],
        ['23:00', '03:00'],
      ],
      sunday: [['02:00', '04:00']],
    };
    const openings = computeOpenings({
      window,
      timeZone: 'UTC',
      fromMs: utc('2026-06-01T00:00'),
      untilMs: utc('2026-06-08T00:00'),
    });
    expect(shown(openings)).toEqual(['2026-06-05T22:00 to 2026-06-06T01:00', '2026-06-06T23:00 to 2026-06-07T04:00']);
  });

  it('shows the true start and end of an opening that the interval cuts', () => {
    const openings = computeOpenings({
      window: everyDay(['09:00', '17:00']),
      timeZone: 'UTC',
      fromMs: utc('2026-06-01T12:00'),
      untilMs: utc('2026-06-01T13:00'),
    });
    expect(shown(openings)).toEqual(['2026-06-01T09:00 to 2026-06-01T17:00']);
  });

  it('is half-open: leaves out what closes at the start of the interval and what opens at its end', () => {
    const window = everyDay(['09:00', '10:00']);
    expect(
      computeOpenings({ window, timeZone: 'UTC', fromMs: utc('2026-06-01T10:00'), untilMs: utc('2026-06-02T09:00') }),
    ).toEqual([]);
  });

  it('contains the whole interval when the window never closes', () => {
    const [opening, ...others] = computeOpenings({
      window: everyDay(['00:00', '24:00']),
      timeZone: MADRID,
      fromMs: utc('2026-03-27T10:00'),
      untilMs: utc('2026-04-10T00:00'),
    });
    expect(others).toEqual([]);
    expect(opening?.opensAtMs).toBeLessThan(utc('2026-03-27T10:00'));
    expect(opening?.closesAtMs).toBeGreaterThan(utc('2026-04-10T00:00'));
  });

  it.each([
    ['takes the whole day away', [['09:00', '17:00']], ['2026-06-06'], ['2026-06-05T07:00 to 2026-06-05T15:00']],
    [
      'takes an overnight range away with the day on which it starts, its part after midnight included',
      [['22:00', '02:00']],
      ['2026-06-05'],
      ['2026-06-04T20:00 to 2026-06-05T00:00', '2026-06-06T20:00 to 2026-06-07T00:00'],
    ],
    [
      'leaves what an open day sends into it',
      [['22:00', '02:00']],
      ['2026-06-06'],
      ['2026-06-04T20:00 to 2026-06-05T00:00', '2026-06-05T20:00 to 2026-06-06T00:00'],
    ],
    [
      'cuts a window that never closes at both midnights',
      [['00:00', '24:00']],
      ['2026-06-04', '2026-06-06', '2026-06-07'],
      ['2026-06-04T22:00 to 2026-06-05T22:00'],
    ],
  ] as [string, [string, string][], string[], string[]][])('a blackout date %s', (_what, ranges, dates, expected) => {
    const openings = computeOpenings({
      window: everyDay(...ranges),
      blackoutDates: dates,
      timeZone: MADRID,
      fromMs: utc('2026-06-04T16:00'),
      untilMs: utc('2026-06-07T06:00'),
    });
    expect(shown(openings)).toEqual(expected);
  });

  it('closes a blackout date of 23 or 25 hours from one local midnight to the next', () => {
    for (const [day, expected] of [
      ['2026-03-29', ['2026-03-28T23:00', '2026-03-29T22:00']],
      ['2026-10-25', ['2026-10-24T22:00', '2026-10-25T23:00']],
    ] as const) {
      const [before, after] = computeOpenings({
        window: everyDay(['00:00', '24:00']),
        blackoutDates: [day],
        timeZone: MADRID,
        fromMs: utc(`${day}T00:00`) - DAY_MS,
        untilMs: utc(`${day}T00:00`) + 2 * DAY_MS,
      });
      expect([iso(before!.closesAtMs), iso(after!.opensAtMs)]).toEqual(expected);
    }
  });

  it('closes the public holidays of a country like blackout dates, over the turn of the year', () => {
    const input = { window: everyDay(['09:00', '17:00']), timeZone: 'Europe/Berlin' };
    const openings = computeOpenings({
      ...input,
      holidays: [{ country: 'DE', region: 'BY' }],
      fromMs: utc('2026-12-24T00:00'),
      untilMs: utc('2027-01-08T00:00'),
    });
    expect(openings.map(({ opensAtMs }) => iso(opensAtMs).slice(5, 10))).toEqual([
      '12-24',
      '12-27',
      '12-28',
      '12-29',
      '12-30',
      '12-31',
      '01-02',
      '01-03',
      '01-04',
      '01-05',
      '01-07',
    ]);
  });

  it('throws for a zone that does not exist, rather than calling at the wrong hour', () => {
    expect(() =>
      computeOpenings({ window: everyDay(['09:00', '10:00']), timeZone: 'Europe/Atlantis', fromMs: 0, untilMs: 1 }),
    ).toThrow(RangeError);
  });

  it(`agrees, minute by minute, with the clock that Intl shows, in ${CASES} random windows, zones and days`, () => {
    const random = seededRandom(SEED);
    for (let index = 0; index < CASES; index++) {
      const { window, timeZone, fromMs } = randomCase(random);
      const untilMs = fromMs + DAY_MS;
      const openings = computeOpenings({ window, timeZone, fromMs, untilMs });
      const isOpen = clockOf(timeZone, window);
      for (let atMs = fromMs; atMs < untilMs; atMs += 60_000) {
        const open = openings.some((opening) => opening.opensAtMs <= atMs && atMs < opening.closesAtMs);
        if (open !== isOpen(atMs))
          throw new Error(`${timeZone} ${iso(atMs)} ${JSON.stringify(window)}: open should be ${String(!open)}`);
      }
    }
  });
});

/** The naive oracle: reads the zone's clock and weekday at a minute and looks whether a range contains them. */
function clockOf(timeZone: string, window: CallWindow): (atMs: number) => boolean {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map((part) => [part.type, part.value]));
    const time = `${parts['hour'] ?? ''}:${parts['minute'] ?? ''}`;
    const day = WEEKDAYS.findIndex((weekday) => weekday === parts['weekday']?.toLowerCase());
    const today = window[WEEKDAYS[day] ?? 'monday'] ?? [];
    const yesterday = window[WEEKDAYS[(day + 6) % 7] ?? 'monday'] ?? [];
    return (
      today.some(([start, end]) => (start < end ? start <= time && time < end : start <= time)) ||
      yesterday.some(([start, end]) => end < start && time < end)
    );
  };
}

const ZONES = [
  MADRID,
  NEW_YORK,
  LORD_HOWE,
  'UTC',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/Santiago',
  'Africa/Cairo',
  'Asia/Beirut',
  'America/Havana',
  'Antarctica/Troll',
];
/** Half of the cases fall on a day on which some zone changes its clock. */
const CHANGE_DAYS = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-04',
  '2026-04-05',
  '2026-09-06',
  '2026-09-27',
  '2026-10-03',
  '2026-10-25',
  '2026-11-01',
  '2011-12-30',
  '2026-02-15',
  '2026-03-22',
  '2026-04-24',
  '2026-10-29',
];

function randomCase(random: () => number): { window: CallWindow; timeZone: string; fromMs: number } {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const time = () =>
    `${String(Math.floor(random() * 24)).padStart(2, '0')}:${pick(['00', '10', '15', '30', '45', '59'])}`;
  const window: CallWindow = {};
  for (const day of WEEKDAYS) {
    if (random() < 0.3) continue;
    const ranges = Array.from({ length: 1 + Math.floor(random() * 3) }, (): [string, string] => [
      time(),
      random() < 0.15 ? '24:00' : time(),
    ]);
    window[day] = ranges.filter(([start, end]) => start !== end);
  }
  const dayMs =
    random() < 0.5
      ? utc(`${pick(CHANGE_DAYS)}T00:00`) - 12 * HOUR_MS
      : utc('2026-01-01T00:00') + Math.floor(random() * 730) * DAY_MS;
  return { window, timeZone: pick(ZONES), fromMs: dayMs + Math.floor(random() * 24 * 60) * 60_000 };
}

/** mulberry32: small, seeded, good enough to pick test cases. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
