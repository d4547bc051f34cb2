import { z } from 'zod';
import { countMistakes, toFieldErrors } from './problem.js';

describe('the mistakes of a body', () => {
  it('names as many unknown fields as an answer tells, and counts all of them', () => {
    const body = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]));
    const { error } = z.strictObject({}).safeParse(body);
    expect([toFieldErrors(error!).length, countMistakes(error!)]).toEqual([100, 5_000]);
  });
});
