import { publicId } from '../../../domain/ids.js';
import type { BatchRow } from '../../../store/batches/read-batches.js';
import { ApiError } from '../../http/errors.js';

/** What a batch needs to be submitted, and what to do about each that it lacks. */
const NEEDED = {
  name: 'the batch has no name; give it one',
  fromNumberId: 'the batch has no from-number; choose one of GET /v1/phone-numbers',
  agentId: 'the batch has no agent; name one of GET /v1/agents',
  timeZone: 'the batch has no time zone; name the one in which its hours are read',
  window: 'the batch has no window; set the days and hours in which calling is allowed',
  recipients: 'the batch has no recipients; add some, or confirm an import with accepted rows',
};
type Needed = keyof typeof NEEDED;

/** What a batch lacks, in the order of its fields. `recipients`: how many it has. */
export function missingFields(batch: BatchRow, recipients: number): Needed[] {
  return (Object.keys(NEEDED) as Needed[]).filter((field) =>
    field === 'recipients' ? recipients === 0 : batch[field] === null,
  );
}

/** One error for all that is missing. */
export function incomplete(batchId: string, missing: readonly Needed[]): ApiError {
  const message = `The batch ${publicId('batch', batchId)} lacks: ${missing.join(', ')}. Give it what is missing, then send the request again.`;
  const errors = missing.map((field) => ({ field, code: 'required' as const, message: NEEDED[field] }));
  return new ApiError('batch_incomplete', message, { errors });
}
