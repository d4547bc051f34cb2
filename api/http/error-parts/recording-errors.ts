import type { ErrorRule } from '../error-rule.js';

/** Why a recording is not played: a part of the one table. */
export const RECORDING_ERRORS = {
  no_recording: {
    status: 404,
    title: 'There is no recording',
    retryable: false,
    advice: 'See `detail`. A provider tells of a recording some time after the call, and may remove it later.',
  },
  recording_unusable: {
    status: 422,
    title: 'The recording is not fetched',
    retryable: false,
    advice: 'See `detail`. Fetch it at the provider, from `recordingUrl` of the call.',
  },
  range_not_satisfiable: {
    status: 416,
    title: 'The range is not one of the recording',
    retryable: false,
    advice: 'Ask for a range within its length, or leave Range out.',
  },
} as const satisfies Record<string, ErrorRule>;
