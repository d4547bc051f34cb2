import { describe, expect, it } from '@jest/globals';
import { separatorOf } from './check-file.js';

describe('the separator of a CSV', () => {
  it.each([
    ['a,b,c\n1;2;3;4;5;6', ','],
    ['a;b\n', ';'],
    ['a\tb', '\t'],
    ['"a;b;c",d\n', ','],
    ['"x\n;;;",a', ','],
    ['phone_number', ','],
    ['', ','],
  ])('of %j is %j', (text, separator) => {
    expect(separatorOf(text)).toBe(separator);
  });
});
