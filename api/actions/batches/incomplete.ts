import { publicId } from '../../../domain/ids.js';
import { NEEDED_TO_SUBMIT, type Needed } from '../../../domain/batches/missing-fields.js';
import { ApiError } from '../../http/errors.js';

/** One error for all that is missing. */
export function incomplete(batchId: string, missing: readonly Needed[]): ApiError {
  const message = `The batch ${publicId('batch', batchId)} lacks: ${missing.join(', ')}. Give it what is missing, then send the request again.`;
  const errors = missing.map((field) => ({ field, code: 'required' as const, message: NEEDED_TO_SUBMIT[field] }));
  return new ApiError('batch_incomplete', message, { errors });
}
