import { describe, expect, it } from '@jest/globals';
import { readHeaders } from './csv-headers.js';

const messageOf = (headers: string[], ...firstRows: string[][]): string => {
  const read = readHeaders(headers, { hoursIn: 'batch', firstRows });
  return read.ok ? 'read' : read.message;
};

describe('a file without a phone column', () => {
  it.each<[string, string[], string[][], string]>([
    [
      'valid numbers',
      ['First Name', 'Phone 1 - Value'],
      [['Ana', '+1 202-555-0110']],
      "rename column 2 ('Phone 1 - Value')",
    ],
    ['numbers before ids', ['Id', 'Contact'], [['1234567890', '+12025550110']], "rename column 2 ('Contact')"],
    [
      'national numbers below a header that means phone',
      ['Id', 'Mobile'],
      [['1234567890', '202 555 0110']],
      "rename column 2 ('Mobile')",
    ],
    [
      'several',
      ['Home', 'Work'],
      [['+12025550110', '+12025550111']],
      "rename the one to call: column 1 ('Home'), column 2 ('Work')",
    ],
    [
      'some empty cells',
      ['Tel', 'x'],
      [
        ['', 'a'],
        ['+12025550110', 'b'],
        ['', 'c'],
      ],
      "rename column 1 ('Tel')",
    ],
    ['a header with something invisible', ['Te\u200bl', 'x'], [['+12025550110', 'b']], 'zero width space'],
  ])('is told which column has them: %s', (_what, headers, rows, message) => {
    expect(messageOf(headers, ...rows)).toContain(message);
  });

  it.each<[string, string[], string[][]]>([
    [
      'dates',
      ['Day', 'x'],
      [
        ['2026-12-01', 'a'],
        ['01/12/2026', 'b'],
        ['01.12.2026', 'c'],
      ],
    ],
    ['short numbers', ['Age', 'x'], [['42', 'a']]],
    ['text', ['Name', 'x'], [['Ana', 'a']]],
    ['long text', ['Note', 'x'], [['1'.repeat(60_000), 'a']]],
    ['no rows', ['Name', 'x'], []],
  ])('is told of none that has %s', (_what, headers, rows) => {
    expect(messageOf(headers, ...rows)).toBe('The file has no phone_number column');
  });
});
