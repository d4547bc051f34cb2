import { describe, expect, it } from '@jest/globals';
import { shapeOf } from './csv-shape.js';

const shape = (text: string) => shapeOf(text, { isWhole: true, rowBytesMax: 65_536 });

describe('the separator of a CSV', () => {
  it.each([
    ['phone_number,b,c\n1;2;3;4;5;6', ','],
    ['phone_number;b\n', ';'],
    ['phone_number\tb', '\t'],
    ['phone_number|b', '|'],
    ['"a;b;c",phone_number\n', ','],
    ['"x\n;;;",a', ','],
    ['phone_number', ','],
    ['', ','],
    ['phone_number;What is your name, age, and city?;Plan\n+12025550110;Ana, 30, Rome;Pro\n', ';'],
    ['a, b, c and d;phone_number\n1, 2;+12025550110\n', ';'],
    ['phone_number;a,b,c,d,e\n+12025550110;x\n', ';'],
    ['a;b, c\n1;x\n2;y\n', ';'],
    ['a,b;c\n1,x\n2,y;z\n3,q\n', ','],
    ['a|b;c\n1|x;y\n2|z\n', '|'],
    ['First;Tel, home\n"Lima; Ana";1, 2\n', ';'],
  ])('of %j is %j', (text, separator) => {
    expect(shape(text).delimiter).toBe(separator);
  });

  it.each([
    ['sep=;\r\nphone_number;name, age\n', ';'],
    ['\ufeffsep=;\nphone_number,x;y\n', ';'],
    ['SEP=|\nphone_number|x\n', '|'],
    ['"sep=;"\nphone_number;x\n', ';'],
    ['sep=;,,\nphone_number;x\n', ';'],
    ['sep=\t\nphone_number\tx\n', '\t'],
    ['sep=^\rphone_number^x\r', '^'],
  ])('is what the first line says: %j', (text, delimiter) => {
    expect(shape(text)).toMatchObject({
      delimiter,
      hasSeparatorLine: true,
      headers: [expect.stringContaining('phone'), expect.anything()],
    });
  });

  it.each(['sep=a\nb\n', 'separator;x\n', 'sep=;'])('is not told by %j', (text) => {
    expect(shape(text).hasSeparatorLine).toBe(false);
  });

  it('is looked for in whole rows only, when the file goes on', () => {
    const part = shapeOf('phone_number;b\n1;2\n3,4', { isWhole: false, rowBytesMax: 65_536 });
    expect(part.firstRows).toEqual([['1', '2']]);
  });
});
