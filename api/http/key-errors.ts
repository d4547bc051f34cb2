import type { ErrorRule } from './error-rule.js';

/** What may be wrong with a change of an API key. */
export const KEY_ERRORS = {
  key_is_over: {
    status: 409,
    title: 'The API key is revoked or has expired',
    retryable: false,
    advice: 'Make a new one: POST /v1/api-keys.',
  },
  key_was_rolled: {
    status: 409,
    title: 'Another API key took over already',
    retryable: false,
    advice: 'Roll the key that `successorId` names.',
  },
  last_admin_key: {
    status: 409,
    title: 'It is the last admin key that does not expire',
    retryable: false,
    advice: 'Make another one first, or roll this one.',
  },
} as const satisfies Record<string, ErrorRule>;
