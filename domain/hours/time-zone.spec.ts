import { readTimeZone, timeZoneSchema } from './time-zone.js';
import { zoneNames } from './zone-names.js';

const messageOf = (text: string): string => {
  const reading = readTimeZone(text);
  return reading.ok ? '' : reading.message;
};

describe('readTimeZone', () => {
  it.each([
    ['Europe/Madrid', 'Europe/Madrid'],
    ['europe/madrid', 'Europe/Madrid'],
    [' AMERICA/PORT-AU-PRINCE ', 'America/Port-au-Prince'],
    ['america/argentina/buenos_aires', 'America/Argentina/Buenos_Aires'],
    ['us/eastern', 'US/Eastern'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['Antarctica/dumontdurville', 'Antarctica/DumontDUrville'],
    ['Australia/act', 'Australia/ACT'],
    ['utc', 'UTC'],
  ])('reads %j as %s', (text, timeZone) => {
    expect([readTimeZone(text), readTimeZone(text)]).toEqual([
      { ok: true, timeZone },
      { ok: true, timeZone },
    ]);
  });

  it.each([
    ['AST', 'AST: America/Halifax or Asia/Riyadh?'],
    ['bst', 'bst: Europe/London or Asia/Dhaka?'],
    ['EST', 'EST: America/New_York?'],
    ['EST5EDT', 'EST5EDT: America/New_York?'],
    ['SystemV/EST5EDT', 'Write the area and city'],
    ['GMT', 'GMT: UTC or Europe/London?'],
    ['Etc/UTC', 'Etc/UTC: UTC?'],
    ['Etc/GMT+5', 'Write the area and city'],
    ['Egypt', 'Egypt: Africa/Cairo?'],
    ['Madrid', 'Madrid: Europe/Madrid?'],
    ['New York', 'New York: America/New_York?'],
    ['Europe/Atlantis', "'Europe/Atlantis'"],
    ['+02:00', 'an offset does not say when its clock changes'],
    ['UTC+2', 'an offset does not say when its clock changes'],
    ['local', 'Write the area and city'],
    ['', 'Write the area and city'],
    ['constructor', 'Write the area and city'],
    ['Europe/Madrid\0', 'Write the area and city'],
    ['/'.repeat(100_000), 'Write the area and city'],
  ])('refuses %j, and says what is likely meant', (text, message) => {
    expect(messageOf(text)).toContain(message);
    expect(messageOf(text).length).toBeLessThan(300);
    expect(timeZoneSchema.safeParse(text).error?.issues[0]?.message).toBe(messageOf(text));
  });

  it('knows every zone that this machine lists, in the same spelling', () => {
    const here = Intl.supportedValuesOf('timeZone').filter((name) => name.includes('/') && !name.startsWith('Etc/'));
    expect(here.filter((name) => zoneNames().get(name.toLowerCase()) !== name)).toEqual([]);
    expect([...zoneNames().values()].filter((name) => !readTimeZone(name).ok)).toEqual([]);
  });
});
