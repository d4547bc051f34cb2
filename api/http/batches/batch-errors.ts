import type { ErrorRule } from '../error-rule.js';

/** What keeps a batch from coming back, and a job from beginning. */
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
  rows_outstanding: {
    status: 409,
    title: 'Recipients still follow the last change of the batch',
    retryable: true,
    advice: 'Wait as long as Retry-After says, then send the same request again.',
  },
  too_many_jobs: {
    status: 429,
    title: 'Too many jobs run in the workspace',
    retryable: true,
    advice: 'Wait until one is over, or end one.',
  },
  job_not_running: {
    status: 409,
    title: 'The job is over',
    retryable: false,
    advice: 'See `jobStatus` for what was found: there is nothing to end.',
  },
} as const satisfies Record<string, ErrorRule>;
