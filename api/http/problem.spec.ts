import { z } from 'zod';
import { NoTurnError } from '../../platform/turns.js';
import { countMistakes, toApiError, toFieldErrors } from './problem.js';

it('says when to come again to who got no turn', () => {
  const { code, headers } = toApiError(new NoTurnError('no turn'));
  expect([code, headers]).toEqual(['too_many_requests', { 'Retry-After': '1' }]);
});

describe('the mistakes of a body', () => {
  it('names as many unknown fields as an answer tells, and counts all of them', () => {
    const body = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]));
    const { error } = z.strictObject({}).safeParse(body);
    expect([toFieldErrors(error!).length, countMistakes(error!)]).toEqual([100, 5_000]);
  });
});
