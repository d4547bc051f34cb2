import { describe, expect, it } from '@jest/globals';
import { checkSuppressedPhone, checkSuppressionRow, readSuppressionHeaders } from './suppression-rows.js';

describe('a number to suppress', () => {
  it.each([
    ['+12025550123', '+12025550123', true],
    ['+1 (202) 555-0123', '+12025550123', true],
    ['0012025550123', '+12025550123', true],
    ['+44 020 7946 0958', '+442079460958', true],
    ['0-123', '0123', false],
    ['123', '123', false],
    ['+15555550100', '+15555550100', false],
  ])('%s is kept as %s, like that of a recipient', (raw, phone, isE164) => {
    expect(checkSuppressedPhone(raw)).toEqual({ ok: true, phone, key: phone, isE164 });
  });

  it.each([
    ['0151 23913812', 'DE', '+4915123913812'],
    ['2025550123', 'US', '+12025550123'],
    ['51234', 'FK', '+50051234'],
  ])('%s in national form is taken in its country, %s', (raw, defaultCountry, phone) => {
    expect(checkSuppressedPhone(raw, { defaultCountry })).toEqual({ ok: true, phone, key: phone, isE164: true });
  });

  it('is known by its digits where it is no valid number, with + or 00', () => {
    expect(['+15555550100', '0015555550100'].map((raw) => checkSuppressedPhone(raw))).toEqual([
      expect.objectContaining({ key: '+15555550100', isE164: false }),
      expect.objectContaining({ key: '+15555550100', isE164: false }),
    ]);
  });

  it('is refused where it would protect nobody: in national form without a country, or when two are possible', () => {
    expect(checkSuppressedPhone('2025550123')).toMatchObject({ ok: false, code: 'phone_without_country_code' });
    expect(checkSuppressedPhone('1234567', { defaultCountry: 'ES' })).toMatchObject({
      ok: false,
      code: 'phone_invalid',
    });
    const ambiguous = checkSuppressedPhone('4915123913811', { defaultCountry: 'DE' });
    expect(ambiguous).toMatchObject({ ok: false, code: 'phone_ambiguous' });
  });

  it('may be one of a costly type: not to call it is free', () => {
    expect(checkSuppressedPhone('+19005550123')).toMatchObject({ ok: true, isE164: true });
  });

  it.each([
    ['', 'phone_empty'],
    ['12', 'phone_too_short'],
    ['12a4', 'phone_not_digits'],
    ['1.2E+10', 'phone_lost_digits'],
    ['1'.repeat(33), 'phone_too_long'],
    ['123\0', 'text_broken'],
  ])('%j is refused with the code %s', (raw, code) => {
    expect(checkSuppressedPhone(raw)).toMatchObject({ ok: false, code });
  });
});

describe('the headers of a suppression file', () => {
  it.each([
    [['phone_number'], { count: 1, phone: 0, reason: null }],
    [['\ufeffReason', 'city', 'Phone Number'], { count: 3, phone: 2, reason: 0 }],
    [['name', 'phoneNumber', ' REASON '], { count: 3, phone: 1, reason: 2 }],
  ])('%j are understood, whatever else the file holds', (cells, columns) => {
    expect(readSuppressionHeaders(cells, { columnsMax: 10 })).toEqual({ ok: true, columns });
  });

  it.each([
    [['reason'], 'no_phone_column'],
    [['phone_number', 'phoneNumber'], 'duplicate_column'],
    [['phone_number', 'reason', 'Reason'], 'duplicate_column'],
    [['phone_number', 'a', 'b', 'c'], 'too_many_columns'],
  ])('%j are refused with the code %s', (cells, code) => {
    expect(readSuppressionHeaders(cells, { columnsMax: 3 })).toMatchObject({ ok: false, code });
  });
});

describe('a row of a suppression file', () => {
  const columns = { count: 2, phone: 0, reason: 1 };

  it('has a number and, if it tells one, a reason', () => {
    const isE164 = true;
    expect(checkSuppressionRow(columns, ['+12025550123', ' asked us to '])).toEqual({
      ok: true,
      phone: '+12025550123',
      key: '+12025550123',
      reason: 'asked us to',
      isE164,
    });
    expect(checkSuppressionRow(columns, ['+12025550123'])).toMatchObject({ ok: true, reason: null });
    expect(checkSuppressionRow({ count: 1, phone: 0, reason: null }, ['+12025550123', ''])).toMatchObject({
      ok: true,
      reason: null,
    });
  });

  it.each([
    [['', 'x'], 'phone is empty'],
    [['+12025550123', 'a', 'b'], '3 cells for 2 headers'],
    [['+12025550123', 'x'.repeat(201)], 'more than 200 characters'],
    [['+12025550123', 'a\ud800'], 'reason contains a NUL byte or a broken character'],
  ])('%j is rejected, and says why', (cells, message) => {
    expect(checkSuppressionRow(columns, cells)).toEqual({ ok: false, message: expect.stringContaining(message) });
  });
});
