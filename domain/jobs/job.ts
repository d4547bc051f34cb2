/** Changes that are made to all recipients of a batch that match a filter. */
export const JOB_KINDS = ['remove', 'edit', 'settle', 'retry'] as const;
export type JobKind = (typeof JOB_KINDS)[number];

/** `ENDED`: somebody has ended it in its middle. */
export const JOB_STATUSES = ['RUNNING', 'DONE', 'ENDED', 'FAILED'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Why somebody who matched was not changed. `NOT_FOUND`: was named by an id that the batch does not have. */
export const JOB_SKIPS = [
  'NOT_WAITING',
  'NOT_UNCERTAIN',
  'NOT_RETRIABLE',
  'BUSY',
  'EMPTY_PERIOD',
  'TOO_LARGE',
  'NOT_FOUND',
] as const;
export type JobSkip = (typeof JOB_SKIPS)[number];

/** So many run at a time in a workspace. */
export const JOBS_RUNNING_MAX = 10;
/** So long a job that is over can be read. */
export const JOB_KEPT_DAYS = 30;
