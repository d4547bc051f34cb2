import type { ErrorRule } from '../error-rule.js';

/** What a draft lacks, and what cannot be deleted: a part of the one table. */
export const DRAFT_ERRORS = {
  batch_incomplete: {
    status: 422,
    title: 'The batch lacks something',
    retryable: false,
    advice: 'Give the batch everything that `errors` names, then send the request again.',
  },
  zones_outstanding: {
    status: 409,
    title: 'The time zones of the recipients are being derived',
    retryable: true,
    advice: 'Wait until `zonesOutstanding` of the batch is false, then submit.',
  },
  in_use: {
    status: 409,
    title: 'It was used, or is in use',
    retryable: false,
    advice: 'Disable it: PATCH it with disabled: true. Only what no batch ever had is deleted.',
  },
} as const satisfies Record<string, ErrorRule>;
