import type { BatchStatus } from '../batches/status.js';
import { OUTCOME_RULES, OUTCOMES, type Outcome } from '../calls/outcomes.js';
import type { RecipientStatus } from '../recipients/status.js';
import type { Shown, Tone } from './tones.js';

/** How each status of a batch is shown. */
export const BATCH_SHOWN: Record<BatchStatus, Shown> = {
  DRAFT: { label: 'Draft', tone: 'grey' },
  SCHEDULED: { label: 'Scheduled', tone: 'indigo', alias: 'Planned' },
  PENDING: { label: 'Retrying soon', tone: 'indigo', alias: 'Pending' },
  RUNNING: { label: 'In progress', tone: 'blue', alias: 'Ongoing' },
  PAUSED: { label: 'Paused', tone: 'amber' },
  COMPLETED: { label: 'Completed', tone: 'green', alias: 'Sent' },
  CANCELLED: { label: 'Cancelled', tone: 'grey' },
  FAILED: { label: 'Failed', tone: 'red' },
};

/** How each status of a recipient is shown. */
export const RECIPIENT_SHOWN: Record<RecipientStatus, Shown> = {
  PENDING: { label: 'Pending', tone: 'grey' },
  QUEUED: { label: 'Queued', tone: 'indigo' },
  IN_PROGRESS: { label: 'In progress', tone: 'blue' },
  COMPLETED: { label: 'Completed', tone: 'green' },
  NO_ANSWER: { label: 'No answer', tone: 'amber' },
  FAILED: { label: 'Failed', tone: 'red' },
  CANCELLED: { label: 'Cancelled', tone: 'grey' },
  SUPPRESSED: { label: 'On Do not call', tone: 'grey' },
  UNCERTAIN: { label: 'Uncertain', tone: 'violet' },
};

const TONE_OF_OUTCOME: Record<Outcome, Tone> = {
  ANSWERED: 'green',
  VOICEMAIL: 'amber',
  NO_ANSWER: 'amber',
  BUSY: 'amber',
  DECLINED: 'amber',
  INVALID_NUMBER: 'red',
  UNREACHABLE: 'red',
  PROVIDER_ERROR: 'red',
  AGENT_ERROR: 'red',
  CANCELLED: 'grey',
  UNCERTAIN: 'violet',
};

/** How each outcome of an attempt is shown. */
export const OUTCOME_SHOWN = Object.fromEntries(
  OUTCOMES.map((outcome) => [outcome, { label: OUTCOME_RULES[outcome].label, tone: TONE_OF_OUTCOME[outcome] }]),
) as Record<Outcome, Shown>;
