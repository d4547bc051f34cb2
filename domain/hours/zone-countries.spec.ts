import { COUNTRY_ZONES } from './country-zones.js';
import { readTimeZone } from './time-zone.js';
import { mayLieIn, zonesOfCountry } from './zone-countries.js';

const YEARS = [2026, 2027];
const SAMPLE_MS = 6 * 3_600_000;

function clockOf(timeZone: string): string {
  const clock = new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  let shown = '';
  for (const year of YEARS)
    for (let atMs = Date.UTC(year, 0, 1); atMs < Date.UTC(year + 1, 0, 1); atMs += SAMPLE_MS)
      shown += clock.format(atMs);
  return shown;
}

describe('zonesOfCountry', () => {
  it('gives one zone for each clock of a country', () => {
    expect(zonesOfCountry('US').sort()).toEqual([
      'America/Adak',
      'America/Anchorage',
      'America/Chicago',
      'America/Denver',
      'America/Los_Angeles',
      'America/New_York',
      'America/Phoenix',
      'Pacific/Honolulu',
    ]);
    expect(zonesOfCountry('IN')).toEqual(['Asia/Kolkata']);
  });

  it('knows none for what is no country', () => {
    expect([zonesOfCountry('XX'), zonesOfCountry(''), zonesOfCountry('toString')]).toEqual([[], [], []]);
  });

  it('leaves out no zone whose clock differs, by the zone data of this machine', () => {
    for (const [country, groups] of Object.entries(COUNTRY_ZONES)) {
      for (const group of groups.split('|')) {
        const zones = group.split(' ');
        expect([country, zones.filter((zone) => !readTimeZone(zone).ok)]).toEqual([country, []]);
        if (zones.length > 1) expect([group, new Set(zones.map(clockOf)).size]).toEqual([group, 1]);
      }
    }
  });
});

describe('mayLieIn', () => {
  it.each([
    ['America/New_York', true],
    ['US/Eastern', true],
    ['America/Indianapolis', true],
    ['America/Indiana/Indianapolis', true],
    ['America/Toronto', false],
    ['Europe/Madrid', false],
    ['Asia/Kolkata', false],
    ['Asia/Calcutta', false],
    ['America/Puerto_Rico', false],
  ])('%s in the United States: %s', (zone, expected) => {
    expect(mayLieIn(zone, ['US'])).toBe(expected);
  });

  it('lets a zone of no country lie in every one', () => {
    expect(['UTC', 'Etc/GMT+5', 'EST5EDT'].map((zone) => mayLieIn(zone, ['US']))).toEqual([true, true, true]);
  });
});
