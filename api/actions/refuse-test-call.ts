import type { TestCallAnswer } from '../../store/calls/test-call.js';
import { ApiError } from '../http/errors.js';

/** Why nobody was called, and when a call may be asked for again. */
export function testCallRefusal(refused: Exclude<TestCallAnswer, { is: 'made' }>): ApiError {
  if (refused.is === 'too-many') {
    const waitS = Math.ceil(refused.waitMs / 1000);
    const message = `This workspace has made as many test calls as it may in a minute. The next may be made in ${waitS} s. Call many people by a batch.`;
    return new ApiError('too_many_test_calls', message, { headers: { 'Retry-After': String(waitS) } });
  }
  if (refused.is === 'overtaken')
    return new ApiError(
      'settings_changed',
      'The rule packs of the workspace are being changed at this moment. Nobody was called. Try again.',
    );
  const { reasons, zones, source, nextMs } = refused.hours;
  if (zones.length === 0)
    return new ApiError(
      'place_unknown',
      `Nobody knows where this number is (${source}), so nobody knows its lawful hours. Call a number of a known country.`,
      { members: { nextAt: null } },
    );
  const nextAt = nextMs === null ? null : new Date(nextMs).toISOString();
  const message = `${reasons[0]?.message ?? 'The lawful hours do not allow it.'} Nobody was called. A call is allowed ${nextAt ? `at ${nextAt}` : 'at no time in the next 400 days'}.`;
  return new ApiError('outside_lawful_hours', message, { members: { nextAt } });
}
