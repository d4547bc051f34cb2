import type { RecipientState } from '../recipients/status.js';

/** How an attempt ended, in Dialwright's own words, whatever the provider calls it. */
export const OUTCOMES = [
  'ANSWERED',
  'VOICEMAIL',
  'NO_ANSWER',
  'BUSY',
  'DECLINED',
  'INVALID_NUMBER',
  'UNREACHABLE',
  'PROVIDER_ERROR',
  'AGENT_ERROR',
  'CANCELLED',
  'UNCERTAIN',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

type OutcomeRule = {
  /** What the recipient becomes when this is the outcome of its last attempt. */
  recipient: RecipientState;
  label: string;
  /** Whether a batch retry may call the recipient again. */
  batchRetry: boolean;
};

/** The one table from outcome to recipient; the SQL function `recipient_state_of` repeats it and a repo test compares both. */
export const OUTCOME_RULES: Record<Outcome, OutcomeRule> = {
  ANSWERED: { recipient: 'COMPLETED', label: 'Answered', batchRetry: false },
  VOICEMAIL: { recipient: 'NO_ANSWER', label: 'Voicemail', batchRetry: true },
  NO_ANSWER: { recipient: 'NO_ANSWER', label: 'No answer', batchRetry: true },
  BUSY: { recipient: 'NO_ANSWER', label: 'Busy', batchRetry: true },
  DECLINED: { recipient: 'NO_ANSWER', label: 'Declined', batchRetry: true },
  INVALID_NUMBER: { recipient: 'FAILED', label: 'Invalid number', batchRetry: false },
  UNREACHABLE: { recipient: 'FAILED', label: 'Unreachable', batchRetry: true },
  PROVIDER_ERROR: { recipient: 'FAILED', label: 'Provider error', batchRetry: true },
  AGENT_ERROR: { recipient: 'FAILED', label: 'Agent error', batchRetry: true },
  CANCELLED: { recipient: 'CANCELLED', label: 'Cancelled', batchRetry: false },
  UNCERTAIN: { recipient: 'UNCERTAIN', label: 'Uncertain', batchRetry: false },
};
