import {
  ALWAYS,
  BLACKOUT_DATES_MAX,
  blackoutDatesSchema,
  RANGES_PER_DAY_MAX,
  rangesOf,
  windowSchema,
} from './window.js';

describe('windowSchema', () => {
  it.each([
    ['one range', { monday: [['09:00', '13:00']] }],
    [
      'several ranges a day, in any order',
      {
        monday: [
          ['15:00', '20:00'],
          ['09:00', '13:00'],
        ],
      },
    ],
    [
      'ranges that touch',
      {
        monday: [
          ['09:00', '13:00'],
          ['13:00', '20:00'],
        ],
      },
    ],
    ['a whole day', { sunday: [['00:00', '24:00']] }],
    ['an overnight range', { friday: [['22:00', '02:00']] }],
    ['a range that ends at midnight, written 00:00', { friday: [['22:00', '00:00']] }],
    [
      'an overnight range beside a morning one',
      {
        friday: [
          ['22:00', '02:00'],
          ['08:00', '09:00'],
        ],
      },
    ],
    [
      'an overnight range that runs into the next day’s',
      { friday: [['22:00', '02:00']], saturday: [['01:00', '05:00']] },
    ],
    ['an empty day beside one that is not', { monday: [], tuesday: [['09:00', '10:00']] }],
  ])('accepts %s', (_what, window) => {
    expect(windowSchema.parse(window)).toEqual(window);
  });

  it.each([
    ['no days', {}, 'at least one range'],
    ['only empty days', { monday: [] }, 'at least one range'],
    ['an end equal to its start', { monday: [['09:00', '09:00']] }, 'must not end when it starts'],
    ['midnight to midnight', { monday: [['00:00', '00:00']] }, '00:00 to 24:00'],
    [
      'overlapping ranges',
      {
        monday: [
          ['12:00', '15:00'],
          ['09:00', '13:00'],
        ],
      },
      '09:00-13:00 and 12:00-15:00 overlap',
    ],
    [
      'the same range twice',
      {
        monday: [
          ['09:00', '13:00'],
          ['09:00', '13:00'],
        ],
      },
      'overlap',
    ],
    [
      'a range inside the evening of an overnight one',
      {
        monday: [
          ['22:00', '02:00'],
          ['23:00', '24:00'],
        ],
      },
      'overlap',
    ],
    ['a start of 24:00', { monday: [['24:00', '02:00']] }, 'starts at a time'],
    ['a time without a leading zero', { monday: [['9:00', '13:00']] }, 'written HH:MM'],
    ['seconds', { monday: [['09:00:00', '13:00']] }, 'written HH:MM'],
    ['an impossible end', { monday: [['09:00', '24:01']] }, 'ends at a time'],
    ['an unknown day', { mon: [['09:00', '13:00']], tuesday: [['09:00', '13:00']] }, '"mon"'],
    [
      'too many ranges',
      { monday: Array.from({ length: RANGES_PER_DAY_MAX + 1 }, () => ['09:00', '10:00']) },
      'at most 24',
    ],
  ])('rejects %s and says why', (_what, window, message) => {
    const result = windowSchema.safeParse(window);
    expect(result.success).toBe(false);
    expect(result.error?.issues.map((issue) => issue.message).join('; ')).toContain(message);
  });
});

describe('rangesOf', () => {
  it('counts minutes from the start day’s midnight, past 24 hours for an overnight range', () => {
    const window = windowSchema.parse({ friday: [['22:00', '02:00']], sunday: [['23:00', '24:00']] });
    expect(rangesOf(window, 5)).toEqual([{ startMinute: 1320, endMinute: 1560 }]);
    expect(rangesOf(window, 7)).toEqual([{ startMinute: 1380, endMinute: 1440 }]);
    expect(rangesOf(window, 1)).toEqual([]);
  });
});

describe('blackoutDatesSchema', () => {
  it('accepts dates that exist, leap days included', () => {
    expect(blackoutDatesSchema.parse(['2026-12-24', '2028-02-29'])).toEqual(['2026-12-24', '2028-02-29']);
    expect(blackoutDatesSchema.parse([])).toEqual([]);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-1-1', '20261224', '2026-12-24T00:00:00Z', '24.12.2026', '', '0000-00-00'])(
    'rejects %j and says how a date is written',
    (date) => {
      expect(blackoutDatesSchema.safeParse([date]).error?.issues[0]?.message).toContain('YYYY-MM-DD');
    },
  );

  it('has a bound', () => {
    const dates = Array.from({ length: BLACKOUT_DATES_MAX + 1 }, () => '2026-12-24');
    expect(blackoutDatesSchema.safeParse(dates).error?.issues[0]?.message).toContain(String(BLACKOUT_DATES_MAX));
  });
});

it('the window of every minute is a right one', () => {
  expect(windowSchema.parse(ALWAYS)).toEqual(ALWAYS);
});
