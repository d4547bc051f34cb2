import { HOLIDAY_CALENDARS_MAX, holidaysSchema, publicHolidays, type HolidayCalendar } from './holidays.js';

const datesOf = (calendar: HolidayCalendar, year: number) => publicHolidays(calendar, year).map(({ date }) => date);

describe('publicHolidays', () => {
  it('knows the days that the law of a country names, and no school holidays or observances', () => {
    expect(datesOf({ country: 'US' }, 2027)).toEqual(
      expect.arrayContaining(['2027-01-18', '2027-02-15', '2027-05-31', '2027-07-05', '2027-09-06', '2027-11-25']),
    );
    expect(datesOf({ country: 'US' }, 2027)).not.toContain('2027-02-14');
  });

  it('counts the substitute day and the day itself', () => {
    expect(datesOf({ country: 'GB', region: 'ENG' }, 2027)).toEqual(
      expect.arrayContaining(['2027-12-25', '2027-12-26', '2027-12-27', '2027-12-28']),
    );
  });

  it('knows what only a region keeps, and what only a part of one does', () => {
    expect(datesOf({ country: 'DE' }, 2027)).not.toContain('2027-01-06');
    expect(datesOf({ country: 'DE', region: 'BY' }, 2027)).toContain('2027-01-06');
    expect(datesOf({ country: 'DE', region: 'BY' }, 2027)).not.toContain('2027-08-08');
    expect(datesOf({ country: 'DE', region: 'BY.A' }, 2027)).toContain('2027-08-08');
  });

  it('counts each day of one that lasts several, from the day after the sunset at which it begins', () => {
    const eid = publicHolidays({ country: 'AE' }, 2027).filter(({ name }) => name.includes('Fitr'));
    expect(eid.map(({ date }) => date)).toEqual(['2027-03-09', '2027-03-10', '2027-03-11']);
  });

  it('counts one that lasts half a day as a day', () => {
    expect(datesOf({ country: 'CN' }, 2027).filter((date) => date.startsWith('2027-03-0'))).toEqual(['2027-03-08']);
  });

  it('gives names in English where there is one', () => {
    expect(publicHolidays({ country: 'ES' }, 2027)[0]).toEqual({ date: '2027-01-01', name: "New Year's Day" });
  });

  it('computes a year once', () => {
    expect(publicHolidays({ country: 'JP' }, 2027)).toBe(publicHolidays({ country: 'JP' }, 2027));
  });
});

describe('holidaysSchema', () => {
  it('accepts a country, a region and a part of one', () => {
    const calendars = [{ country: 'ES' }, { country: 'US', region: 'CA' }, { country: 'DE', region: 'BY.A' }];
    expect(holidaysSchema.parse(calendars)).toEqual(calendars);
  });

  it.each([
    [{ country: 'XX' }, 'country', "country 'XX'"],
    [{ country: 'de' }, 'country', 'in capitals'],
    [{ country: 'toString' }, 'country', 'no holidays are known'],
    [{ country: 'DE', region: 'XX' }, 'region', 'one of'],
    [{ country: 'DE', region: 'BY.XX' }, 'region', "'BY.XX' is not known"],
    [{ country: 'DE', region: 'BY.A.B' }, 'region', "'BY.A.B' is not known"],
    [{ country: 'ES', region: '' }, 'region', 'one of'],
    [{ country: 'GI', region: 'X' }, 'region', 'leave it out'],
  ])('rejects %j and says what is known', (calendar, field, message) => {
    const issue = holidaysSchema.safeParse([calendar]).error?.issues[0];
    expect(issue?.path).toEqual([0, field]);
    expect(issue?.message).toContain(message);
  });

  it('has a bound', () => {
    const calendars = Array.from({ length: HOLIDAY_CALENDARS_MAX + 1 }, () => ({ country: 'ES' }));
    expect(holidaysSchema.safeParse(calendars).success).toBe(false);
  });
});
