import type { ErrorRule } from './error-rule.js';

/** What can be wrong with an import: a part of the one table. */
export const IMPORT_ERRORS = {
  uploads_under_review: {
    status: 409,
    title: 'An upload to the batch is not confirmed',
    retryable: false,
    advice: 'Confirm or discard it, then submit; or submit with `discardUploads: true`.',
  },
  import_fix_outstanding: {
    status: 409,
    title: 'Rows of the import are being fixed',
    retryable: true,
    advice: 'Wait until `fix` of the import is DONE or UNDONE; a fix that is RUNNING can be undone.',
  },
  import_not_confirmed: {
    status: 409,
    title: 'The import was not confirmed',
    retryable: false,
    advice: 'Only a confirmed import has recipients; discard one that is in REVIEW.',
  },
  import_rows_outstanding: {
    status: 409,
    title: 'Rows of the import are still becoming recipients',
    retryable: true,
    advice: 'Wait until `rowsOutstanding` of the import is false.',
  },
  no_fix_to_undo: {
    status: 409,
    title: 'The import has no fix to undo',
    retryable: false,
    advice: 'Only the last fix can be undone, once, while the import is in REVIEW.',
  },
  no_accepted_rows: {
    status: 422,
    title: 'No row of the file was accepted',
    retryable: false,
    advice: 'Mend at least one row, or upload another file.',
  },
  csv_empty: {
    status: 422,
    title: 'The CSV has no rows',
    retryable: false,
    advice: 'The first row names the columns, the others are recipients.',
  },
  csv_unreadable: {
    status: 422,
    title: 'The CSV could not be read',
    retryable: false,
    advice: 'See `detail` for the place; check quotes and encoding.',
  },
  import_too_large: {
    status: 413,
    title: 'The rows of the file are more than one import may have',
    retryable: false,
    advice: 'Split the file and upload the parts one after the other; each is appended.',
  },
  upload_interrupted: {
    status: 400,
    title: 'The client went away before its file was read',
    retryable: true,
    advice: 'Upload the file again, and wait for the answer.',
  },
  csv_headers: {
    status: 422,
    title: 'The headers of the CSV are not usable',
    retryable: false,
    advice: 'Mend the first row; GET /v1/imports/template.csv is a file that works.',
  },
} as const satisfies Record<string, ErrorRule>;
