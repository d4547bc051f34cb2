import type { ErrorRule } from '../error-rule.js';

/** What a change is told that was made from another version than the thing has. */
export const VERSION_ERRORS = {
  version_conflict: {
    status: 409,
    title: 'The batch has been changed in the meantime',
    retryable: false,
    advice: 'Read the batch again, then send the change with the version that it has now.',
  },
  precondition_failed: {
    status: 412,
    title: 'If-Match names another version',
    retryable: false,
    advice: 'Read the thing again, and send the change with the ETag of that answer as If-Match, or without If-Match.',
  },
} as const satisfies Record<string, ErrorRule>;
