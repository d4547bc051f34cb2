import { VERSION_ERRORS } from './bodies/version-errors.js';
import { BATCH_ERRORS } from './batches/batch-errors.js';
import { BUSY_ERRORS } from './busy-errors.js';
import type { ErrorRule } from './error-rule.js';
import { DRAFT_ERRORS } from './error-parts/draft-errors.js';
import { RECORDING_ERRORS } from './error-parts/recording-errors.js';
import { IMPORT_ERRORS } from './import-errors.js';
import { KEY_ERRORS } from './key-errors.js';
import { PEOPLE_ERRORS } from './people-errors.js';
import { TIME_ERRORS } from './time-errors.js';
import { TEST_CALL_ERRORS } from './test-call-errors.js';

/** The one table from error code to HTTP status, title and advice; the OpenAPI document and docs/errors/README.md derive from it. */
export const ERRORS = {
  bad_request: {
    status: 400,
    title: 'The request could not be read',
    retryable: false,
    advice: 'Correct the address, the headers or the encoding of the request.',
  },
  invalid_json: {
    status: 400,
    title: 'The body is not JSON',
    retryable: false,
    advice: 'Send a complete JSON document in UTF-8.',
  },
  webhook_malformed: {
    status: 400,
    title: 'The event could not be read',
    retryable: false,
    advice: 'The provider must send the events that its adapter knows.',
  },
  unauthorized: {
    status: 401,
    title: 'No valid API key',
    retryable: false,
    advice: 'Send a key that is not revoked: Authorization: Bearer dw_…',
  },
  webhook_forged: {
    status: 401,
    title: 'The signature is not valid',
    retryable: false,
    advice: 'Check the webhook secret of the provider account, and both clocks.',
  },
  forbidden: {
    status: 403,
    title: 'The key may not do this',
    retryable: false,
    advice: 'Use a key with a higher role: viewer reads, operator runs batches, admin sets up.',
  },
  not_found: {
    status: 404,
    title: 'There is no such thing',
    retryable: false,
    advice: 'Check the address and the id; ids of other workspaces are not found either.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed here',
    retryable: false,
    advice: 'Use one of the methods in the Allow header.',
  },
  action_not_allowed: {
    status: 409,
    title: 'The batch does not allow this now',
    retryable: false,
    advice: 'See `batchStatus` for what was found and `allowedNow` for what may be done.',
  },
  field_locked: {
    status: 409,
    title: 'The field can no longer be changed',
    retryable: false,
    advice: 'Leave the field out; what is locked when is in the list of batch statuses.',
  },
  recipient_not_waiting: {
    status: 409,
    title: 'The recipient does not wait for a call',
    retryable: false,
    advice: 'Only a waiting recipient can be changed or removed; a live call can be hung up.',
  },
  attempt_not_uncertain: {
    status: 409,
    title: 'The attempt is not uncertain',
    retryable: false,
    advice: 'Only an attempt that is UNCERTAIN takes a verdict; see `attemptState` for what was found.',
  },
  attempt_not_live: {
    status: 409,
    title: 'There is no live call to hang up',
    retryable: false,
    advice: 'See `attemptState` for what was found.',
  },
  nothing_to_retry: {
    status: 409,
    title: 'No recipient would be called again',
    retryable: false,
    advice: 'A retry calls failed and unanswered recipients; this batch has none.',
  },
  import_not_in_review: {
    status: 409,
    title: 'The import is not under review',
    retryable: false,
    advice: 'Only an import in REVIEW can be edited, confirmed or discarded.',
  },
  import_row_accepted: {
    status: 409,
    title: 'The row is accepted already',
    retryable: false,
    advice: 'Only a rejected row can be edited. Somebody else may have mended it: list the rows again.',
  },
  provider_account_not_same: {
    status: 409,
    title: 'The new API key does not show that it is of the same account',
    retryable: false,
    advice:
      'Send a key of the same account, wait until its open attempts have ended, or send forceKeyChange: true: those attempts then stay UNCERTAIN until evidence or a verdict comes.',
  },
  provider_account_not_allowed: {
    status: 409,
    title: 'This installation sends nothing to the provider account',
    retryable: false,
    advice:
      'See `detail`. Add an account at a public https address, or ask the operator of the installation, who can name other hosts.',
  },
  credentials_needed: {
    status: 409,
    title: 'The stored credentials of the provider account cannot be read',
    retryable: false,
    advice: 'PATCH the provider account with its credentials, all of them, then try again.',
  },
  already_exists: { status: 409, title: 'It exists already', retryable: false, advice: 'Use the one that exists.' },
  request_in_progress: {
    status: 409,
    title: 'The first request with this key is still being answered',
    retryable: true,
    advice: 'Wait as long as Retry-After says, then send the same request again.',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    retryable: false,
    advice: 'Upload many recipients as CSV: POST /v1/batches/{batchId}/imports.',
  },
  file_too_large: {
    status: 413,
    title: 'The file is too large',
    retryable: false,
    advice: 'Split the file and upload the parts one after the other; each is appended.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not supported',
    retryable: false,
    advice: 'Send application/json, or multipart/form-data to upload a file.',
  },
  file_not_csv: {
    status: 415,
    title: 'The file is not a CSV',
    retryable: false,
    advice: 'Save the sheet as CSV (UTF-8) and upload that.',
  },
  validation_failed: {
    status: 422,
    title: 'The request is not valid',
    retryable: false,
    advice: 'Each entry of `errors` names a field and says what to change.',
  },
  from_number_not_found: {
    status: 422,
    title: 'There is no such from-number',
    retryable: false,
    advice: 'List the numbers that exist: GET /v1/phone-numbers.',
  },
  from_number_disabled: {
    status: 422,
    title: 'The from-number is disabled',
    retryable: false,
    advice: 'Enable the number, or choose another.',
  },
  from_number_inbound_only: {
    status: 422,
    title: 'The from-number cannot call out',
    retryable: false,
    advice: 'Choose a number with outbound: true.',
  },
  agent_not_found: {
    status: 422,
    title: 'There is no such agent',
    retryable: false,
    advice: 'List the agents that exist: GET /v1/agents.',
  },
  agent_disabled: {
    status: 422,
    title: 'The agent is disabled',
    retryable: false,
    advice: 'Enable the agent, or choose another.',
  },
  agent_of_other_account: {
    status: 422,
    title: 'Agent and number belong to different provider accounts',
    retryable: false,
    advice: 'Choose an agent of the provider account that the number belongs to.',
  },

  agent_missing: {
    status: 422,
    title: 'No agent was named',
    retryable: false,
    advice: 'Name an agentId, or bind an outbound agent to the number.',
  },
  provider_account_not_found: {
    status: 422,
    title: 'There is no such provider account',
    retryable: false,
    advice: 'List the provider accounts that exist: GET /v1/provider-accounts.',
  },
  provider_account_disabled: {
    status: 422,
    title: 'The provider account is disabled',
    retryable: false,
    advice: 'Choose another provider account.',
  },
  window_never_opens: {
    status: 422,
    title: 'The window never opens',
    retryable: false,
    advice: 'Choose hours that occur in the time zone.',
  },
  too_many_recipients: {
    status: 422,
    title: 'Too many recipients in one request',
    retryable: false,
    advice: 'Send fewer at a time, or upload them as CSV.',
  },
  no_file: {
    status: 422,
    title: 'No file was uploaded',
    retryable: false,
    advice: 'Send one file in a multipart/form-data field named file.',
  },
  ...DRAFT_ERRORS,
  ...RECORDING_ERRORS,
  ...BATCH_ERRORS,
  ...IMPORT_ERRORS,
  ...TIME_ERRORS,
  ...KEY_ERRORS,
  ...PEOPLE_ERRORS,
  ...TEST_CALL_ERRORS,
  ...BUSY_ERRORS,
  ...VERSION_ERRORS,
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    retryable: false,
    advice: 'Take a new key for every new request; repeat a request unchanged.',
  },

  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    retryable: true,
    advice: 'Try again; if it stays, tell the operator the request id.',
  },
  too_many_lists: {
    status: 503,
    title: 'Too many large lists at the same time',
    retryable: true,
    advice: 'Large lists of recipients are being read. Wait as long as Retry-After says, or send fewer at a time.',
  },
  holidays_not_ready: {
    status: 503,
    title: 'The holidays are still being computed',
    retryable: true,
    advice: 'The holidays of these countries are being computed, and are kept. Wait as long as Retry-After says.',
  },
  database_unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    retryable: true,
    advice: 'Try again in a moment.',
  },
  // What fails is somebody else, at an address that the workspace has given: we are well.
  provider_unreachable: {
    status: 424,
    title: 'The provider did not answer as it should',
    retryable: true,
    advice: 'See `detail`. Check the address and the API key of the provider account, then try again.',
  },
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERRORS;
