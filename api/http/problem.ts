import { z } from 'zod';
import { FIELD_CODES } from '../../domain/field-codes.js';
import { NoTurnError } from '../../platform/turns.js';
import { isUnreachable } from '../../store/database.js';
import { ApiError, errorPage, type FieldError } from './errors.js';
import { ERRORS, type ErrorCode } from './error-table.js';

const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];

/** The body of every error: RFC 9457, with a code, the request's id and field errors. */
export const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(ERROR_CODES).meta({ description: 'Stable; what programs look at. All codes: /docs/errors' }),
    detail: z.string().meta({ description: 'What happened, and what to do.' }),
    requestId: z.string(),
    retryable: z.boolean(),
    errors: z.array(
      z.object({ field: z.string(), code: z.enum([...FIELD_CODES, ...ERROR_CODES]), message: z.string() }),
    ),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** How many mistakes an answer tells; what finds them may stop there. */
export const FIELD_ERRORS_MAX = 100;
/** What a client has named, and what is said of it, is told so far. */
const FIELD_LENGTH_MAX = 300;
const TEXT_LENGTH_MAX = 2_000;
/** A number, an agent or an account was deleted between its check and the write that names it. */
const FOREIGN_KEY_VIOLATION = '23503';
const PRISMA_FOREIGN_KEY_VIOLATION = 'P2003';
const FIXED_5XX_TEXT =
  'Something went wrong on our side. Nothing is known to be wrong with the request; the request id names it in our log.';

export function toProblem(error: ApiError, requestId: string): Problem {
  const { status, title, retryable } = ERRORS[error.code];
  return {
    ...error.members,
    type: errorPage(error.code),
    title,
    status,
    code: error.code,
    detail: storable(isOurs(error) ? FIXED_5XX_TEXT : error.message, TEXT_LENGTH_MAX),
    requestId,
    retryable,
    errors: error.errors.slice(0, FIELD_ERRORS_MAX).map(({ field, code, message }) => ({
      field: storable(field, FIELD_LENGTH_MAX),
      code,
      message: storable(message, TEXT_LENGTH_MAX),
    })),
  };
}

/** What is told although it is a 5xx: who has to wait is told for what. */
const TOLD: readonly ErrorCode[] = ['too_many_lists', 'holidays_not_ready'];

function isOurs({ status, code }: ApiError): boolean {
  return status >= 500 && !TOLD.includes(code);
}

/** Whatever was thrown, as one of our errors. What libraries found wrong with a request is the client's mistake, never ours. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const { type, status, code } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as {
    type?: string;
    status?: number;
    code?: string;
  };
  if (type === 'entity.too.large')
    return new ApiError('body_too_large', ERRORS.body_too_large.advice, { cause: thrown });
  if (status === 415)
    return new ApiError(
      'unsupported_media_type',
      'The encoding or charset of the body is not supported. Send JSON in UTF-8.',
      { cause: thrown },
    );
  if (thrown instanceof URIError || (status !== undefined && status >= 400 && status < 500)) {
    return new ApiError('bad_request', 'The address or the body of the request could not be read.', { cause: thrown });
  }
  if (isUnstorableText(code))
    return new ApiError('validation_failed', 'A text contains a NUL or a broken character. Remove it.', {
      cause: thrown,
    });
  if (thrown instanceof NoTurnError)
    return new ApiError('too_many_requests', 'Many ask for the same at this moment. Come again in a second.', {
      headers: { 'Retry-After': '1' },
      cause: thrown,
    });
  if (code === 'NOT_CREDENTIALS')
    return new ApiError('credentials_needed', (thrown as Error).message, { cause: thrown });
  if (code === FOREIGN_KEY_VIOLATION || code === PRISMA_FOREIGN_KEY_VIOLATION)
    return new ApiError('validation_failed', 'What the request names was deleted meanwhile. Nothing was changed.', {
      cause: thrown,
    });
  if (isUnavailable(thrown, code))
    return new ApiError('database_unavailable', 'The database cannot be reached', { cause: thrown });
  return new ApiError('internal_error', 'unexpected error', { cause: thrown });
}

/** The mistakes that a schema found, by field, in words: as many as are told. */
export function toFieldErrors(error: z.ZodError): FieldError[] {
  const errors: FieldError[] = [];
  for (const issue of error.issues) {
    if (errors.length >= FIELD_ERRORS_MAX) break;
    errors.push(...errorsOf(issue));
  }
  return errors;
}

export function countMistakes(error: z.ZodError): number {
  return error.issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function errorsOf(issue: z.core.$ZodIssue): FieldError[] {
  const field = fieldPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, FIELD_ERRORS_MAX).map((key) => ({
      field: fieldPath([...issue.path, key]),
      code: 'unknown_field',
      message: `'${key.slice(0, 60)}' is not a field here`,
    }));
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.includes('undefined')) {
    return [{ field, code: 'required', message: `${field} is required` }];
  }
  const code = issue.code === 'invalid_type' ? 'wrong_type' : issue.code === 'custom' ? 'invalid' : issue.code;
  return [{ field, code, message: issue.message }];
}

/** `recipients[3].phoneNumber`; the whole body is `body`. */
function fieldPath(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return text === '' ? 'body' : text;
}

/** What PostgreSQL can keep as jsonb: a problem may quote anything that was sent. */
function storable(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).replace(/[\0\p{Cs}]/gu, '\ufffd');
}

function isUnstorableText(code: string | undefined): boolean {
  return code === '22021' || code === '22P05';
}

/** It cannot be reached, or a lock or a statement took too long. */
function isUnavailable(thrown: unknown, code: string | undefined): boolean {
  return /^(55P03|57014|40P01|40001|25P03)$/.test(code ?? '') || isUnreachable(thrown);
}
