import type { ErrorRule } from './error-rule.js';

/** What is too much at once, or for once, or overtaken by others: a part of the one table. */
export const BUSY_ERRORS = {
  settings_changed: {
    status: 409,
    title: 'Settings that this goes by are being changed',
    retryable: true,
    advice: 'Nothing was changed. Send the same request again.',
  },
  read_took_too_long: {
    status: 422,
    title: 'Reading took too long',
    retryable: true,
    advice:
      'Narrow it: a whole number or id, a longer text, a status, fewer days, smaller pages. Then send the request again.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests in a minute',
    retryable: true,
    advice: 'Wait as long as Retry-After says. RateLimit says how many are left, RateLimit-Policy how many there are.',
  },
  too_many_at_once: {
    status: 429,
    title: 'Too much of this kind is under way',
    retryable: true,
    advice:
      'Wait as long as Retry-After says, then send the same request again. Send uploads, searches and downloads one after the other.',
  },
} as const satisfies Record<string, ErrorRule>;
