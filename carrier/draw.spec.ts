import { draw, exponential, pickByWeight } from './draw.js';

const DRAWS = Array.from({ length: 20_000 }, (_, index) =>
  draw('seed', 'outcome', `+1202555${String(index).padStart(5, '0')}`, 0),
);

describe('draw', () => {
  it('gives the same key the same number, and another seed, number or ordinal another', () => {
    expect(draw('a', '+12025550123', 0)).toBe(draw('a', '+12025550123', 0));
    expect(
      new Set([
        draw('a', '+12025550123', 0),
        draw('b', '+12025550123', 0),
        draw('a', '+12025550124', 0),
        draw('a', '+12025550123', 1),
      ]).size,
    ).toBe(4);
  });

  it('tells keys apart by their parts, not by their text', () => {
    expect(draw('a', 'bc')).not.toBe(draw('ab', 'c'));
  });

  it('spreads consecutive numbers evenly', () => {
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = DRAWS.filter((drawn) => Math.floor(drawn * 10) === tenth).length / DRAWS.length;
      expect(share).toBeGreaterThan(0.09);
      expect(share).toBeLessThan(0.11);
    }
  });
});

describe('exponential', () => {
  it('has the mean that was asked for, and is never endless', () => {
    const mean = DRAWS.reduce((sum, drawn) => sum + exponential(drawn, 1_000), 0) / DRAWS.length;
    expect(Math.abs(mean - 1_000)).toBeLessThan(30);
    expect(exponential(1 - 2 ** -32, 1_000)).toBeLessThan(25_000);
  });
});

describe('pickByWeight', () => {
  it('picks in proportion and never what has no weight', () => {
    expect([0, 0.24, 0.25, 0.99].map((drawn) => pickByWeight(drawn, { a: 1, never: 0, b: 3 }))).toEqual([
      'a',
      'a',
      'b',
      'b',
    ]);
  });

  it('refuses when nothing can be picked', () => {
    expect(() => pickByWeight(0.5, { a: 0 })).toThrow(RangeError);
  });
});
