import { z } from 'zod';
import { COLUMN_KINDS, type ColumnChoice } from '../../../domain/imports/column-choice.js';
import { keyedByName } from '../../../domain/keyed-by-name.js';
import { ApiError } from '../../http/errors.js';

const choiceSchema = keyedByName(z.string(), z.enum(COLUMN_KINDS));

/** What an upload says that its columns are. @throws ApiError when that is not JSON of the right form */
export function readColumnChoice(text: string | null): ColumnChoice {
  if (text === null || text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('is no JSON; expected like {"Mobile":"phoneNumber","Notes":"ignored"}');
  }
  const read = choiceSchema.safeParse(value);
  if (read.success) return read.data;
  throw wrong(`is an object that says of headers what they are: one of ${COLUMN_KINDS.join(', ')}`);
}

function wrong(message: string): ApiError {
  return new ApiError('validation_failed', `The field columns ${message}.`, {
    errors: [{ field: 'columns', code: 'invalid', message }],
  });
}
