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
};

/** The one table from outcome to recipient; the SQL function `recipient_state_of` repeats it and a repo test compares both. */
export const OUTCOME_RULES: Record<Outcome, OutcomeRule> = {
  ANSWERED: { recipient: 'COMPLETED', label: 'Answered' },
  VOICEMAIL: { recipient: 'NO_ANSWER', label: 'Voicemail' },
  NO_ANSWER: { recipient: 'NO_ANSWER', label: 'No answer' },
  BUSY: { recipient: 'NO_ANSWER', label: 'Busy' },
  DECLINED: { recipient: 'NO_ANSWER', label: 'Declined' },
  INVALID_NUMBER: { recipient: 'FAILED', label: 'Invalid number' },
  UNREACHABLE: { recipient: 'FAILED', label: 'Unreachable' },
  PROVIDER_ERROR: { recipient: 'FAILED', label: 'Provider error' },
  AGENT_ERROR: { recipient: 'FAILED', label: 'Agent error' },
  CANCELLED: { recipient: 'CANCELLED', label: 'Cancelled' },
  UNCERTAIN: { recipient: 'UNCERTAIN', label: 'Uncertain' },
};
