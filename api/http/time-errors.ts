import type { ErrorRule } from './error-rule.js';

/** What can be wrong with the start and the end of a batch: a part of the one table. */
export const TIME_ERRORS = {
  start_not_a_time: {
    status: 422,
    title: 'The start is not a time',
    retryable: false,
    advice: 'Write a time that exists, like 2026-12-01T09:00.',
  },
  start_skipped: {
    status: 422,
    title: 'The start does not occur',
    retryable: false,
    advice: 'The clock skips this time; choose one before or after the change.',
  },
  start_in_past: {
    status: 422,
    title: 'The start is in the past',
    retryable: false,
    advice: 'Choose a later time, or "now".',
  },
  start_too_far: {
    status: 422,
    title: 'The start is too far ahead',
    retryable: false,
    advice: 'Choose a time within the next year.',
  },
  end_not_a_time: {
    status: 422,
    title: 'The end is not a time',
    retryable: false,
    advice: 'Write a time that exists, like 2026-12-01T18:00.',
  },
  end_skipped: {
    status: 422,
    title: 'The end does not occur',
    retryable: false,
    advice: 'The clock skips this time; choose one before or after the change.',
  },
  end_in_past: {
    status: 422,
    title: 'The end is in the past',
    retryable: false,
    advice: 'Choose a later end, or null for none; a retry takes one too.',
  },
  end_too_far: {
    status: 422,
    title: 'The end is too far ahead',
    retryable: false,
    advice: 'Choose a time within the next two years, or null for no end.',
  },
  end_before_start: {
    status: 422,
    title: 'The end is not later than the start',
    retryable: false,
    advice: 'Choose a later end, or an earlier start.',
  },
} as const satisfies Record<string, ErrorRule>;
