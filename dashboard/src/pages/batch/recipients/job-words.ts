import type { Schemas } from '../../../api/client.js';

/** What each kind of job is called. */
export const JOB_SAYS: Record<Schemas['Job']['kind'], string> = {
  remove: 'Remove',
  edit: 'Edit',
  settle: 'Settle',
  retry: 'Call again',
};

/** Why a recipient was left out, after its count: "3 are called or settled already". */
export const SKIP_SAYS: Record<keyof Schemas['JobCounts']['skipped'], string> = {
  NOT_WAITING: 'are called or settled already',
  NOT_UNCERTAIN: 'need no verdict',
  NOT_RETRIABLE: 'are not called again',
  BUSY: 'were just being written',
  EMPTY_PERIOD: 'would have no time to be called in',
  TOO_LARGE: 'would have too long variables',
  NOT_FOUND: 'are not in the batch',
};
