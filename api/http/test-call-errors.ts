import type { ErrorRule } from './error-rule.js';

/** Why a test call is not made: a part of the one table. */
export const TEST_CALL_ERRORS = {
  outside_lawful_hours: {
    status: 422,
    title: 'The lawful hours do not allow the call now',
    retryable: false,
    advice: 'Call at `nextAt` or later. An admin may send ignoreLawfulHours: true, which is kept with who did it.',
  },
  place_unknown: {
    status: 422,
    title: 'Nobody knows where the number is',
    retryable: false,
    advice:
      'Call a number whose country is known. An admin may send ignoreLawfulHours: true, which is kept with who did it.',
  },
  too_many_test_calls: {
    status: 429,
    title: 'Too many test calls in a minute',
    retryable: true,
    advice: 'Wait as long as Retry-After says. Many people are called by a batch: POST /v1/batches.',
  },
} as const satisfies Record<string, ErrorRule>;
