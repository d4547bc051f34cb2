import examples from 'libphonenumber-js/examples.mobile.json';
import { getCountryCallingCode, type CountryCode } from 'libphonenumber-js/max';
import { zonesOfNumber } from './number-zones.js';
import { readTimeZone } from './time-zone.js';

const NUMBERS = 100_000;

describe('zonesOfNumber', () => {
  it.each([
    ['one zone', '+12125550123', ['America/New_York']],
    ['two zones', '+18502220123', ['America/Chicago', 'America/New_York']],
    ['two zones, in an overlay of which the data knows one', '+14482220123', ['America/Chicago', 'America/New_York']],
    ['the zone of Saskatchewan, in an overlay that the data gets wrong', '+14742220123', ['America/Regina']],
    ['one offset in winter and two in summer', '+19285550123', ['America/Denver', 'America/Phoenix']],
    ['three zones', '+17095550123', ['America/Halifax', 'America/Puerto_Rico', 'America/St_Johns']],
    ['another country of the same plan', '+12425550123', ['America/Nassau']],
  ])('finds the zones of a North American area code: %s', (_what, phone, zones) => {
    expect(zonesOfNumber(phone)).toMatchObject({ zones, confidence: 'number' });
    expect(zonesOfNumber(phone).source).toBe(`area code ${phone.slice(2, 5)}`);
  });

  it.each([
    ['a toll-free number', '+18005550199', 'US', 8],
    ['an Australian mobile', '+61412345678', 'AU', 7],
    ['a Queensland landline, which the public data places in Sydney', '+61731234567', 'AU', 7],
    ['a Spanish number, which may ring on the Canaries', '+34612345678', 'ES', 2],
    ['a Brazilian mobile', '+5511987654321', 'BR', 4],
  ])('takes all zones of the country for %s', (_what, phone, country, count) => {
    const { zones, confidence, source } = zonesOfNumber(phone);
    expect([zones.length, confidence, source]).toEqual([count, 'country', `all zones of ${country}`]);
  });

  it('takes the one zone of a country that has one', () => {
    expect(zonesOfNumber('+4930123456')).toEqual({
      zones: ['Europe/Berlin'],
      confidence: 'country',
      source: 'country DE',
    });
  });

  it.each([
    ['a number of no country', '+80012345678'],
    ['digits without a country code', '2025550123'],
    ['an extension', '101'],
    ['an unknown country code', '+999123456'],
    ['a number that no country of its code has', '+6100000000'],
    ['nothing', ''],
  ])('knows no zone for %s', (_what, phone) => {
    expect(zonesOfNumber(phone)).toMatchObject({ zones: [], confidence: 'unknown' });
  });

  it('finds sorted zones that exist for a mobile of every country', () => {
    for (const [country, national] of Object.entries(examples as Record<string, string>)) {
      const { zones } = zonesOfNumber(`+${getCountryCallingCode(country as CountryCode)}${national}`);
      expect([country, zones.length > 0 && zones.every((zone) => readTimeZone(zone).ok)]).toEqual([country, true]);
      expect(zones).toEqual([...zones].sort());
    }
  });

  it(`takes microseconds each, so that a million rows take seconds`, () => {
    zonesOfNumber('+12125550123');
    const startedMs = performance.now();
    for (let i = 0; i < NUMBERS; i++) zonesOfNumber(i % 2 ? `+61412${100_000 + i}` : `+1212${2_000_000 + i}`);
    expect((performance.now() - startedMs) / NUMBERS).toBeLessThan(0.02);
  });
});
