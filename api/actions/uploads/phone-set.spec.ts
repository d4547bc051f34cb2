import { describe, expect, it } from '@jest/globals';
import { PhoneSet } from './phone-set.js';

describe('a set of phone numbers', () => {
  it('knows what was added, and nothing else, through every growth', () => {
    const phones = new PhoneSet();
    const all = Array.from({ length: 5_000 }, (_, index) => `+1202555${index}`);
    expect(all.map((phone) => phones.add(phone)).includes(true)).toBe(false);
    expect(all.map((phone) => phones.add(phone)).includes(false)).toBe(false);
  });

  it('takes 300,000 numbers that follow one another in about the time of as many others', () => {
    const fill = (step: number): number => {
      const phones = new PhoneSet();
      const startedMs = performance.now();
      for (let index = 0; index < 300_000; index++) phones.add(`+1${2_000_000_000 + ((index * step) % 7_999_999_993)}`);
      return performance.now() - startedMs;
    };
    fill(1);
    expect(fill(1)).toBeLessThan(5 * fill(999_983) + 100);
  });

  it('tells apart what differs in a plus, a leading zero or the last of 15 digits', () => {
    const phones = new PhoneSet();
    const different = [
      '+0000000',
      '+123',
      '123',
      '0123',
      '00123',
      '+999999999999999',
      '+999999999999998',
      '999999999999999',
      '2123',
      '1123',
    ];
    const digits = '9'.repeat(31);
    different.push(`+${digits}0`, `+${digits}1`, `${digits}0`, 'acc-1/123', 'acc-2/123', 'acc-1/124');
    expect(different.map((phone) => phones.add(phone))).toEqual(different.map(() => false));
    expect(different.map((phone) => phones.add(phone))).toEqual(different.map(() => true));
  });
});
