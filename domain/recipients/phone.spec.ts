import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { checkPhone, isPhoneCountry, maskPhone } from './phone.js';

const STRICT = { skipPhoneCheck: false };
const SKIPPED = { skipPhoneCheck: true };

describe('checkPhone', () => {
  it('accepts a clean E.164 number as it is', () => {
    expect(checkPhone('+12025550123', STRICT)).toEqual({
      ok: true,
      phone: '+12025550123',
      country: 'US',
      repaired: false,
      fit: undefined,
      keys: undefined,
    });
  });

  it.each([
    ['spaces', ' +34 612 345 678 ', '+34612345678'],
    ['no-break spaces', '+34\u00a0612\u00a0345\u202f678', '+34612345678'],
    ['dashes', '+1-202-555-0123', '+12025550123'],
    ['typographic dashes', '+1\u2013202\u2013555\u20110123', '+12025550123'],
    ['dots', '+1.202.555.0123', '+12025550123'],
    ['brackets', '+1 (202) 555-0123', '+12025550123'],
    ['square brackets', '+1 [202] 5550123', '+12025550123'],
    ['a leading apostrophe', "'+12025550123", '+12025550123'],
    ['an apostrophe and spaces', " ' +1 202 5550123", '+12025550123'],
    ['00 for +', '0034612345678', '+34612345678'],
    ['00 and spaces', '00 34 612 345 678', '+34612345678'],
    ['a trailing .0', '+12025550123.0', '+12025550123'],
    ['a trailing .00', '+12025550123.00', '+12025550123'],
    ['a trailing ,0', '+12025550123,0', '+12025550123'],
    ['00 and a trailing .0', '0012025550123.0', '+12025550123'],
    ['invisible direction marks', '\u202a+12025550123\u202c', '+12025550123'],
    ['a byte order mark', '\ufeff+12025550123', '+12025550123'],
    ['a trunk zero in brackets', '+44 (0)20 7946 0123', '+442079460123'],
  ])('repairs %s and says so', (_what, raw, phone) => {
    expect(checkPhone(raw, STRICT)).toMatchObject({ ok: true, phone, repaired: true });
  });

  it('takes more than two zeros after a dot for digits of the number', () => {
    expect(checkPhone('+4930123.000', STRICT)).toMatchObject({ ok: true, phone: '+4930123000' });
  });

  it('stores the parsed number, not the text, when a trunk zero was written', () => {
    expect(checkPhone('+4402079460123', STRICT)).toMatchObject({ ok: true, phone: '+442079460123', repaired: true });
  });

  it('keeps the leading zero that belongs to an Italian number', () => {
    expect(checkPhone('+390612345678', STRICT)).toMatchObject({
      ok: true,
      phone: '+390612345678',
      country: 'IT',
      repaired: false,
    });
  });

  it('gives no country to a number of no country', () => {
    expect(checkPhone('+80012345678', STRICT)).toMatchObject({ ok: true, country: null });
  });

  it.each([
    ['', 'phone_empty'],
    ['  \t', 'phone_empty'],
    ['1.2E+10', 'phone_lost_digits'],
    ['1,20256E+10', 'phone_lost_digits'],
    ["'3.46E10", 'phone_lost_digits'],
    ['12a', 'phone_not_digits'],
    ['call +12025550123 now', 'phone_not_digits'],
    ['+12025550123 ext. 5', 'phone_extension'],
    ['++12025550123', 'phone_not_digits'],
    ['1202+5550123', 'phone_not_digits'],
    ['+1202555\u00000123', 'phone_not_digits'],
    ['+', 'phone_not_digits'],
    ['+12025', 'phone_too_short'],
    [`+${'1'.repeat(33)}`, 'phone_too_long'],
    ['12025550123', 'phone_without_country_code'],
    ['612 345 678', 'phone_without_country_code'],
    ['+15555550100', 'phone_invalid'],
    ['+9991234567', 'phone_invalid'],
    ['+120255501234', 'phone_invalid'],
    ['00000000', 'phone_invalid'],
  ])('rejects %j with %s', (raw, code) => {
    expect(checkPhone(raw, STRICT)).toMatchObject({ ok: false, code });
  });

  it('says what is wrong and what to write instead', () => {
    expect(checkPhone('12a', STRICT)).toMatchObject({
      message: "phone '12a' is not a phone number; expected like +12025550123",
    });
    expect(checkPhone('12025550123', STRICT)).toMatchObject({
      message:
        "phone '12025550123' has no + and country code; write +12025550123 if that is meant, or import with a default country",
    });
    expect(checkPhone('1.2E+10', STRICT)).toMatchObject({ message: expect.stringContaining('dropped digits') });
  });

  it('does not repeat a long text in full', () => {
    const check = checkPhone('x'.repeat(5000), STRICT);
    expect(check).toMatchObject({ ok: false, message: expect.stringMatching(/^.{1,120}$/) });
  });

  describe('with a default country', () => {
    it.each([
      ['612 345 678', 'ES', '+34612345678'],
      ['34612345678', 'ES', '+34612345678'],
      ['(202) 555-0123', 'US', '+12025550123'],
      ['020 7946 0123', 'GB', '+442079460123'],
      ['12025550123.0', 'US', '+12025550123'],
    ])('reads %j in %s and shows it as repaired', (raw, defaultCountry, phone) => {
      expect(checkPhone(raw, { ...STRICT, defaultCountry })).toMatchObject({
        ok: true,
        phone,
        country: defaultCountry,
        repaired: true,
      });
    });

    it('leaves a number with + in its own country', () => {
      expect(checkPhone('+442079460123', { ...STRICT, defaultCountry: 'ES' })).toMatchObject({
        country: 'GB',
        repaired: false,
      });
    });

    it('rejects a number that does not exist there, naming the country', () => {
      const check = checkPhone('1234567', { ...STRICT, defaultCountry: 'ES' });
      expect(check).toMatchObject({ ok: false, code: 'phone_invalid', message: expect.stringContaining('ES') });
    });

    it('knows the countries that can be a default', () => {
      expect(['ES', 'US', 'es', 'XX', '__proto__'].map(isPhoneCountry)).toEqual([true, true, false, false, false]);
    });
  });

  describe('with the skip flag', () => {
    it.each([
      ['+15555550100', '+15555550100', false],
      ['5555550100', '5555550100', false],
      ['(555) 555-0100', '5555550100', true],
      ["'0034612345678", '0034612345678', true],
      ['1234567.0', '1234567', true],
    ])('dials the digits of %j as written: %s', (raw, phone, repaired) => {
      expect(checkPhone(raw, SKIPPED)).toEqual({ ok: true, phone, country: null, repaired });
    });

    it.each([
      ['', 'phone_empty'],
      ['123456', 'phone_too_short'],
      ['12a4567', 'phone_not_digits'],
      ['1.2E+10', 'phone_lost_digits'],
    ])('still rejects %j with %s', (raw, code) => {
      expect(checkPhone(raw, SKIPPED)).toMatchObject({ ok: false, code });
    });

    it('allows a short extension where the account does', () => {
      expect(checkPhone('123', { ...SKIPPED, minDigits: 3 })).toMatchObject({ ok: true, phone: '123' });
      expect(checkPhone('12', { ...SKIPPED, minDigits: 3 })).toMatchObject({ ok: false, code: 'phone_too_short' });
    });
  });

  it('checks clean numbers several times faster than the library, where a large import spends its time', () => {
    const numbers = Array.from({ length: 10_000 }, (_, i) => `+1202555${String(i).padStart(4, '0')}`);
    const ours = () => numbers.forEach((number) => checkPhone(number, STRICT));
    const library = () =>
      numbers.forEach((number) => parsePhoneNumberFromString(number, { extract: false })?.isValid());
    for (const warmUp of [ours, library]) warmUp();
    expect(elapsedMs(library) / elapsedMs(ours)).toBeGreaterThan(4);
  });
});

describe('maskPhone', () => {
  it.each([
    ['+12025551234', '+1•••••••1234'],
    ['+34612345678', '+34•••••••5678'],
    ['+35850123456', '+358•••••••3456'],
    ['+6834000', '+683•••••••'],
    ['+37612345', '+376•••••••45'],
    ['5555550100', '5•••••••0100'],
    ['1234567', '1•••••••67'],
    ['123', '1•••••••'],
    ['', '•••••••'],
  ])('shows %s as %s', (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });
});

function elapsedMs(run: () => void): number {
  const started = performance.now();
  run();
  return performance.now() - started;
}
