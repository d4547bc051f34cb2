import type { ErrorRule } from '../error-rule.js';

/** What keeps a batch from coming back. */
export const BATCH_ERRORS = {
  batch_not_deleted: {
    status: 409,
    title: 'The batch is not deleted',
    retryable: false,
    advice: 'There is nothing to restore: read the batch.',
  },
  restore_too_late: {
    status: 409,
    title: 'The batch was deleted too long ago',
    retryable: false,
    advice: 'A batch can be restored for 30 days. Make another one.',
  },
} as const satisfies Record<string, ErrorRule>;
