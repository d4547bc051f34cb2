import type { FieldCode } from '../../domain/field-codes.js';
import { ERRORS, type ErrorCode } from './error-table.js';

/** One mistake in one field; `field` is a path such as `recipients[3].phoneNumber`. */
export type FieldError = { field: string; code: FieldCode | ErrorCode; message: string };

type ApiErrorOptions = {
  errors?: FieldError[];
  headers?: Record<string, string>;
  /** More members of the problem document, such as the status that was found. */
  members?: Record<string, unknown>;
  /** For the log only. */
  detail?: Record<string, unknown>;
  cause?: unknown;
};

/** An error that a client is told about. `message` is public and says what happened, to what, and what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;
  readonly members: Record<string, unknown>;
  readonly detail: Record<string, unknown>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: ApiErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
    this.members = options.members ?? {};
    this.detail = options.detail ?? {};
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

/** Nobody waits for the answer any more: what the request began ends. */
export class ClientGone extends ApiError {
  constructor() {
    super('upload_interrupted', 'The client went away before it was answered. Send the request again.');
  }
}

/** Where the page of an error is: the `type` of its problem document. */
export function errorPage(code: ErrorCode): string {
  return `/docs/errors#${code}`;
}

export function notFound(what: string, id: string): ApiError {
  return new ApiError('not_found', `There is no ${what} '${id.slice(0, 60)}' in this workspace.`);
}
