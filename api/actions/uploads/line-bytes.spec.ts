import { describe, expect, it } from '@jest/globals';
import { LineBytes } from './line-bytes.js';

const textOf = (pieces: Buffer[]): string => Buffer.concat(pieces).toString('utf8');

describe('lines as bytes', () => {
  it('are the lines in their order, of one byte or four a character, short or longer than a piece', () => {
    const kinds = ['a', 'é', '漢', '🙂'];
    const lines = Array.from({ length: 3_000 }, (_, at) => `${at} ${(kinds[at % 4] ?? '').repeat(at % 97)}\n`);
    lines.splice(1_500, 0, `${'漢'.repeat(100_000)}\n`);
    const bytes = new LineBytes();
    for (const line of lines) bytes.add(line);
    expect(textOf(bytes.take())).toBe(lines.join(''));
  });

  it('that were taken are not taken again, and stay what they were while others come', () => {
    const bytes = new LineBytes();
    const taken = Array.from({ length: 2_000 }, (_, at) => {
      bytes.add(`${at} ${'x'.repeat(100)}\n`);
      return bytes.take();
    });
    expect(taken.map(textOf)).toEqual(taken.map((_, at) => `${at} ${'x'.repeat(100)}\n`));
    expect(textOf(bytes.take())).toBe('');
  });
});
